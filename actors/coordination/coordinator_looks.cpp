// SPDX-License-Identifier: MIT
// Items a coordinator looks at without being asked by their requests. The rest of the class is in
// coordinator_actor.cpp.
#include "protocol/limits.hpp"
#include "protocol/limits/coordination.hpp"

#include "actors/coordination/coordinator_actor.hpp"

#include <algorithm>

namespace nats_mcp {

void coordinator_state::look_at_items() {
  if (!may_act() || !sees_all()) {
    return;
  }
  const auto present = now();
  age_.look(present, work_, agents_.judged_at());
  led_since_ = led_since_.value_or(present);
  const bool all = present - looked_at_all_ >= limits::left_alone_look_interval;
  for (auto at = work_.items().lower_bound(next_item_); at != work_.items().end(); ++at) {
    const auto& [id, item] = *at;
    const bool is_open = item.is_coordinated && !work::is_over(item.state);
    if (is_open && (has_left(id, item) || (all && is_left_alone(id, item))) && !desk_.look_at(id)) {
      next_item_ = id; // no room: the next round goes on here
      return;
    }
  }
  next_item_.clear();
  if (all) {
    looked_at_all_ = present;
    desk_.forget_unless([this](const std::string& id) { return work_.items().contains(id); });
  }
}

bool coordinator_state::has_left(const std::string& id, const coordination::seen_item& item) const {
  // One without another worker is looked at when there is one.
  return item.state == work::item_state::pending && !item.worker.guid.empty()
         && agents_.is_gone(item.worker.guid) && !desk_.is_unplaced(id);
}

bool coordinator_state::is_left_alone(const std::string& id,
                                      const coordination::seen_item& item) const {
  const auto looked_at = std::max(desk_.looked_at(id), *led_since_);
  // The request of one that has just been offered may be on its way.
  return now() - looked_at > limits::item_left_alone_max
         && agents_.judged_at() - item.since > limits::item_left_alone_max;
}

} // namespace nats_mcp
