// SPDX-License-Identifier: MIT
#include "transport/nats/refusals.hpp"

#include "protocol/limits.hpp"

#include <algorithm>
#include <utility>

namespace nats_mcp::transport {

void refusals::add(std::string text) {
  {
    const std::lock_guard guard{mutex_};
    if (waiting_.size() < limits::nats_refusals_queued_max) {
      waiting_.push_back(std::move(text));
    }
  }
  added_.notify_all();
}

std::vector<std::string> refusals::take() {
  const std::lock_guard guard{mutex_};
  return std::exchange(waiting_, {});
}

bool refusals::wait_for(std::string_view text, std::chrono::milliseconds patience) {
  std::unique_lock guard{mutex_};
  return added_.wait_for(guard, patience, [this, text] {
    return std::find(waiting_.begin(), waiting_.end(), text) != waiting_.end();
  });
}

} // namespace nats_mcp::transport
