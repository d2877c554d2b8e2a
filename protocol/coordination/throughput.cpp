// SPDX-License-Identifier: MIT
#include "protocol/coordination/throughput.hpp"

#include <chrono>
#include <cstddef>

namespace nats_mcp::coordination {

namespace {

constexpr std::size_t minutes_kept = 60;

std::int64_t number_of(wall_time at) {
  return std::chrono::floor<std::chrono::minutes>(at.time_since_epoch()).count();
}

} // namespace

void throughput::add(std::uint64_t minute_counts::*what, wall_time at) {
  ++(minutes_[number_of(at)].*what);
  while (minutes_.size() > minutes_kept) {
    minutes_.erase(minutes_.begin());
  }
}

std::vector<minute> throughput::last_hour(wall_time server_now) const {
  std::vector<minute> out;
  const auto newest = number_of(server_now);
  for (auto at = newest - static_cast<std::int64_t>(minutes_kept) + 1; at <= newest; ++at) {
    const auto known = minutes_.find(at);
    out.push_back({wall_time{std::chrono::minutes{at}},
                   known == minutes_.end() ? minute_counts{} : known->second});
  }
  return out;
}

} // namespace nats_mcp::coordination
