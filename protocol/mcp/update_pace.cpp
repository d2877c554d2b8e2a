// SPDX-License-Identifier: MIT
#include "protocol/mcp/update_pace.hpp"

#include <algorithm>

namespace nats_mcp::mcp {

update_pace::update_pace(monotonic_time::duration interval) noexcept
  : interval_{interval} {
  // nop
}

bool update_pace::changed(const std::string& what, monotonic_time now) {
  const auto [known, first] = paces_.try_emplace(what, pace{now, false});
  if (first) {
    return true;
  }
  auto& entry = known->second;
  if (now - entry.told < interval_) {
    entry.changed_since = true;
    return false;
  }
  entry = {now, false};
  return true;
}

void update_pace::withdraw(std::string_view what) {
  if (const auto known = paces_.find(what); known != paces_.end()) {
    known->second.changed_since = false;
  }
}

std::optional<monotonic_time> update_pace::next_due() const {
  std::optional<monotonic_time> first;
  for (const auto& [what, entry] : paces_) {
    if (entry.changed_since) {
      const auto due = entry.told + interval_;
      first = first ? std::min(*first, due) : due;
    }
  }
  return first;
}

std::vector<std::string> update_pace::take_due(monotonic_time now) {
  std::vector<std::string> out;
  for (auto& [what, entry] : paces_) {
    if (entry.changed_since && now - entry.told >= interval_) {
      entry = {now, false};
      out.push_back(what);
    }
  }
  return out;
}

} // namespace nats_mcp::mcp
