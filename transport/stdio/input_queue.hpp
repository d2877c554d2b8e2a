// SPDX-License-Identifier: MIT
// The lines between the reader thread and the session: bounded, so that a client that writes faster
// than we work waits in its own write; and outside the session, so that a crash loses none of them.
#pragma once

#include "protocol/limits.hpp"

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace nats_mcp::transport {

enum class input_kind : std::uint8_t {
  line,
  /// A line beyond `limits::line_bytes_max`; its bytes are gone.
  overlong_line,
  /// Nothing follows.
  end_of_input,
};

struct input {
  input_kind kind = input_kind::line;
  /// Set with `line` only.
  std::shared_ptr<const std::string> line;
};

/// @threadsafe
class input_queue {
public:
  struct options {
    std::size_t lines_max = limits::lines_queued_max;
    std::size_t bytes_max = limits::line_bytes_queued_max;
    /// Called by the thread that put something into the empty queue. Must not block.
    std::function<void()> on_input;
    /// Called by the thread that found that nothing more comes, or that the client reads no more;
    /// may be called twice. May be empty. Must not block.
    std::function<void()> on_end;
  };

  explicit input_queue(options choice);

  /// Whether `push` of `next` would not wait now.
  [[nodiscard]] bool takes(const input& next) const;

  /// Waits for room, then queues a line or an `overlong_line`.
  /// @returns whether it was queued: not after `end`, and after `close` only while there is room.
  bool push(input next);

  /// Nothing more comes: queues one `end_of_input`, once, whatever the bounds say.
  void end();

  /// Nobody waits for room any longer: the reader is to end.
  void close();

  /// The next input, or nothing while there is none. It stays in hand until `done`.
  /// @pre nothing is in hand
  [[nodiscard]] std::optional<input> next();

  /// The input in hand was handled completely.
  void done();

  /// Takes what is in hand away from whoever had it; nothing the second time.
  [[nodiscard]] std::optional<input> take_in_hand();

  /// Whether `end_of_input` has been handed out.
  [[nodiscard]] bool ended() const;

private:
  [[nodiscard]] bool has_room(const input& next) const;

  options options_;
  mutable std::mutex mutex_;
  std::condition_variable room_;
  std::deque<input> queue_;
  std::size_t bytes_ = 0;
  std::optional<input> in_hand_;
  bool ended_ = false;
  bool closed_ = false;
  bool end_handed_out_ = false;
};

} // namespace nats_mcp::transport
