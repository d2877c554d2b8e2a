// SPDX-License-Identifier: MIT
// Connections whose request is not there yet. They wait here, many of them beside the thread that
// accepts, and get a thread of their own when there is something to answer: whoever says nothing,
// or says it slowly, keeps nobody else from being served.
#pragma once

#include "protocol/time.hpp"

#include "transport/process/descriptor.hpp"

#include <chrono>
#include <cstddef>
#include <list>
#include <optional>
#include <poll.h>
#include <string>
#include <vector>

namespace nats_mcp::transport {

/// A connection, and what was read from it already.
struct begun_connection {
  descriptor socket;
  std::string received;

  explicit operator bool() const noexcept { return static_cast<bool>(socket); }
};

/// Used by one thread.
class awaited_heads {
public:
  struct options {
    std::size_t connections_max = 0;
    /// After so many a head is none, and goes to whoever says so.
    std::size_t head_bytes_max = 0;
    /// How long one may take.
    std::chrono::milliseconds patience{0};
  };

  explicit awaited_heads(const options& choice);

  /// @param socket does not block. If there is no room, whoever waits for longest is closed.
  void add(descriptor socket, monotonic_time now);
  /// Closes whoever waits for longest. @returns whether somebody waited.
  bool drop_oldest();

  /// What to poll for, in an order that stays until something is added or taken.
  void append_to(std::vector<pollfd>& entries) const;
  /// When somebody has taken too long, unless something comes before.
  [[nodiscard]] std::optional<monotonic_time> next_due() const;

  /// Reads what came, and closes who left, took too long, or came when there was no memory for it.
  /// @param polled what `append_to` appended, in the same order, with what the system says of it
  /// @returns those whose head is complete, too long, or as long as it will ever be.
  [[nodiscard]] std::vector<begun_connection> take(const pollfd* polled, monotonic_time now);

private:
  enum class state : unsigned char { waiting, ready, gone };
  struct awaited {
    begun_connection what;
    monotonic_time until{};
  };

  [[nodiscard]] state read(begun_connection& from) const;

  options options_;
  /// Whoever came first is first.
  std::list<awaited> all_;
};

} // namespace nats_mcp::transport
