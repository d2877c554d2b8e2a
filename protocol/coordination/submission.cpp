// SPDX-License-Identifier: MIT
#include "protocol/coordination/submission.hpp"

#include "protocol/coordination/assignment_change.hpp"
#include "protocol/limits.hpp"

#include <utility>
#include <variant>

namespace nats_mcp::coordination {

namespace {

/// Why the request is not stored, for whoever offered the item.
error why_not_submitted(const error& why, const work::work_item& item) {
  if (why.code == ec::limit_exceeded && why.jetstream_code != 0) {
    return {ec::limit_exceeded,
            "There are too many coordinated items: work item " + item.id
              + " was not stored. Wait until some of the work is done, or offer it without"
                " coordinated. ("
              + why.message + ")",
            why.jetstream_code};
  }
  if (why.code == ec::unknown_outcome) {
    return {ec::unknown_outcome,
            "Whether work item " + item.id
              + " was stored for the coordinator is not known: it was sent, but no acknowledgement"
                " came in time. get_work_status tells when NATS answers again. Offered again it"
                " would be another item, unless both offers have the same idempotencyKey.",
            why.jetstream_code};
  }
  return why;
}

/// The same of an item that is recorded already, and so will be found by a coordinator.
error why_not_submitted_yet(const error& why, const work::work_item& item) {
  return {ec::unknown_outcome,
          "Work item " + item.id
            + " is recorded, and may not be with the coordinators yet. Offer it again with the same"
              " idempotencyKey: that goes on from there. Left alone, a coordinator finds it within"
              " some minutes. ("
            + why.message + ")",
          why.jetstream_code};
}

} // namespace

submission::submission(assignment_request what, novelty is_new, work::script_world world)
  : work_script{std::move(world)}
  , what_{std::move(what)}
  , is_new_{is_new} {
  if (is_new == novelty::to_be_seen) {
    look();
  } else {
    submit();
  }
}

void submission::on_answers(const work::work_round& round) {
  observe(round);
  const auto& answer = round.answers.back();
  switch (step_) {
    case step::looking:
      return looked(answer);
    case step::reserving:
      return reserved(answer);
    case step::submitting:
      return submitted(answer);
    case step::recording:
      return; // a conflict: a coordinator was faster; anything else it makes up for
  }
}

// -- under a key ---------------------------------------------------------------------------------

void submission::look() {
  step_ = step::looking;
  ask_record(what_.item.id);
}

void submission::looked(const result<work::work_answer>& answer) {
  auto read = work::record_in(answer);
  if (!read) {
    return fail_with(std::move(read.error()));
  }
  revision_ = jetstream::revision_in(answer);
  if (!*read) {
    return reserve();
  }
  const auto& record = (*read)->record;
  offered_before_ = !is_last_write(answer);
  what_.item = record.item;
  if (record.state == work::item_state::pending && record.assigned == work::assignment{}) {
    submit(); // whoever was first may not have come that far
  } else {
    end_ = outcome{what_.item, offered_before_, record.assigned.has_value(), record.state};
  }
}

void submission::reserve() {
  step_ = step::reserving;
  ask_write(requested(what_.item, world_.wall_clock()), revision_);
}

void submission::reserved(const result<work::work_answer>& answer) {
  if (jetstream::is_conflict(answer)) {
    return ++conflicts_ < limits::work_conflicts_max
             ? look()
             : fail_with(work::too_many_conflicts(what_.item.id));
  }
  if (!answer) {
    return fail_with(answer.error().code == ec::unknown_outcome
                       ? why_not_submitted_yet(answer.error(), what_.item)
                       : answer.error());
  }
  submit();
}

// -- to the coordinators -------------------------------------------------------------------------

void submission::submit() {
  step_ = step::submitting;
  if (is_new_ == novelty::to_be_seen) {
    ask_write_task(what_.item);
  }
  ask(request_message(what_));
}

void submission::submitted(const result<work::work_answer>& answer) {
  const bool recorded = is_new_ == novelty::to_be_seen;
  if (!answer) {
    // Without the stream nothing is stored; it is made, and this begins anew.
    return fail_with(recorded && answer.error().code != ec::not_found
                       ? why_not_submitted_yet(answer.error(), what_.item)
                       : why_not_submitted(answer.error(), what_.item));
  }
  if (!recorded) {
    step_ = step::recording;
    ask_write_task(what_.item);
    ask_write(requested(what_.item, world_.wall_clock()), 0);
  }
  end_ = outcome{std::move(what_.item), offered_before_, true, work::item_state::pending};
}

} // namespace nats_mcp::coordination
