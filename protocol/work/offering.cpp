// SPDX-License-Identifier: MIT
#include "protocol/work/offering.hpp"

#include "protocol/work/item_change.hpp"
#include "protocol/work/lanes.hpp"

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
              + " was stored is not known: it was sent, but no acknowledgement came in time."
                " get_work_status tells when NATS answers again. Offered again it would be another"
                " item, unless both offers have the same idempotencyKey.",
            why.jetstream_code};
  }
  return why;
}

} // namespace

offering::offering(work_item item, novelty is_new, script_world world)
  : work_script{std::move(world)}
  , item_{std::move(item)}
  , is_new_{is_new} {
  if (is_new == novelty::to_be_seen) {
    ask_record(item_.id);
  } else {
    queue();
  }
}

void offering::on_answers(const work_round& round) {
  observe(round);
  switch (step_) {
    case step::looking:
      return looked(round.answers.front());
    case step::queueing:
      return queued(round.answers.front());
    case step::comparing:
      return compared(round.answers.front());
    case step::recording:
      return; // a conflict: it is claimed already; anything else is made up for by the claim
  }
}

void offering::looked(const result<work_answer>& answer) {
  auto read = record_in(answer);
  if (!read) {
    end_ = tl::make_unexpected(std::move(read.error()));
    return;
  }
  if (*read) {
    end_ = outcome{std::move((*read)->record.item), true};
    return;
  }
  revision_ = jetstream::revision_in(answer);
  queue();
}

void offering::queue() {
  step_ = step::queueing;
  ask(queue_message(item_, 1));
}

void offering::queued(const result<work_answer>& answer) {
  if (!answer) {
    end_ = tl::make_unexpected(why_not_queued(answer.error(), item_));
    return;
  }
  const auto& receipt = std::get<jetstream::publish_receipt>(*answer);
  sequence_ = receipt.sequence;
  if (receipt.duplicate && is_new_ == novelty::to_be_seen) {
    // Somebody was faster with the same key: what that one wrote counts.
    step_ = step::comparing;
    ask_record(item_.id);
  } else {
    record();
  }
}

void offering::compared(const result<work_answer>& answer) {
  auto read = record_in(answer);
  if (read && *read) {
    end_ = outcome{std::move((*read)->record.item), true};
  } else {
    record(); // it is in the queue: a repetition of our own, or whoever was faster is gone
  }
}

void offering::record() {
  step_ = step::recording;
  ask_write_task(item_);
  ask_write(offered({item_, 1}, sequence_, world_.wall_clock()), revision_);
  end_ = outcome{std::move(item_), false};
}

} // namespace nats_mcp::work
