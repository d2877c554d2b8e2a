// SPDX-License-Identifier: MIT
// The promise that the process is gone in time, whatever hangs.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>

namespace nats_mcp {

/// Once armed, ends the process with exit code 0 if this object still lives when the time is over:
/// everything that had to be said was said by then, and what hangs is a library or a device.
/// Declare it before everything it watches the destruction of. Thread-safe.
class watchdog {
public:
  watchdog() = default;
  ~watchdog();

  watchdog(const watchdog&) = delete;
  watchdog& operator=(const watchdog&) = delete;

  /// The process is gone within `patience`. Armed again, the earlier end counts.
  void arm(std::chrono::milliseconds patience);

private:
  void watch();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::optional<std::chrono::steady_clock::time_point> end_;
  bool over_ = false;
  std::thread thread_;
};

} // namespace nats_mcp
