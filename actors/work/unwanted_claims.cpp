// SPDX-License-Identifier: MIT
#include "actors/work/unwanted_claims.hpp"

#include "protocol/limits.hpp"
#include "protocol/work/item_change.hpp"
#include "protocol/work/item_update.hpp"

#include <utility>

namespace nats_mcp {

unwanted_claims::unwanted_claims(surroundings around, const table& last)
  : around_{std::move(around)}
  , open_{last} {
  for (const auto& [number, unused] : last) {
    numbers_ = number;
    release(number);
  }
}

void unwanted_claims::give_back(unwanted_claim what) {
  const auto number = ++numbers_;
  open_.emplace(number, std::make_shared<const unwanted_claim>(std::move(what)));
  around_.changed();
  release(number);
}

void unwanted_claims::timer(const work_timer& due) {
  if (open_.contains(due.number)) {
    release(due.number);
  }
}

void unwanted_claims::release(std::uint64_t number) {
  const auto claim = open_.at(number);
  work::item_update::request what;
  what.item_id = claim->item_id;
  what.known = claim->known;
  what.handle = claim->handle;
  const auto world = around_.scripts->world({});
  what.apply = [claim_id = claim->claim_id,
                clock = world.wall_clock](const work::item_record& before, wall_time) {
    return work::released(before, claim_id, clock());
  };
  const auto script = std::make_shared<work::item_update>(std::move(what), world);
  around_.scripts->run<work::item_update>(
    script, around_.owner->clock().now() + limits::work_request_max,
    [this, number, claim](const work::item_update& run) {
      const auto& end = *run.end();
      const bool refused =
        !end && (end.error().code == ec::conflict || end.error().code == ec::not_found);
      if (refused) {
        // It was never held under this claim, or was given back by an attempt whose answer was
        // lost; the delivery is ours all the same.
        around_.scripts->hand_back(claim->handle);
      }
      const bool over = around_.scripts->clock() >= claim->handle.since + claim->handle.ack_wait;
      if (end || refused || over) {
        open_.erase(number);
        around_.changed();
      } else {
        around_.owner->delayed_send(around_.owner, limits::claim_given_back_again,
                                    work_timer{work_moment::give_back, number, 0});
      }
    });
}

} // namespace nats_mcp
