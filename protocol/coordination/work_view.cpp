// SPDX-License-Identifier: MIT
#include "protocol/coordination/work_view.hpp"

#include "protocol/limits.hpp"
#include "protocol/limits/coordination.hpp"
#include "protocol/text.hpp"

#include <algorithm>
#include <functional>
#include <utility>

namespace nats_mcp::coordination {

namespace {

using work::attempt_end;
using work::item_state;

std::size_t place_of(item_state state) { return static_cast<std::size_t>(state); }

bool is_kept(item_state state) { return !is_over(state) || state == item_state::dead; }

std::string shown(std::string_view text) {
  return first_characters(text, limits::work_preview_characters_max);
}

seen_item seen(const work::item_record& record, wall_time stamp) {
  seen_item out;
  out.id = record.item.id;
  out.task_id = record.item.task_id;
  out.capability = record.item.capability;
  out.scope = record.item.scope;
  out.description = shown(record.item.description);
  out.priority = record.item.priority;
  out.state = record.state;
  out.is_coordinated = record.assigned.has_value();
  out.attempts_begun = record.attempts_begun;
  out.attempts_max = record.attempts_max;
  out.reason = shown(record.reason);
  out.offered_at = record.item.offered_at;
  out.deadline = record.item.deadline;
  out.since = stamp;
  const auto* last = record.attempts.empty() ? nullptr : &record.attempts.back();
  if (record.held) {
    out.worker = record.held->worker;
    out.lease_until = stamp + record.held->lease;
    if (last != nullptr) {
      out.progress = last->progress;
      out.note = shown(last->note);
      out.since = std::min(stamp, last->started_at); // if nobody saw the claim itself
    }
  } else if (record.state == item_state::pending) {
    out.worker.guid = record.item.assigned_to;
    out.assigned_until = record.assigned ? record.assigned->until : std::nullopt;
  } else if (last != nullptr) {
    out.worker = last->worker;
  }
  return out;
}

std::size_t hash_of(const std::string& id) { return std::hash<std::string>{}(id); }

} // namespace

work_view::work_view()
  : work_view{limits::work_items_in_view_max} {
  // nop
}

work_view::work_view(std::size_t items_max)
  : items_max_{items_max} {
  // nop
}

work_view::reading work_view::apply(const jetstream::kv_entry& entry, origin from) {
  const bool is_put = entry.operation == jetstream::kv_operation::put;
  auto record = is_put ? work::read_item_record(entry.value)
                       : result<work::item_record>{fail(ec::not_found, {})};
  if (!record || record->item.id != entry.key) {
    forget(entry.key);
    return is_put ? reading::unreadable : reading::readable;
  }
  counting how{from, wall_time::min()};
  const auto found = known_.find(entry.key);
  if (found == known_.end()) {
    if (!make_room(record->state, entry.stored_at)) {
      leave_out(entry.key, {entry.stored_at, wall_time::min()});
      return reading::readable;
    }
    if (const auto earlier = left_out_.extract(hash_of(entry.key))) {
      how = {origin::found, earlier.mapped().counted_until}; // it was there before this
    }
  }
  const auto before = found == known_.end() ? std::nullopt : std::optional{found->second};
  tally(*record, before ? &*before : nullptr, entry.stored_at, how);
  keep(*record, before ? &*before : nullptr, entry.stored_at);
  return reading::readable;
}

// -- room ----------------------------------------------------------------------------------------

work_view::worth work_view::worth_of(item_state state) noexcept {
  if (!is_over(state)) {
    return worth::open;
  }
  return state == item_state::dead ? worth::dead : worth::over;
}

bool work_view::make_room(item_state state, wall_time stamp) {
  if (known_.size() < items_max_) {
    return true;
  }
  const auto own = worth_of(state);
  for (const auto other : {worth::over, worth::dead}) {
    const auto& places = by_age_[static_cast<std::size_t>(other)];
    if (other > own || places.empty()) {
      continue;
    }
    const auto oldest = *places.begin();
    if (other == own && oldest.stamp >= stamp) {
      continue; // the newer one stays
    }
    const auto known = known_.find(*oldest.id);
    leave_out(known->first, {oldest.stamp, oldest.stamp});
    forget(known);
    return true;
  }
  return false;
}

void work_view::leave_out(const std::string& id, left_out_item what) {
  const auto hash = hash_of(id);
  if (left_out_.size() < limits::work_items_left_out_max || left_out_.contains(hash)) {
    auto& mine = left_out_.try_emplace(hash, what).first->second;
    mine.stamp = what.stamp;
    mine.counted_until = std::max(mine.counted_until, what.counted_until);
  }
}

void work_view::forget_before(wall_time stamp) {
  for (auto& places : by_age_) {
    while (!places.empty() && places.begin()->stamp < stamp) {
      forget(known_.find(*places.begin()->id));
    }
  }
  if (stamp - left_out_looked_at_ >= limits::left_out_look_interval) {
    left_out_looked_at_ = stamp;
    std::erase_if(left_out_, [stamp](const auto& one) { return one.second.stamp < stamp; });
    std::erase_if(loads_, [stamp](const auto& one) {
      const auto& load = one.second;
      return load.waiting == 0 && load.held == 0 && load.busy_at < stamp;
    });
  }
}

void work_view::clear() {
  for (auto& places : by_age_) {
    places.clear();
  }
  known_.clear();
  items_.clear();
  loads_.clear();
  counts_.fill(0);
  done_ = {}; // what is found anew is counted anew
  left_out_.clear();
}

void work_view::forget(const std::string& id) {
  left_out_.erase(hash_of(id));
  const auto known = known_.find(id);
  if (known != known_.end()) {
    forget(known);
  }
}

void work_view::forget(known_items::iterator known) {
  const auto& was = known->second;
  --counts_[place_of(was.state)];
  places_of(was.state).erase({was.stamp, &known->first});
  if (const auto item = items_.extract(known->first)) {
    take_off(item.mapped());
  }
  const auto load = loads_.find(was.last_worker);
  if (load != loads_.end() && load->second.waiting == 0 && load->second.held == 0
      && load->second.busy_at <= was.stamp) {
    loads_.erase(load); // what it did is so long ago that nobody remembers it
  }
  known_.erase(known);
}

std::size_t work_view::count(item_state state) const noexcept { return counts_[place_of(state)]; }

workload work_view::load_of(std::string_view worker_guid) const {
  const auto found = loads_.find(worker_guid);
  return found == loads_.end() ? workload{} : found->second;
}

// -- what has happened ---------------------------------------------------------------------------

void work_view::add(std::uint64_t minute_counts::*what, wall_time at, const counting& how) {
  if (at > how.counted_until) {
    done_.add(what, at);
  }
}

void work_view::tally(const work::item_record& record, const known_item* before, wall_time stamp,
                      const counting& how) {
  const bool is_new = how.from == origin::change;
  if (before == nullptr) {
    add(&minute_counts::offered, std::min(stamp, record.item.offered_at), how);
    totals_.offered += is_new ? 1 : 0;
  }
  tally_attempts(record.attempts, before, stamp, how);
  if (record.state == item_state::dead
      && (before == nullptr || before->state != item_state::dead)) {
    add(&minute_counts::dead, stamp, how);
    totals_.deaths += is_new ? 1 : 0;
  }
}

void work_view::tally_attempts(const std::vector<work::attempt>& all, const known_item* before,
                               wall_time stamp, const counting& how) {
  auto at = all.begin();
  if (before != nullptr && before->has_attempts) {
    const auto is_last_known = [&](const work::attempt& one) {
      return one.started_at == before->last_started && one.worker.guid == before->last_worker;
    };
    const auto known = std::find_if(all.rbegin(), all.rend(), is_last_known);
    // Of a history that was cut meanwhile at least the last one is new.
    at = known == all.rend() ? all.end() - (all.empty() ? 0 : 1) : known.base();
    if (known != all.rend() && before->is_last_open && known->end != attempt_end::open) {
      ended(*known, stamp, how);
    }
  }
  for (; at != all.end(); ++at) {
    begun(*at, stamp, how);
    if (at->end != attempt_end::open) {
      ended(*at, stamp, how);
    }
  }
}

void work_view::begun(const work::attempt& one, wall_time stamp, const counting& how) {
  add(&minute_counts::claimed, std::min(stamp, one.started_at), how);
  totals_.claims += how.from == origin::change ? 1 : 0;
}

void work_view::ended(const work::attempt& one, wall_time stamp, const counting& how) {
  auto counter = &work_totals::completions;
  switch (one.end) {
    case attempt_end::open:
    case attempt_end::cancelled:
      return;
    case attempt_end::completed:
      break;
    case attempt_end::failed:
      counter = &work_totals::failures;
      break;
    case attempt_end::released:
      counter = &work_totals::releases;
      break;
    case attempt_end::lease_over:
      counter = &work_totals::lease_expiries;
      break;
  }
  add(one.end == attempt_end::completed ? &minute_counts::completed : &minute_counts::failed,
      std::min(stamp, one.ended_at.value_or(stamp)), how);
  totals_.*counter += how.from == origin::change ? 1 : 0;
}

// -- what is ------------------------------------------------------------------------------------

void work_view::keep(const work::item_record& record, const known_item* before, wall_time stamp) {
  if (before != nullptr) {
    --counts_[place_of(before->state)];
    places_of(before->state).erase({before->stamp, &known_.find(record.item.id)->first});
  }
  ++counts_[place_of(record.state)];
  auto item = seen(record, stamp);
  if (auto earlier = items_.extract(item.id)) {
    const auto& was = earlier.mapped();
    take_off(was);
    const bool is_same_claim =
      !record.held || (before != nullptr && before->claim_id == record.held->id);
    if (was.state == item.state && was.worker.guid == item.worker.guid && is_same_claim) {
      item.since = was.since;
    }
  }
  const auto place = known_.try_emplace(item.id).first;
  places_of(record.state).insert({stamp, &place->first});
  auto& known = place->second;
  known = {};
  known.state = record.state;
  known.stamp = stamp;
  known.claim_id = record.held ? record.held->id : std::string{};
  if (!record.attempts.empty()) {
    const auto& last = record.attempts.back();
    known.has_attempts = true;
    known.last_worker = last.worker.guid;
    known.last_started = last.started_at;
    known.is_last_open = last.end == attempt_end::open;
    auto& load = loads_[last.worker.guid];
    load.busy_at = std::max(load.busy_at, stamp);
  }
  put_on(item);
  if (is_kept(item.state)) {
    items_.insert_or_assign(item.id, std::move(item));
  }
}

void work_view::take_off(const seen_item& item) {
  if (is_over(item.state) || item.worker.guid.empty()) {
    return;
  }
  auto& load = loads_[item.worker.guid];
  --(item.state == item_state::claimed ? load.held : load.waiting);
}

void work_view::put_on(const seen_item& item) {
  if (is_over(item.state) || item.worker.guid.empty()) {
    return;
  }
  auto& load = loads_[item.worker.guid];
  ++(item.state == item_state::claimed ? load.held : load.waiting);
  load.busy_at = std::max(load.busy_at, item.since);
}

} // namespace nats_mcp::coordination
