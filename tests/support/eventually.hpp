// SPDX-License-Identifier: MIT
// Waiting for a condition of the outside world, with a deadline: never for a length of time.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>

namespace nats_mcp::testing {

/// @returns whether `condition` became true within `limit`; looks every 2 ms.
inline bool eventually(std::chrono::milliseconds limit, const std::function<bool()>& condition) {
  const auto deadline = std::chrono::steady_clock::now() + limit;
  std::mutex mutex;
  std::condition_variable never;
  std::unique_lock guard{mutex};
  while (!condition()) {
    if (std::chrono::steady_clock::now() >= deadline) {
      return false;
    }
    never.wait_for(guard, std::chrono::milliseconds{2});
  }
  return true;
}

} // namespace nats_mcp::testing
