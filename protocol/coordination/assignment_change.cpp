// SPDX-License-Identifier: MIT
#include "protocol/coordination/assignment_change.hpp"

#include "protocol/limits/coordination.hpp"
#include "protocol/work/history.hpp"
#include "protocol/work/item_change.hpp"

#include <utility>

namespace nats_mcp::coordination {

work::item_record requested(work::work_item item, wall_time now) {
  item.assigned_to.clear();
  auto out = work::offered({std::move(item), 1}, 0, now);
  out.assigned.emplace();
  return out;
}

work::item_record given(const work::item_record& before, grant what, wall_time now) {
  auto out = work::queued_anew(before, now);
  out.not_before.reset();
  if (before.item.assigned_to.empty()) {
    out.generation = before.generation; // it was in no queue yet
  }
  out.item.assigned_to = std::move(what.worker_guid);
  work::assignment assigned;
  assigned.term = what.term;
  assigned.until = what.until;
  work::leave_room_for_another(out.attempts); // the number tells whether it had its turn
  assigned.attempts_before = static_cast<std::uint32_t>(out.attempts.size());
  assigned.passed_over = std::move(what.passed_over);
  while (assigned.passed_over.size() > limits::passed_over_max) {
    assigned.passed_over.erase(assigned.passed_over.begin());
  }
  assigned.replaced_sequence = before.queue_sequence;
  out.assigned = std::move(assigned);
  return out;
}

work::item_record placed(const work::item_record& before, std::uint64_t term,
                         std::uint64_t queue_sequence) {
  auto out = before;
  out.queue_sequence = queue_sequence;
  out.assigned->term = term;
  out.assigned->replaced_sequence = 0;
  return out;
}

work::item_record given_up(const work::item_record& before, std::uint64_t term,
                           std::string_view reason, wall_time now) {
  auto out = work::died(before, reason, now);
  out.assigned->term = term;
  return out;
}

} // namespace nats_mcp::coordination
