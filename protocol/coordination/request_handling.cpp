// SPDX-License-Identifier: MIT
#include "protocol/coordination/request_handling.hpp"

#include "protocol/coordination/work_offer.hpp"
#include "protocol/jetstream/reply_codec.hpp"
#include "protocol/limits.hpp"
#include "protocol/limits/coordination.hpp"
#include "protocol/overloaded.hpp"
#include "protocol/work/history.hpp"
#include "protocol/work/streams.hpp"

#include <algorithm>
#include <utility>

namespace nats_mcp::coordination {

using jetstream::ack_kind;

request_handling::request_handling(request what, work::script_world world)
  : work_script{std::move(world)}
  , what_{std::move(what)} {
  begin();
}

void request_handling::begin() {
  if (!what_.delivery) {
    return look();
  }
  auto read = read_request(what_.delivery->subject, what_.delivery->payload);
  if (!read) {
    end_ = outcome{unreadable{std::move(read.error())}};
    return settle(ack_kind::term, {});
  }
  what_.item_id = read->item.id;
  wanted_ = std::move(*read);
  look();
}

void request_handling::on_answers(const work::work_round& round) {
  if (what_.delivery) {
    world_.server_time.observe(what_.delivery->stored_at, round.answered_at);
  }
  observe(round);
  const auto& last = round.answers.back();
  switch (step_) {
    case step::looking:
      return looked(last);
    case step::giving:
      return gave(last);
    case step::queueing:
      return queued(last);
    case step::clearing:
      return place(); // gone already, or not permitted: whoever is handed it finds it stale
    case step::placing:
      return placed_it(last);
    case step::telling:
      notices_lost_ += last ? 0 : 1;
      return settle(ack_kind::nak, rest_);
    case step::burying:
      return buried_it(last);
    case step::closing:
      closing_->on_answers(round.answers);
      return go_on();
    case step::settling:
      return;
  }
}

// -- what it means -------------------------------------------------------------------------------

void request_handling::look() {
  step_ = step::looking;
  ask_record(what_.item_id);
}

void request_handling::looked(const answer& found) {
  if (const auto* failure = jetstream::lookup_failure(found)) {
    return fail_with(*failure);
  }
  revision_ = jetstream::revision_in(found);
  if (std::exchange(met_conflict_, false) && is_last_write(found)) {
    return written(revision_);
  }
  auto read = work::record_in(found);
  if (!read) {
    return fail_with(read.error()); // whoever is handed the item buries it
  }
  found_ = std::move(*read);
  if (!wanted_ && !found_) {
    end_ = outcome{left_alone{}};
    return;
  }
  const auto& item = wanted_ ? wanted_->item : found_->record.item;
  decided(
    decide_assignment(item, found_ ? &*found_ : nullptr, what_.term, what_.is_gone, server_now()));
}

void request_handling::decided(const assignment_meaning& meaning) {
  if (found_) {
    record_ = found_->record;
  }
  std::visit(overloaded{
               [&](const needs_worker&) { too_large_ ? bury(*too_large_) : give(); },
               [&](const is_finished&) {
                 end_ = outcome{finished{record_.state}};
                 const auto age = server_now() - found_->stored_at;
                 close(age > limits::assignment_news_max ? closing::news::told_long_ago
                                                         : closing::news::perhaps_told);
               },
               [&](const is_left_alone&) {
                 end_ = outcome{left_alone{}};
                 settle(ack_kind::ack, {});
               },
               [&](const is_outranked& by) {
                 end_ = outcome{outranked{by.by_term}};
                 settle(ack_kind::nak, {});
               },
               [&](const can_wait& later) { rest(resting{}, later.rest); },
               [&](const is_half_given&) {
                 is_others_ = true;
                 queue();
               },
               [&](const is_given& to) {
                 end_ = outcome{assigned{record_, false}};
                 tell(to.rest);
               },
               [&](const work::is_dead& dead) { bury(dead.reason); },
             },
             meaning);
}

item_kind request_handling::kind() const {
  const auto& item = wanted_ ? wanted_->item : found_->record.item;
  return {item.capability, item.scope, item.offered_by.guid,
          wanted_ ? wanted_->preferred_worker : what_.preferred_worker,
          found_ ? found_->record.item.assigned_to : std::string{}};
}

// -- giving it to a worker -----------------------------------------------------------------------

void request_handling::give() {
  const auto* before = found_ ? &found_->record : nullptr;
  auto worker = next_worker(
    what_.choose, wanted_ ? *wanted_ : assignment_request{before->item, what_.preferred_worker},
    before);
  if (!worker) {
    return rest(unplaced{}, what_.retry_after);
  }
  const auto now = world_.wall_clock();
  grant what{what_.term, std::move(worker->guid), server_now() + what_.assign_timeout,
             std::move(worker->passed_over)};
  is_others_ = false;
  write(given(before == nullptr ? requested(wanted_->item, now) : *before, std::move(what), now),
        step::giving);
}

void request_handling::gave(const answer& written_one) {
  if (jetstream::is_conflict(written_one)) {
    return look_again();
  }
  if (!written_one) {
    return too_large_or_failed(written_one.error());
  }
  written(jetstream::revision_in(written_one));
}

void request_handling::queue() {
  step_ = step::queueing;
  ask(work::queue_message(record_.item, record_.generation));
}

void request_handling::queued(const answer& stored) {
  if (!stored) {
    return fail_with(stored.error());
  }
  queue_sequence_ = std::get<jetstream::publish_receipt>(*stored).sequence;
  if (const auto replaced = record_.assigned->replaced_sequence; replaced != 0) {
    step_ = step::clearing;
    ask(work::delete_message_request(work::work_stream_name, replaced, monotonic_time{}));
    return;
  }
  place();
}

void request_handling::place() {
  write(placed(record_, what_.term, queue_sequence_), step::placing);
}

void request_handling::placed_it(const answer& written_one) {
  if (jetstream::is_conflict(written_one)) {
    return look_again(); // claimed already, most likely
  }
  if (!written_one) {
    return fail_with(written_one.error());
  }
  written(jetstream::revision_in(written_one));
}

void request_handling::tell(std::chrono::milliseconds rest_of_time) {
  step_ = step::telling;
  rest_ = std::min<std::chrono::milliseconds>(rest_of_time, limits::assignment_look_max);
  auto message = work_offer_message(record_, world_.self, world_.wall_clock());
  if (!message) {
    return settle(ack_kind::nak, rest_);
  }
  message->deadline = world_.deadline_clock() + limits::work_notice_max;
  ask(std::move(*message));
}

// -- the end of it -------------------------------------------------------------------------------

void request_handling::bury(std::string_view reason) {
  const auto now = world_.wall_clock();
  auto next = given_up(found_ ? record_ : requested(wanted_->item, now), what_.term, reason, now);
  if (too_large_) {
    work::cut_down(next);
  }
  write(std::move(next), step::burying);
}

void request_handling::buried_it(const answer& written_one) {
  if (jetstream::is_conflict(written_one)) {
    return look_again();
  }
  if (!written_one) {
    return too_large_or_failed(written_one.error());
  }
  written(jetstream::revision_in(written_one));
}

void request_handling::too_large_or_failed(const error& why) {
  if (too_large_ || !jetstream::is_too_large(why)) {
    return fail_with(why);
  }
  too_large_ = "Nobody can work on it: it is too large to be kept with its record. " + why.message;
  look();
}

void request_handling::close(closing::news told) {
  step_ = step::closing;
  closing_.emplace(record_, told, what_.is_gone(record_.item.assigned_to));
  go_on();
}

void request_handling::go_on() {
  if (const auto& failure = closing_->failure()) {
    return fail_with(*failure);
  }
  if (!end_ && !closing_->owes_letter()) {
    end_ = outcome{buried{record_.reason}};
  }
  notices_lost_ = closing_->notice_lost() ? 1 : 0;
  auto commands = closing_->next(world_);
  if (commands.empty()) {
    return settle(ack_kind::ack, {});
  }
  for (auto& command : commands) {
    ask(std::move(command));
  }
}

// -- in general ----------------------------------------------------------------------------------

void request_handling::write(work::item_record next, step what) {
  step_ = what;
  record_ = std::move(next);
  if (revision_ == 0) {
    ask_write_task(record_.item); // whoever requested it may not have come that far
  }
  ask_write(record_, revision_);
}

void request_handling::written(std::uint64_t revision) {
  revision_ = revision;
  if (record_.state == work::item_state::dead) {
    return close(closing::news::perhaps_told);
  }
  if (record_.queue_sequence == 0) {
    return queue();
  }
  if (is_others_) {
    is_others_ = false;
    return look();
  }
  end_ = outcome{assigned{record_, true}};
  tell(what_.assign_timeout);
}

void request_handling::look_again() {
  if (++conflicts_ < limits::work_conflicts_max) {
    met_conflict_ = true;
    return look();
  }
  rest(resting{}, limits::assignment_retry);
}

void request_handling::rest(outcome what, std::chrono::milliseconds how_long) {
  end_ = std::move(what);
  settle(ack_kind::nak, std::min<std::chrono::milliseconds>(how_long, limits::assignment_look_max));
}

void request_handling::settle(ack_kind kind, std::chrono::milliseconds delay) {
  step_ = step::settling;
  if (auto command = work::settlement(what_.handle, kind, delay, world_)) {
    ask(std::move(*command));
  }
}

} // namespace nats_mcp::coordination
