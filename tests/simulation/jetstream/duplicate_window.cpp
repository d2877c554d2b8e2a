// SPDX-License-Identifier: MIT
#include "tests/simulation/jetstream/duplicate_window.hpp"

#include <utility>

namespace nats_mcp::simulation {

std::optional<std::uint64_t> duplicate_window::find(const std::string& id, instant now,
                                                    std::chrono::nanoseconds window) {
  while (!by_age_.empty() && now - by_age_.begin()->first >= window) {
    ids_.erase(by_age_.begin()->second);
    by_age_.erase(by_age_.begin());
  }
  const auto found = ids_.find(id);
  if (found == ids_.end()) {
    return std::nullopt;
  }
  return found->second.sequence;
}

void duplicate_window::remember(std::string id, std::uint64_t sequence, instant now) {
  if (ids_.insert_or_assign(id, seen{sequence, now}).second) {
    by_age_.emplace(now, std::move(id));
  }
}

void duplicate_window::clear() {
  ids_.clear();
  by_age_.clear();
}

} // namespace nats_mcp::simulation
