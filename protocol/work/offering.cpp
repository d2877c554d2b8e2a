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
  , item_{std::move(item)} {
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
  jetstream::publish message;
  message.subject = lane_subject(lane_of(item_));
  message.payload = write_queued_item({item_, 1});
  message.message_id = queue_message_id(item_.id, 1);
  ask(std::move(message));
}

void offering::queued(const result<work_answer>& answer) {
  if (!answer) {
    end_ = tl::make_unexpected(why_not_queued(answer.error(), item_));
    return;
  }
  step_ = step::recording;
  const auto sequence = std::get<jetstream::publish_receipt>(*answer).sequence;
  ask_write_task(item_);
  ask_write(offered({item_, 1}, sequence, world_.wall_clock()), revision_);
  end_ = outcome{std::move(item_), false};
}

} // namespace nats_mcp::work
