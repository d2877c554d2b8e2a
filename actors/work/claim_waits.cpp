// SPDX-License-Identifier: MIT
// How the open claims wait: for hints, for their next turn, for the end of their time.
#include "protocol/limits.hpp"

#include "actors/work/claim_desk.hpp"

#include <algorithm>
#include <utility>

namespace nats_mcp {

void claim_desk::keep_waiting(claim_id id, after_look how_it_went) {
  auto& claim = *find(id);
  claim.at = claim.listened ? stage::waiting : stage::listening;
  if (!std::exchange(claim.waits, true)) {
    const auto left = claim.since + claim.timeout - now();
    around_.owner->delayed_send(
      around_.owner, std::max(left, monotonic_time::duration{0}),
      work_timer{work_moment::wait_over, static_cast<std::uint64_t>(id), 0});
  }
  arm_poll(id);
  listen();
  // What failed is not repeated at once: the next failure may come as fast.
  if (how_it_went == after_look::found_nothing
      && (claim.announced || (!claim.listened && around_.hints->settled(patterns_of(claim))))) {
    look_again(id);
  }
}

void claim_desk::arm_poll(claim_id id) {
  constexpr auto jitter_max = static_cast<std::uint64_t>(limits::claim_poll_interval.count() / 4);
  const std::chrono::milliseconds jitter{around_.random() % (jitter_max + 1)};
  const auto generation = ++find(id)->poll;
  around_.owner->delayed_send(
    around_.owner, limits::claim_poll_interval + jitter,
    work_timer{work_moment::poll, static_cast<std::uint64_t>(id), generation});
}

void claim_desk::listen() {
  std::set<std::string> patterns;
  for (const auto& [id, claim] : claims_) {
    if (claim.waits) {
      patterns.merge(patterns_of(claim));
    }
  }
  around_.hints->listen(patterns);
}

void claim_desk::look_again(claim_id id) {
  auto& claim = *find(id);
  claim.deadline = now() + claim.look_time;
  begin(id);
}

void claim_desk::look_again() {
  for (auto& [id, claim] : claims_) {
    if (claim.at != stage::looking) {
      look_again(id);
    }
  }
}

void claim_desk::hints_changed() {
  for (auto& [id, claim] : claims_) {
    if (claim.at == stage::listening && around_.hints->settled(patterns_of(claim))) {
      look_again(id);
    }
  }
}

void claim_desk::hint(const work::lane& where) {
  const auto wakes = [&](const open_claim& claim) {
    return claim.waits && !claim.announced
           && patterns_of(claim).contains(work::lanes_pattern(where.scope, where.token));
  };
  open_claim* busy_one = nullptr;
  for (auto& [id, claim] : claims_) {
    if (!wakes(claim)) {
      continue;
    }
    if (claim.at != stage::looking) {
      claim.announced = where;
      look_again(id);
      return;
    }
    busy_one = busy_one == nullptr ? &claim : busy_one;
  }
  if (busy_one != nullptr) {
    busy_one->announced = where; // its look may have begun too early
  }
}

void claim_desk::timer(const work_timer& due) {
  const auto id = claim_id{due.number};
  auto* claim = find(id);
  if (claim == nullptr) {
    return;
  }
  if (due.due == work_moment::wait_over) {
    claim->time_over = true;
  } else if (due.generation != claim->poll) {
    return;
  }
  if (claim->at != stage::looking) {
    look_again(id); // if its time is over: one last time
  }
}

} // namespace nats_mcp
