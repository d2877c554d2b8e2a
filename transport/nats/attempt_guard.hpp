// SPDX-License-Identifier: MIT
// Ends an attempt to connect that would never end. nats.c 3.4.1 reads the answer to its CONNECT
// without looking at its own timeout: a server that greets and then says nothing for ever, or is
// cut off just then, leaves it in a loop that takes a processor and ever more memory. Only the end
// of the socket ends the loop, so that is what this brings about, from a thread of its own.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <mutex>
#include <set>
#include <stop_token>
#include <sys/types.h>
#include <thread>
#include <vector>

namespace nats_mcp::transport {

class attempt_guard {
public:
  struct options {
    /// Where the attempt may connect to.
    std::set<std::uint16_t> ports;
    /// How long it may take with one server.
    std::chrono::milliseconds patience;
  };

  /// The attempt begins: connections of this process to such ports that are made from now on belong
  /// to it. A process makes one at a time.
  explicit attempt_guard(options choice);
  attempt_guard(const attempt_guard&) = delete;
  attempt_guard& operator=(const attempt_guard&) = delete;
  /// The attempt is over.
  ~attempt_guard() = default;

  /// Whether it had to end a connection. Any thread.
  [[nodiscard]] bool intervened() const noexcept { return intervened_; }

private:
  using time_point = std::chrono::steady_clock::time_point;

  void watch(const std::stop_token& over);
  /// Shuts down what is older than it may be.
  void look(time_point now);

  options options_;
  /// Sockets by their number in the kernel, which is not used again as a descriptor's is.
  std::set<ino_t> others_;
  std::map<ino_t, time_point> seen_;
  std::atomic<bool> intervened_ = false;
  std::mutex mutex_;
  std::condition_variable_any sleep_;
  std::jthread thread_;
};

} // namespace nats_mcp::transport
