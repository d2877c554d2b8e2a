// SPDX-License-Identifier: MIT
// Where `main` waits for the reason to end: the client's end of input, or a signal.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>

namespace nats_mcp {

/// Reasons to end, the stronger the later.
enum class exit_reason {
  none,
  /// The client is gone; the session may still be at work on what it wrote.
  client_gone,
  /// The client is gone and every line of it was taken.
  end_of_input,
  /// SIGINT, SIGTERM or SIGHUP.
  signal,
};

/// Keeps the strongest reason posted so far. Thread-safe.
class exit_latch {
public:
  void post(exit_reason reason) {
    {
      const std::lock_guard guard{mutex_};
      if (reason <= reason_) {
        return;
      }
      reason_ = reason;
    }
    changed_.notify_all();
  }

  /// Waits for a reason. After `client_gone` a stronger one may still come within `patience`: a
  /// session that is down does not take the end of input, and must not keep the process.
  [[nodiscard]] exit_reason wait(std::chrono::milliseconds patience) {
    std::unique_lock guard{mutex_};
    changed_.wait(guard, [this] { return reason_ != exit_reason::none; });
    changed_.wait_for(guard, patience, [this] { return reason_ > exit_reason::client_gone; });
    return reason_;
  }

private:
  std::mutex mutex_;
  std::condition_variable changed_;
  exit_reason reason_ = exit_reason::none;
};

} // namespace nats_mcp
