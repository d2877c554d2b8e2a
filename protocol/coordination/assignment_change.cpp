// SPDX-License-Identifier: MIT
#include "protocol/coordination/assignment_change.hpp"

#include "protocol/limits/coordination.hpp"
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
  auto out = before;
  if (!out.attempts.empty() && out.attempts.back().end == work::attempt_end::open) {
    out.attempts.back().end = work::attempt_end::lease_over;
    out.attempts.back().ended_at = now;
  }
  out.state = work::item_state::pending;
  out.held.reset();
  out.not_before.reset();
  out.generation += before.item.assigned_to.empty() ? 0 : 1;
  out.queue_sequence = 0;
  out.item.assigned_to = std::move(what.worker_guid);
  work::assignment assigned;
  assigned.term = what.term;
  assigned.until = what.until;
  assigned.attempts_before = static_cast<std::uint32_t>(out.attempts.size());
  assigned.passed_over = std::move(what.passed_over);
  while (assigned.passed_over.size() > limits::passed_over_max) {
    assigned.passed_over.erase(assigned.passed_over.begin());
  }
  assigned.replaced_sequence = before.queue_sequence;
  out.assigned = std::move(assigned);
  out.updated_at = now;
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

work::item_record given_up(const work::item_record& before, std::uint64_t term, std::string reason,
                           wall_time now) {
  auto out = work::died({{before.item, before.generation}, before.queue_sequence}, &before,
                        std::move(reason), now);
  out.assigned->term = term;
  return out;
}

} // namespace nats_mcp::coordination
