// SPDX-License-Identifier: MIT
#include "actors/main/watchdog.hpp"

#include <unistd.h>

namespace nats_mcp {

watchdog::watchdog(std::chrono::milliseconds patience)
  : thread_{[this, patience] {
    std::unique_lock guard{mutex_};
    if (!called_off_.wait_for(guard, patience, [this] { return over_; })) {
      ::_exit(0);
    }
  }} {
  // nop
}

watchdog::~watchdog() {
  {
    const std::lock_guard guard{mutex_};
    over_ = true;
  }
  called_off_.notify_all();
  thread_.join();
}

} // namespace nats_mcp
