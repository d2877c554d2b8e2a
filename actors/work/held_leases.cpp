// SPDX-License-Identifier: MIT
#include "actors/work/held_leases.hpp"

#include "protocol/limits.hpp"
#include "protocol/work/item_change.hpp"
#include "protocol/work/item_update.hpp"

#include <algorithm>
#include <utility>

namespace nats_mcp {

namespace {

/// Whether renewing it would make it last any longer.
bool is_renewed(const held_lease& lease) { return lease.lease_end() < lease.hold_end; }

} // namespace

held_leases::held_leases(surroundings around, const table& last)
  : around_{std::move(around)} {
  for (const auto& [number, lease] : last) {
    numbers_ = number;
    arm(held_.emplace(number, entry{lease}).first);
  }
}

// -- what is held ------------------------------------------------------------------------------

void held_leases::hold(held_lease what) {
  if (by_claim(what.claim_id) != held_.end()) {
    // Two reports took it up side by side.
    renewed(what.claim_id, std::move(what.found), what.leased_at, what.hold_end);
    return;
  }
  const auto lease = std::make_shared<const held_lease>(std::move(what));
  arm(held_.emplace(++numbers_, entry{lease}).first);
  around_.changed();
}

std::shared_ptr<const held_lease> held_leases::find(std::string_view item_id) const {
  // The newest: an item whose lease was over can be claimed again.
  const auto found = std::find_if(held_.rbegin(), held_.rend(), [&](const auto& one) {
    return one.second.lease->item_id() == item_id;
  });
  return found == held_.rend() ? nullptr : found->second.lease;
}

void held_leases::renewed(const std::string& claim_id, work::found_record found,
                          monotonic_time leased_at, monotonic_time hold_end) {
  const auto of = by_claim(claim_id);
  if (of == held_.end() || found.revision < of->second.lease->found.revision) {
    return;
  }
  auto lease = *of->second.lease;
  lease.leased_at = found.revision == lease.found.revision ? lease.leased_at : leased_at;
  lease.found = std::move(found);
  lease.hold_end = hold_end;
  of->second.lease = std::make_shared<const held_lease>(std::move(lease));
  arm(of);
  around_.changed();
}

void held_leases::settled(const std::string& claim_id,
                          const std::optional<work::open_delivery>& handle) {
  const auto of = by_claim(claim_id);
  if (of == held_.end()) {
    return;
  }
  auto lease = *of->second.lease;
  lease.handle = handle.value_or(work::open_delivery{});
  of->second.lease = std::make_shared<const held_lease>(std::move(lease));
  around_.changed();
}

void held_leases::drop(const std::string& claim_id) {
  if (const auto of = by_claim(claim_id); of != held_.end()) {
    held_.erase(of);
    around_.changed();
  }
}

void held_leases::forget_all() {
  if (!held_.empty()) {
    held_.clear();
    around_.changed();
  }
}

std::vector<std::string> held_leases::items() const {
  std::vector<std::string> out;
  for (const auto& [number, one] : held_) {
    out.push_back(one.lease->item_id());
  }
  return out;
}

held_leases::table held_leases::remembered() const {
  table out;
  for (const auto& [number, one] : held_) {
    out.emplace_hint(out.end(), number, one.lease);
  }
  return out;
}

held_leases::position held_leases::by_claim(std::string_view claim_id) {
  return std::find_if(held_.begin(), held_.end(),
                      [&](const auto& one) { return one.second.lease->claim_id == claim_id; });
}

// -- whether the agent knows -------------------------------------------------------------------

void held_leases::shown(call_id call) {
  for (auto& [number, one] : held_) {
    if (one.lease->unshown == call) {
      auto lease = *one.lease;
      lease.unshown.reset();
      one.lease = std::make_shared<const held_lease>(std::move(lease));
      around_.changed();
      return;
    }
  }
}

std::vector<std::shared_ptr<const held_lease>>
held_leases::take_unshown(std::optional<call_id> call) {
  std::vector<std::shared_ptr<const held_lease>> out;
  std::erase_if(held_, [&](const auto& one) {
    const auto& unshown = one.second.lease->unshown;
    const bool taken = unshown && (!call || *unshown == *call);
    if (taken) {
      out.push_back(one.second.lease);
    }
    return taken;
  });
  if (!out.empty()) {
    around_.changed();
  }
  return out;
}

std::vector<call_id> held_leases::unshown() const {
  std::vector<call_id> out;
  for (const auto& [number, one] : held_) {
    if (one.lease->unshown) {
      out.push_back(*one.lease->unshown);
    }
  }
  return out;
}

// -- renewing ----------------------------------------------------------------------------------

void held_leases::arm(position of) {
  const auto& lease = *of->second.lease;
  arm(of, is_renewed(lease) ? lease.leased_at + lease.lease() / limits::work_renewal_divisor
                            : lease.lease_end());
}

void held_leases::arm(position of, monotonic_time at) {
  of->second.timer = ++timers_;
  const auto left = std::max<monotonic_time::duration>(at - around_.scripts->clock(),
                                                       limits::work_renewal_pause_min);
  around_.owner->delayed_send(around_.owner, left,
                              work_timer{work_moment::renew, of->first, of->second.timer});
}

void held_leases::timer(const work_timer& due) {
  const auto of = held_.find(due.number);
  if (of == held_.end() || of->second.timer != due.generation) {
    return;
  }
  const auto& lease = *of->second.lease;
  if (is_renewed(lease)) {
    renew(of);
  } else if (around_.scripts->clock() >= lease.lease_end()) {
    // The agent said nothing of it for too long: it is for others now. Whoever comes late can still
    // finish it if nobody took it.
    held_.erase(of);
    around_.changed();
  } else {
    arm(of);
  }
}

void held_leases::renew(position of) {
  const auto lease = of->second.lease;
  const auto asked_at = around_.scripts->clock();
  const auto rest = lease->hold_end - asked_at;
  if (rest <= rest.zero()) {
    held_.erase(of); // the computer slept for longer than it may be held
    around_.changed();
    return;
  }
  const auto length =
    std::min(lease->full_lease, std::chrono::ceil<std::chrono::milliseconds>(rest));
  work::item_update::request what;
  what.item_id = lease->item_id();
  what.known = lease->found;
  what.handle = lease->handle;
  const auto world = around_.scripts->world({}); // nobody is told of it
  what.apply = [claim_id = lease->claim_id, length,
                clock = world.wall_clock](const work::item_record& before, wall_time) {
    return work::renewed(before, claim_id, length, {}, clock());
  };
  const auto script = std::make_shared<work::item_update>(std::move(what), world);
  const auto patience = std::min<std::chrono::nanoseconds>(
    limits::work_request_max, lease->lease() / limits::work_renewal_divisor);
  around_.scripts->run<work::item_update>(
    script, around_.owner->clock().now() + patience,
    [this, claim_id = lease->claim_id, asked_at](const work::item_update& run) {
      const auto& end = *run.end();
      if (!end) {
        renewal_failed(claim_id, end.error());
      } else if (const auto still = by_claim(claim_id); still != held_.end()) {
        renewed(claim_id, end->found, asked_at, still->second.lease->hold_end);
      }
    },
    [this, claim_id = lease->claim_id](const work::item_update& run) {
      if (*run.end()) {
        settled(claim_id, run.handle());
      }
    });
}

void held_leases::renewal_failed(const std::string& claim_id, const error& why) {
  const auto of = by_claim(claim_id);
  if (of == held_.end()) {
    return;
  }
  if (why.code == ec::conflict || why.code == ec::not_found) {
    held_.erase(of); // it is somebody else's, or over
    around_.changed();
    return;
  }
  constexpr auto soon = limits::work_renewal_divisor * limits::work_renewal_divisor;
  arm(of, around_.scripts->clock() + of->second.lease->lease() / soon);
}

} // namespace nats_mcp
