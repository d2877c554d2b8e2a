// SPDX-License-Identifier: MIT
// The promise that the process is gone in time, whatever hangs.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace nats_mcp {

/// Ends the process with exit code 0 if it still lives after the given time: everything that had to
/// be said was said by then, and what hangs is a library or a device. Its destructor calls it off.
class watchdog {
public:
  explicit watchdog(std::chrono::milliseconds patience);
  ~watchdog();

  watchdog(const watchdog&) = delete;
  watchdog& operator=(const watchdog&) = delete;

private:
  std::mutex mutex_;
  std::condition_variable called_off_;
  bool over_ = false;
  std::thread thread_;
};

} // namespace nats_mcp
