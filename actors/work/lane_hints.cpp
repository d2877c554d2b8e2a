// SPDX-License-Identifier: MIT
#include "actors/work/lane_hints.hpp"

#include "protocol/limits.hpp"

#include <algorithm>
#include <utility>

namespace nats_mcp {

namespace {

/// All processes that wait for work are one group: each offer wakes one of them.
constexpr auto wake_group = "wake";

} // namespace

lane_hints::lane_hints(surroundings around)
  : around_{std::move(around)} {
  // nop
}

void lane_hints::listen(const std::set<std::string>& patterns) {
  std::erase_if(open_, [&](const auto& one) {
    const bool over = !patterns.contains(one.first);
    if (over) {
      around_.owner->send(around_.gateway, unsubscribe{one.second.id});
    }
    return over;
  });
  for (const auto& pattern : patterns) {
    if (!open_.contains(pattern)) {
      subscribe(pattern);
    }
  }
}

void lane_hints::subscribe(const std::string& pattern) {
  const auto id = jetstream::subscription_id{around_.random()};
  open_[pattern] = {id, false};
  ask<subscribed>(
    around_.owner, around_.gateway,
    core_subscribe{id, pattern, wake_group, around_.listener,
                   around_.owner->clock().now() + limits::work_request_max},
    "gateway", [this, pattern, id](const subscribed&) { answered(pattern, id); },
    [this, pattern, id](const error&) {
      // Who waits looks now and then all the same.
      answered(pattern, id);
    });
}

void lane_hints::answered(const std::string& pattern, jetstream::subscription_id id) {
  const auto position = open_.find(pattern);
  if (position != open_.end() && position->second.id == id) {
    position->second.answered = true;
    around_.changed();
  }
}

bool lane_hints::settled(const std::set<std::string>& patterns) const {
  return std::all_of(patterns.begin(), patterns.end(), [this](const std::string& pattern) {
    const auto position = open_.find(pattern);
    return position != open_.end() && position->second.answered;
  });
}

std::optional<work::lane> lane_hints::lane_of(const jetstream::core_message& hint) const {
  const bool ours = std::any_of(open_.begin(), open_.end(),
                                [&](const auto& one) { return one.second.id == hint.id; });
  return ours ? work::parse_lane_subject(hint.subject) : std::nullopt;
}

} // namespace nats_mcp
