// SPDX-License-Identifier: MIT
#include "actors/main/watchdog.hpp"

#include <unistd.h>

namespace nats_mcp {

watchdog::~watchdog() {
  {
    const std::lock_guard guard{mutex_};
    over_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) {
    thread_.join();
  }
}

void watchdog::arm(std::chrono::milliseconds patience) {
  const auto end = std::chrono::steady_clock::now() + patience;
  {
    const std::lock_guard guard{mutex_};
    if (over_ || (end_ && *end_ <= end)) {
      return;
    }
    end_ = end;
    if (!thread_.joinable()) {
      thread_ = std::thread{[this] { watch(); }};
    }
  }
  changed_.notify_all();
}

void watchdog::watch() {
  std::unique_lock guard{mutex_};
  while (!over_) {
    const auto end = *end_;
    if (changed_.wait_until(guard, end) == std::cv_status::timeout && !over_ && *end_ == end) {
      ::_exit(0);
    }
  }
}

} // namespace nats_mcp
