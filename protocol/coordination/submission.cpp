// SPDX-License-Identifier: MIT
#include "protocol/coordination/submission.hpp"

#include "protocol/coordination/assignment_change.hpp"

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

} // namespace

submission::submission(assignment_request what, novelty is_new, work::script_world world)
  : work_script{std::move(world)}
  , what_{std::move(what)}
  , is_new_{is_new} {
  if (is_new == novelty::to_be_seen) {
    ask_record(what_.item.id);
  } else {
    submit();
  }
}

void submission::on_answers(const work::work_round& round) {
  observe(round);
  switch (step_) {
    case step::looking:
      return looked(round.answers.front());
    case step::submitting:
      return submitted(round.answers.front());
    case step::comparing:
      return compared(round.answers.front());
    case step::recording:
      return; // a conflict: a coordinator was faster; anything else it makes up for
  }
}

void submission::looked(const result<work::work_answer>& answer) {
  auto read = work::record_in(answer);
  if (!read) {
    end_ = tl::make_unexpected(std::move(read.error()));
    return;
  }
  if (*read) {
    end_ = outcome{std::move((*read)->record.item), true};
    return;
  }
  revision_ = jetstream::revision_in(answer);
  submit();
}

void submission::submit() {
  step_ = step::submitting;
  ask(request_message(what_));
}

void submission::submitted(const result<work::work_answer>& answer) {
  if (!answer) {
    end_ = tl::make_unexpected(why_not_submitted(answer.error(), what_.item));
    return;
  }
  if (std::get<jetstream::publish_receipt>(*answer).duplicate && is_new_ == novelty::to_be_seen) {
    // Somebody was faster with the same key: what that one wrote counts.
    step_ = step::comparing;
    ask_record(what_.item.id);
  } else {
    record();
  }
}

void submission::compared(const result<work::work_answer>& answer) {
  auto read = work::record_in(answer);
  if (read && *read) {
    end_ = outcome{std::move((*read)->record.item), true};
  } else {
    record(); // it is stored: a repetition of our own, or whoever was faster is gone
  }
}

void submission::record() {
  step_ = step::recording;
  ask_write_task(what_.item);
  ask_write(requested(what_.item, world_.wall_clock()), revision_);
  end_ = outcome{std::move(what_.item), false};
}

} // namespace nats_mcp::coordination
