// SPDX-License-Identifier: MIT
#include "protocol/coordination/assignment_decision.hpp"

#include "protocol/coordination/assignment_change.hpp"

#include <utility>

namespace nats_mcp::coordination {

namespace {

assignment_meaning of_pending(const work::item_record& record, const departure_rule& is_gone,
                              wall_time server_now) {
  const auto& worker = record.item.assigned_to;
  const auto& assigned = *record.assigned;
  const bool had_its_turn = record.attempts.size() != assigned.attempts_before;
  const bool is_late = !assigned.until || server_now >= *assigned.until;
  if (worker.empty() || had_its_turn || is_late || is_gone(worker)) {
    return needs_worker{};
  }
  return is_given{*assigned.until - server_now};
}

} // namespace

assignment_meaning decide_assignment(const work::work_item& wanted, const work::found_record* found,
                                     std::uint64_t term, const departure_rule& is_gone,
                                     wall_time server_now) {
  if (found == nullptr) {
    auto reason = work::why_dead(requested(wanted, {}), server_now);
    return reason ? assignment_meaning{work::is_dead{std::move(*reason)}} : needs_worker{};
  }
  const auto& record = found->record;
  if (!record.assigned) {
    return is_left_alone{};
  }
  if (record.assigned->term > term) {
    return is_outranked{record.assigned->term};
  }
  if (is_over(record.state)) {
    return is_finished{};
  }
  if (record.state == work::item_state::claimed) {
    if (const auto over_at = work::lease_over_at(*found); server_now < over_at) {
      return can_wait{over_at - server_now};
    }
  } else if (!record.item.assigned_to.empty() && record.queue_sequence == 0) {
    return is_half_given{};
  }
  if (auto reason = work::why_dead(record, server_now)) {
    return work::is_dead{std::move(*reason)};
  }
  if (record.state == work::item_state::claimed) {
    return needs_worker{};
  }
  if (record.not_before && server_now < *record.not_before) {
    return can_wait{*record.not_before - server_now};
  }
  return of_pending(record, is_gone, server_now);
}

} // namespace nats_mcp::coordination
