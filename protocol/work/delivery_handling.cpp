// SPDX-License-Identifier: MIT
#include "protocol/work/delivery_handling.hpp"

#include "protocol/jetstream/reply_codec.hpp"
#include "protocol/limits.hpp"
#include "protocol/messaging/stranger_payload.hpp"
#include "protocol/overloaded.hpp"
#include "protocol/text.hpp"
#include "protocol/work/dead_letter.hpp"
#include "protocol/work/history.hpp"
#include "protocol/work/item_change.hpp"
#include "protocol/work/streams.hpp"

#include <utility>

namespace nats_mcp::work {

using jetstream::ack_kind;

delivery_handling::delivery_handling(request what, script_world world)
  : work_script{std::move(world)}
  , what_{std::move(what)} {
  const auto sequence = what_.delivery.stream_sequence;
  if (auto queued = read_queued_item(what_.where, what_.delivery.payload)) {
    item_id_ = queued->item.id;
    delivered_ = delivered_item{std::move(*queued), sequence};
  } else {
    item_id_ = unreadable_item_id(sequence);
  }
  look();
}

void delivery_handling::on_answers(const work_round& round) {
  world_.server_time.observe(what_.delivery.stored_at, round.answered_at);
  observe(round);
  const auto& answer = round.answers.back();
  switch (step_) {
    case step::looking:
      return looked(answer);
    case step::taking:
      return took(answer);
    case step::burying:
      return buried_it(answer);
    case step::settling:
      return;
    case step::following:
      following_->on_answers(round.answers);
      return go_on();
  }
}

// -- what it means -----------------------------------------------------------------------------

void delivery_handling::look() {
  step_ = step::looking;
  ask_record(item_id_);
}

void delivery_handling::looked(const result<work_answer>& answer) {
  if (const auto* failure = jetstream::lookup_failure(answer)) {
    end_ = tl::make_unexpected(*failure);
    return;
  }
  revision_ = jetstream::revision_in(answer);
  if (is_last_write(answer)) {
    return written(revision_);
  }
  const auto read = record_in(answer);
  const auto* found = read && *read ? &**read : nullptr;
  std::visit(overloaded{
               [&](const free_to_take&) {
                 if (too_large_) {
                   bury(found, *too_large_);
                 } else if (what_.why == purpose::take) {
                   take(found);
                 } else {
                   pass_on(ack_kind::nak, {});
                 }
               },
               [&](const stale_copy&) { pass_on(ack_kind::ack, {}); },
               [&](const is_over_already&) {
                 end_ = passed_on{true};
                 follow(found->record, what_.handle); // whoever ended it may not have come that far
               },
               [&](const not_yet& later) { pass_on(ack_kind::nak, later.wait); },
               [&](const is_dead& dead) { bury(found, dead.reason); },
             },
             meaning(read));
}

delivery_meaning delivery_handling::meaning(const result<std::optional<found_record>>& read) const {
  const auto* found = read && *read ? &**read : nullptr;
  if (delivered_ && read) {
    return decide(*delivered_, found, server_now());
  }
  if (found != nullptr && is_over(found->record.state)) {
    return is_over_already{};
  }
  // With the dead letters somebody sees it; left in the queue it would come again and again.
  return is_dead{"What is known of the item cannot be read."};
}

// -- writing -----------------------------------------------------------------------------------

void delivery_handling::take(const found_record* before) {
  write(taken(*delivered_, before == nullptr ? nullptr : &before->record, what_.taker,
              world_.wall_clock()),
        before, step::taking);
}

void delivery_handling::bury(const found_record* before, std::string reason) {
  const auto now = world_.wall_clock();
  if (delivered_) {
    auto record =
      died(*delivered_, before == nullptr ? nullptr : &before->record, std::move(reason), now);
    if (too_large_) {
      cut_down(record);
    }
    write(std::move(record), before, step::burying);
  } else {
    write(unreadable(what_.where, what_.delivery.stream_sequence,
                     one_line(messaging::shown_payload(what_.delivery.payload)), now),
          before, step::burying);
  }
}

void delivery_handling::write(item_record record, const found_record* before, step what) {
  step_ = what;
  if (before == nullptr && delivered_) {
    ask_write_task(record.item); // whoever offered it may not have come that far
  }
  ask_write(record, revision_);
  written_ = {std::move(record), 0, server_now()};
}

void delivery_handling::took(const result<work_answer>& answer) {
  if (jetstream::is_conflict(answer)) {
    return look_again();
  }
  if (!answer) {
    if (is_too_large_for(answer.error())) {
      return;
    }
    if (answer.error().code == ec::unknown_outcome) {
      end_ = doubtful{item_id_, answer.error()};
    } else {
      end_ = tl::make_unexpected(answer.error());
    }
    return;
  }
  written(jetstream::revision_in(answer));
}

void delivery_handling::written(std::uint64_t revision) {
  written_.revision = revision;
  if (written_.record.state == item_state::claimed) {
    end_ = taken_item{written_, what_.handle};
    follow(written_.record, std::nullopt);
  } else {
    follow(written_.record, what_.handle);
  }
}

void delivery_handling::buried_it(const result<work_answer>& answer) {
  if (jetstream::is_conflict(answer)) {
    return look_again();
  }
  if (!answer) {
    if (!is_too_large_for(answer.error())) {
      end_ = tl::make_unexpected(answer.error());
    }
    return;
  }
  follow(written_.record, what_.handle);
}

bool delivery_handling::is_too_large_for(const error& why) {
  if (too_large_ || !delivered_ || !jetstream::is_too_large(why)) {
    return false;
  }
  too_large_ = "Nobody can work on it: it is too large to be kept with its record. " + why.message;
  look();
  return true;
}

void delivery_handling::look_again() {
  if (++conflicts_ < limits::work_conflicts_max) {
    return look();
  }
  end_ = passed_on{}; // it comes again when the others are done
}

// -- what follows ------------------------------------------------------------------------------

void delivery_handling::pass_on(ack_kind kind, std::chrono::milliseconds delay) {
  end_ = passed_on{kind == ack_kind::ack};
  step_ = step::settling;
  if (auto command = settlement(what_.handle, kind, delay, world_)) {
    ask(std::move(*command));
  }
}

void delivery_handling::follow(item_record record, std::optional<open_delivery> handle) {
  step_ = step::following;
  following_.emplace(std::move(record), std::nullopt, std::move(handle));
  go_on();
}

void delivery_handling::go_on() {
  if (!end_) {
    if (const auto& failure = following_->failure()) {
      end_ = tl::make_unexpected(*failure);
    } else if (!following_->owes_letter()) {
      end_ = buried{item_id_, written_.record.reason};
    }
  }
  notices_lost_ = following_->notice_lost() ? 1 : 0;
  for (auto& command : following_->next(world_)) {
    ask(std::move(command));
  }
}

} // namespace nats_mcp::work
