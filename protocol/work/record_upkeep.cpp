// SPDX-License-Identifier: MIT
#include "protocol/work/record_upkeep.hpp"

#include "protocol/limits.hpp"
#include "protocol/work/dead_letter.hpp"
#include "protocol/work/item_change.hpp"
#include "protocol/work/lanes.hpp"
#include "protocol/work/streams.hpp"

#include <algorithm>
#include <utility>
#include <variant>

namespace nats_mcp::work {

namespace {

result<jetstream::api_reply> reply_in(const result<work_answer>& answer) {
  if (!answer) {
    return tl::make_unexpected(answer.error());
  }
  return std::get<jetstream::api_reply>(*answer);
}

/// The letter in the answer to a look for it, as it was read; nothing if there is none.
std::optional<std::pair<dead_letter, std::uint64_t>> letter_in(const result<work_answer>& answer) {
  const auto* stored = answer ? std::get_if<jetstream::stored_message>(&*answer) : nullptr;
  if (stored == nullptr) {
    return std::nullopt;
  }
  return std::pair{read_dead_letter(stored->subject, stored->payload, stored->stored_at),
                   stored->sequence};
}

} // namespace

upkeep upkeep_of(const found_record& found, wall_time server_now,
                 std::chrono::milliseconds letters_kept_for) {
  const auto& record = found.record;
  if (record.state == item_state::dead) {
    const auto age = server_now - found.stored_at;
    const auto age_max = std::min(limits::upkeep_letter_age_max, letters_kept_for / 2);
    return age >= limits::upkeep_rest && age < age_max ? upkeep::check_letter : upkeep::none;
  }
  if (is_over(record.state)) {
    return upkeep::none;
  }
  const auto free_since =
    record.state == item_state::claimed ? lease_over_at(found) : found.stored_at;
  if (server_now < free_since + limits::upkeep_rest) {
    return upkeep::none;
  }
  if (why_dead(record, server_now)) {
    return upkeep::bury;
  }
  if (record.assigned) {
    return upkeep::none; // it is its coordinator's to put into a queue
  }
  return record.queue_sequence == 0 ? upkeep::queue : upkeep::check_message;
}

record_upkeep::record_upkeep(std::string item_id, std::chrono::milliseconds letters_kept_for,
                             script_world world)
  : work_script{std::move(world)}
  , item_id_{std::move(item_id)}
  , letters_kept_for_{letters_kept_for} {
  ask_record(item_id_);
}

void record_upkeep::on_answers(const work_round& round) {
  observe(round);
  const auto& answer = round.answers.front();
  switch (step_) {
    case step::looking:
      return looked(answer);
    case step::asking:
      return asked(round);
    case step::finding_letter:
      return found_letter(answer);
    case step::burying:
      if (const auto revision = written(answer)) {
        found_.revision = *revision;
        follow();
      }
      return;
    case step::following:
      following_->on_answers(round.answers);
      return go_on();
    case step::renumbering:
      if (const auto revision = written(answer)) {
        found_.revision = *revision;
        queue();
      }
      return;
    case step::queueing:
      return queued(answer);
    case step::placing:
      // Without its place it gets it with its next claim.
      if (found_.record.generation > 1) {
        find_letter(step::finding_old_letter);
      }
      return;
    case step::finding_old_letter:
      return found_old_letter(answer);
    case step::removing_letter:
      return; // one that stays is listed on
  }
}

void record_upkeep::looked(const result<work_answer>& answer) {
  auto read = record_in(answer);
  if (!read) {
    return fail_with(std::move(read.error()));
  }
  if (!*read) {
    return finish(outcome::nothing_to_do);
  }
  found_ = std::move(**read);
  switch (upkeep_of(found_, server_now(), letters_kept_for_)) {
    case upkeep::none:
      return finish(outcome::nothing_to_do);
    case upkeep::bury:
      return bury();
    case upkeep::check_message: {
      step_ = step::asking;
      const auto where = lane_of(found_.record.item);
      ask(lane_stream_request(where, monotonic_time{}));
      ask(lane_consumer_request(where, monotonic_time{}));
      return;
    }
    case upkeep::queue:
      return queue();
    case upkeep::check_letter:
      return find_letter(step::finding_letter);
  }
}

// -- out of attempts, or too late --------------------------------------------------------------

void record_upkeep::bury() {
  step_ = step::burying;
  const auto reason = why_dead(found_.record, server_now()).value_or(std::string{});
  auto next = died(found_.record, reason, world_.wall_clock());
  ask_write(next, found_.revision);
  found_.record = std::move(next);
}

void record_upkeep::follow() {
  step_ = step::following;
  following_.emplace(found_.record, std::nullopt, std::nullopt);
  go_on();
}

void record_upkeep::find_letter(step then) {
  step_ = then;
  ask(jetstream::get_last{std::string{dead_letter_stream_name}, letter_subject(found_.record.item),
                          monotonic_time{}});
}

void record_upkeep::found_letter(const result<work_answer>& answer) {
  if (const auto* failure = jetstream::lookup_failure(answer)) {
    return fail_with(*failure);
  }
  const auto letter = letter_in(answer);
  if (letter && letter->first.generation >= found_.record.generation) {
    return finish(outcome::nothing_to_do);
  }
  follow();
}

void record_upkeep::found_old_letter(const result<work_answer>& answer) {
  const auto letter = letter_in(answer);
  if (letter && letter->first.generation < found_.record.generation) {
    step_ = step::removing_letter;
    ask(delete_message_request(dead_letter_stream_name, letter->second, monotonic_time{}));
  }
}

void record_upkeep::go_on() {
  if (!end_) {
    if (const auto& failure = following_->failure()) {
      fail_with(*failure); // the next sweep finds it without one
    } else if (!following_->owes_letter()) {
      finish(outcome::buried);
    }
  }
  notices_lost_ = following_->notice_lost() ? 1 : 0;
  for (auto& command : following_->next(world_)) {
    ask(std::move(command));
  }
}

// -- back into the queue -----------------------------------------------------------------------

void record_upkeep::asked(const work_round& round) {
  const auto stream = reply_in(round.answers.front());
  if (!stream) {
    return fail_with(stream.error());
  }
  auto facts = read_stream_facts(lane_of(found_.record.item), stream->body);
  if (!facts) {
    return fail_with(std::move(facts.error()));
  }
  if (auto added = add_consumer_facts(*facts, reply_in(round.answers.back())); !added) {
    return fail_with(std::move(added.error()));
  }
  if (is_gone(found_.record.queue_sequence, *facts)) {
    renumber();
  } else {
    finish(outcome::nothing_to_do);
  }
}

void record_upkeep::renumber() {
  // First the record: should the message turn up after all, it is a stale copy.
  step_ = step::renumbering;
  auto next = queued_anew(found_.record, world_.wall_clock());
  ask_write(next, found_.revision);
  found_.record = std::move(next);
}

void record_upkeep::queue() {
  step_ = step::queueing;
  ask(queue_message(found_.record.item, found_.record.generation));
}

void record_upkeep::queued(const result<work_answer>& answer) {
  if (!answer) {
    return fail_with(answer.error()); // it waits without a place until the next sweep
  }
  finish(outcome::queued_again);
  step_ = step::placing;
  auto placed = found_.record;
  placed.queue_sequence = std::get<jetstream::publish_receipt>(*answer).sequence;
  ask_write_task(placed.item);
  ask_write(placed, found_.revision);
}

std::optional<std::uint64_t> record_upkeep::written(const result<work_answer>& answer) {
  if (jetstream::is_conflict(answer)) {
    finish(outcome::nothing_to_do); // somebody is at work on it
    return std::nullopt;
  }
  if (!answer) {
    fail_with(answer.error());
    return std::nullopt;
  }
  return jetstream::revision_in(answer);
}

} // namespace nats_mcp::work
