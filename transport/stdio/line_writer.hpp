// SPDX-License-Identifier: MIT
// Writes lines to the client without ever making the caller wait. Lines gather until they are
// pushed, so answers that are ready together cost one system call and wake the client once. What
// the client takes at once is written by the caller itself, which saves a thread switch; the rest
// is queued for a thread that exists only when it was needed once.
//
// The descriptor's description may be shared with others, so it is never made non-blocking: a
// socket is asked per call (MSG_DONTWAIT), a pipe is opened once more for us alone. Where that is
// not possible, a pipe that poll() calls writable takes PIPE_BUF bytes without waiting.
#pragma once

#include "protocol/limits.hpp"
#include "protocol/time.hpp"

#include "transport/process/descriptor.hpp"
#include "transport/process/wake_up.hpp"

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

namespace nats_mcp::transport {

/// @threadsafe
class line_writer {
public:
  struct options {
    /// Not owned; stays open at least as long as the writer. SIGPIPE has to be ignored.
    int descriptor_number = -1;
    /// Above this many queued bytes the output is congested …
    std::size_t congested_bytes = limits::output_congested_bytes;
    /// … until they are no more than this.
    std::size_t drained_bytes = limits::output_drained_bytes;
    /// The output is congested no longer, or everything that had to wait was written. Called by the
    /// writer's thread or by a caller of `push`; must not block.
    std::function<void()> on_drained;
    /// The client does not read any more, and never will. Called once, by whoever found out, which
    /// may be a caller of `push`; must not block.
    std::function<void()> on_closed;
  };

  explicit line_writer(options choice);
  /// Drops what waits: `flush` first.
  ~line_writer();

  line_writer(const line_writer&) = delete;
  line_writer& operator=(const line_writer&) = delete;

  /// Puts `line` and a line feed after everything written before, as a whole; `push` sends it.
  /// Never blocks. After the client has closed its end: nothing.
  void write(std::string_view line);

  /// Sends what was written since. Never blocks.
  void push();

  /// Whether so much waits that no new work should be begun for this client.
  [[nodiscard]] bool congested() const;

  /// Bytes that `write` took, line feeds included, and how many of them the descriptor took. What
  /// was dropped is never among these.
  [[nodiscard]] std::uint64_t taken() const;
  [[nodiscard]] std::uint64_t sent() const;

  /// Whether the client has closed its end.
  [[nodiscard]] bool closed() const;

  /// Pushes, then waits until nothing is queued or `deadline` has come. @returns whether nothing
  /// is.
  [[nodiscard]] bool flush(monotonic_time deadline);

private:
  enum class attempt { wrote, would_block, closed };

  void write_queued();
  /// @pre the mutex is held, for all of these
  [[nodiscard]] attempt write_some(std::string_view bytes, std::size_t& written) const;
  [[nodiscard]] attempt write_now(std::string_view& bytes) const;
  void enqueue(std::string_view bytes);
  void note_congestion();
  [[nodiscard]] std::uint64_t sent_so_far() const;
  /// @returns whether the output was congested and is no longer, or had a queue and has none; once.
  [[nodiscard]] bool take_drained();
  [[nodiscard]] attempt write_front();
  void close_output();
  /// Waits without the mutex. @returns false when the writer is to stop.
  [[nodiscard]] bool wait_until_writable() const;

  const options options_;
  const bool is_socket_;
  const bool is_file_;
  const descriptor own_pipe_;
  wake_up wake_up_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  /// Written, not yet pushed.
  std::string gathered_;
  std::deque<std::string> queue_;
  /// Bytes of the first queued piece that are written already.
  std::size_t front_written_ = 0;
  std::size_t queued_bytes_ = 0;
  std::uint64_t taken_ = 0;
  std::uint64_t sent_when_closed_ = 0;
  /// There was a queue since `on_drained` was called last.
  bool queued_ = false;
  bool congested_ = false;
  bool closed_ = false;
  bool stopping_ = false;
  std::thread thread_;
};

} // namespace nats_mcp::transport
