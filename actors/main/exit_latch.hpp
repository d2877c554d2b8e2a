// SPDX-License-Identifier: MIT
// Where `main` waits for the reason to end: the client's end of input, a signal, or the actor tree.
#pragma once

#include <condition_variable>
#include <mutex>
#include <optional>

namespace nats_mcp {

enum class exit_reason {
  /// The client closed our input, or does not read our output any more.
  end_of_input,
  /// SIGINT, SIGTERM or SIGHUP.
  signal,
};

/// Keeps the strongest reason posted so far: a signal overrides the end of input. Thread-safe.
class exit_latch {
public:
  void post(exit_reason reason) {
    {
      const std::lock_guard guard{mutex_};
      if (reason_ == exit_reason::signal) {
        return;
      }
      reason_ = reason;
    }
    changed_.notify_all();
  }

  /// Waits for the first reason.
  [[nodiscard]] exit_reason wait() {
    std::unique_lock guard{mutex_};
    changed_.wait(guard, [this] { return reason_.has_value(); });
    return *reason_;
  }

private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::optional<exit_reason> reason_;
};

} // namespace nats_mcp
