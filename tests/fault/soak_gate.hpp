// SPDX-License-Identifier: MIT
// Lets everybody work, or holds everybody between two deeds, so that what is left can be counted
// while nothing happens. Thread-safe.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <mutex>

namespace nats_mcp::testing {

class soak_gate {
public:
  /// Waits while it is closed, for `longest` at most. @returns whether it is open.
  bool pass(std::chrono::milliseconds longest) {
    std::unique_lock lock{mutex_};
    ++waiting_;
    changed_.notify_all();
    const bool open = changed_.wait_for(lock, longest, [this] { return open_; });
    --waiting_;
    return open;
  }

  void open() {
    const std::lock_guard lock{mutex_};
    open_ = true;
    changed_.notify_all();
  }

  /// From now on nobody passes. @returns whether so many wait at it within that time.
  bool close(std::size_t everybody, std::chrono::milliseconds within) {
    std::unique_lock lock{mutex_};
    open_ = false;
    return changed_.wait_for(lock, within, [&] { return waiting_ >= everybody; });
  }

private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool open_ = false;
  std::size_t waiting_ = 0;
};

} // namespace nats_mcp::testing
