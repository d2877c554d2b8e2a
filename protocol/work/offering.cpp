// SPDX-License-Identifier: MIT
#include "protocol/work/offering.hpp"

#include "protocol/limits.hpp"
#include "protocol/work/item_change.hpp"

#include <utility>
#include <variant>

namespace nats_mcp::work {

namespace {

/// Why the item is not in the queue, for whoever offered it.
error why_not_queued(const error& why, const work_item& item) {
  if (why.code == ec::limit_exceeded && why.jetstream_code != 0) {
    return {ec::limit_exceeded,
            "The work queue is full: work item " + item.id
              + " was not stored. Wait until some of the work is done, or ask whoever runs the NATS"
                " server for more room. ("
              + why.message + ")",
            why.jetstream_code};
  }
  if (why.code == ec::unknown_outcome) {
    return {ec::unknown_outcome,
            "Whether work item " + item.id
              + " was stored is not known: it was sent, but no acknowledgement came in time. If it"
                " was, a worker can claim it, and get_work_status shows it from then on. Offered"
                " again it would be another item, unless both offers have the same idempotencyKey.",
            why.jetstream_code};
  }
  return why;
}

/// The same of an item that is recorded already, and so will be queued by whoever comes next.
error why_not_queued_yet(const error& why, const work_item& item) {
  return {ec::unknown_outcome,
          "Work item " + item.id
            + " is recorded, and may not be in its queue yet. Offer it again with the same"
              " idempotencyKey: that goes on from there. Left alone, it is put there by another"
              " agent within some minutes. ("
            + why.message + ")",
          why.jetstream_code};
}

} // namespace

offering::offering(work_item item, novelty is_new, script_world world)
  : work_script{std::move(world)}
  , item_{std::move(item)}
  , is_new_{is_new} {
  if (is_new == novelty::to_be_seen) {
    look();
  } else {
    queue();
  }
}

void offering::on_answers(const work_round& round) {
  observe(round);
  const auto& answer = round.answers.back();
  switch (step_) {
    case step::looking:
      return looked(answer);
    case step::reserving:
      return reserved(answer);
    case step::queueing:
      return queued(answer);
    case step::recording:
      // A conflict: it is claimed already. Anything else is made up for by the claim.
      end_ = outcome{std::move(item_), false, false, item_state::pending};
      return;
    case step::placing:
      return; // without its place it gets it with its claim
  }
}

// -- under a key ---------------------------------------------------------------------------------

void offering::look() {
  step_ = step::looking;
  ask_record(item_.id);
}

void offering::looked(const result<work_answer>& answer) {
  auto read = record_in(answer);
  if (!read) {
    return fail_with(std::move(read.error()));
  }
  revision_ = jetstream::revision_in(answer);
  if (!*read) {
    return reserve();
  }
  auto& record = (*read)->record;
  offered_before_ = !is_last_write(answer);
  item_ = record.item;
  record_ = std::move(record);
  const bool is_coordinated = record_.assigned.has_value();
  if (record_.state == item_state::pending && record_.queue_sequence == 0 && !is_coordinated) {
    queue(); // whoever was first did not come that far, or is about to
  } else {
    end_ = outcome{item_, offered_before_, is_coordinated, record_.state};
  }
}

void offering::reserve() {
  // Whose record is there first has the key: the queue message is made from it.
  step_ = step::reserving;
  record_ = offered({item_, 1}, 0, world_.wall_clock());
  ask_write(record_, revision_);
}

void offering::reserved(const result<work_answer>& answer) {
  if (jetstream::is_conflict(answer)) {
    return ++conflicts_ < limits::work_conflicts_max ? look()
                                                     : fail_with(too_many_conflicts(item_.id));
  }
  if (!answer) {
    return fail_with(answer.error().code == ec::unknown_outcome
                       ? why_not_queued_yet(answer.error(), item_)
                       : answer.error());
  }
  revision_ = jetstream::revision_in(answer);
  queue();
}

// -- into the queue ------------------------------------------------------------------------------

void offering::queue() {
  step_ = step::queueing;
  const bool recorded = is_new_ == novelty::to_be_seen;
  if (recorded) {
    ask_write_task(item_);
  }
  ask(queue_message(item_, recorded ? record_.generation : 1));
}

void offering::queued(const result<work_answer>& answer) {
  const bool recorded = is_new_ == novelty::to_be_seen;
  if (!answer) {
    // Without the stream nothing is queued; it is made, and this begins anew.
    return fail_with(recorded && answer.error().code != ec::not_found
                       ? why_not_queued_yet(answer.error(), item_)
                       : why_not_queued(answer.error(), item_));
  }
  const auto sequence = std::get<jetstream::publish_receipt>(*answer).sequence;
  if (recorded) {
    step_ = step::placing;
    record_.queue_sequence = sequence;
    end_ = outcome{std::move(item_), offered_before_, false, item_state::pending};
  } else {
    step_ = step::recording;
    ask_write_task(item_);
    record_ = offered({item_, 1}, sequence, world_.wall_clock());
  }
  ask_write(record_, revision_);
}

void offering::fail_with(error why) { end_ = tl::make_unexpected(std::move(why)); }

} // namespace nats_mcp::work
