// SPDX-License-Identifier: MIT
#include "protocol/work/dead_letter_scripts.hpp"

#include "protocol/jetstream/sentences.hpp"
#include "protocol/limits.hpp"
#include "protocol/work/dead_letter.hpp"
#include "protocol/work/streams.hpp"

#include <utility>

namespace nats_mcp::work {

namespace {

/// The record says that it waits again, and it is not in its queue.
error why_not_back(const error& why, const std::string& item_id) {
  return {why.code,
          "Work item " + item_id
            + " is not back in its queue yet: its message could not be stored. " + why.message
            + " Call retry_dead_letter_item again: it goes on from there.",
          why.jetstream_code};
}

/// The record says that it waits again and it is in its queue; its letter may be there still.
error still_a_letter(const error& why, const std::string& item_id) {
  return {why.code,
          "Work item " + item_id
            + " is back in its queue. But it may still be on the list of dead letters. "
            + why.message + " Call retry_dead_letter_item again: it goes on from there.",
          why.jetstream_code};
}

/// The record says that it was discarded, and its letter is there.
error still_listed(const error& why, const std::string& item_id) {
  return {why.code,
          "Work item " + item_id
            + " was discarded: nobody gets it any more. But it could not be taken off the list of"
              " dead letters. "
            + why.message + " Call discard_dead_letter_item again: it goes on from there.",
          why.jetstream_code};
}

/// Somebody else may have been faster.
bool is_gone(const result<work_answer>& removal) {
  return removal || removal.error().code == ec::not_found;
}

} // namespace

dead_letter_script::dead_letter_script(std::string item_id, visibility_rule visible,
                                       script_world world)
  : work_script{std::move(world)}
  , item_id_{std::move(item_id)}
  , visible_{std::move(visible)} {
  look();
}

void dead_letter_script::on_answers(const work_round& round) {
  observe(round);
  const auto& answer = round.answers.front();
  switch (step_) {
    case step::looking:
      return looked(answer);
    case step::finding_letter:
      return found_letter_in(answer);
    case step::storing_letter:
      return stored_letter(answer);
    case step::changing:
      return changed(answer);
    case step::own:
      return on_answer(answer);
    case step::removing:
      return;
  }
}

// -- what is there -----------------------------------------------------------------------------

void dead_letter_script::look() {
  step_ = step::looking;
  ask_record(item_id_);
}

void dead_letter_script::looked(const result<work_answer>& answer) {
  auto read = record_in(answer);
  if (!read) {
    return fail_with(read.error());
  }
  if (!*read || (visible_ && !visible_((*read)->record))) {
    return fail_with(no_such_item(item_id_));
  }
  found_ = std::move(**read);
  step_ = step::finding_letter;
  ask(jetstream::get_last{std::string{dead_letter_stream_name}, letter_subject(found_.record.item),
                          monotonic_time{}});
}

void dead_letter_script::found_letter_in(const result<work_answer>& answer) {
  letter_.reset();
  if (const auto* failure = jetstream::lookup_failure(answer)) {
    return fail_with(*failure);
  }
  const auto* stored = answer ? std::get_if<jetstream::stored_message>(&*answer) : nullptr;
  if (stored != nullptr) {
    const auto read = read_dead_letter(stored->subject, stored->payload, stored->stored_at);
    letter_ = found_letter{stored->sequence, read.generation, read.attempts};
  }
  if (found_.record.state != item_state::dead) {
    return on_not_dead();
  }
  if (letter_ && letter_->generation >= found_.record.generation) {
    return change_record();
  }
  step_ = step::storing_letter;
  ask(dead_letter_message(found_.record));
}

void dead_letter_script::stored_letter(const result<work_answer>& answer) {
  if (!answer) {
    return fail_with(answer.error());
  }
  letter_ = found_letter{std::get<jetstream::publish_receipt>(*answer).sequence,
                         found_.record.generation, found_.record.attempts_begun};
  change_record();
}

bool dead_letter_script::letter_is_left_over() const noexcept {
  return letter_
         && (letter_->generation < found_.record.generation
             || found_.record.state == item_state::discarded);
}

// -- the change --------------------------------------------------------------------------------

void dead_letter_script::change_record() {
  auto next = change(found_.record);
  if (!next) {
    return refuse(std::move(next.error()));
  }
  step_ = step::changing;
  ask_write(*next, found_.revision);
  found_.record = std::move(*next);
}

void dead_letter_script::changed(const result<work_answer>& answer) {
  if (jetstream::is_conflict(answer)) {
    may_be_changed_ = may_be_changed_ || jetstream::is_ambiguous_conflict(answer);
    return ++conflicts_ < limits::work_conflicts_max ? look()
                                                     : refuse(too_many_conflicts(item_id_));
  }
  if (!answer) {
    return fail_with(answer.error());
  }
  found_.revision = jetstream::revision_in(answer);
  on_change();
}

void dead_letter_script::refuse(error why) {
  if (may_be_changed_) {
    why = {ec::unknown_outcome,
           jetstream::unknown_outcome_sentence("change of work item " + item_id_), 0};
  }
  fail_with(std::move(why));
}

void dead_letter_script::ask_own(work_command what) {
  step_ = step::own;
  ask(std::move(what));
}

void dead_letter_script::remove_letter() {
  step_ = step::removing;
  if (letter_) {
    ask(letter_removal());
  }
}

jetstream::api_request dead_letter_script::letter_removal() const {
  return delete_message_request(dead_letter_stream_name, letter_->sequence, monotonic_time{});
}

// -- back into the queue -----------------------------------------------------------------------

dead_letter_retry::dead_letter_retry(std::string item_id, attempts_after_retry how,
                                     visibility_rule visible, script_world world)
  : dead_letter_script{std::move(item_id), std::move(visible), std::move(world)}
  , how_{how} {
  // nop
}

result<item_record> dead_letter_retry::change(const item_record& dead) {
  return retried(dead, how_, world_.wall_clock());
}

void dead_letter_retry::on_change() { queue(); }

void dead_letter_retry::on_not_dead() {
  const auto& record = found().record;
  if (letter_is_left_over() && !is_over(record.state)) {
    // Begun before: the letter goes last. Whether the queue message was stored shows in the record.
    if (record.state == item_state::pending && record.queue_sequence == 0) {
      return queue();
    }
    return remove();
  }
  const auto refused = retried(record, how_, world_.wall_clock());
  refuse(refused ? error{ec::conflict, "It is not dead.", 0} : refused.error());
  if (letter_is_left_over()) {
    remove_letter();
  }
}

void dead_letter_retry::queue() {
  stage_ = stage::queueing;
  ask_own(queue_message(found().record.item, found().record.generation));
}

void dead_letter_retry::on_answer(const result<work_answer>& answer) {
  switch (stage_) {
    case stage::queueing:
      return queued(answer);
    case stage::placing:
      return remove(); // a record without a place in the queue gets it with its next claim
    case stage::removing:
      return removed(answer);
  }
}

void dead_letter_retry::queued(const result<work_answer>& answer) {
  if (!answer) {
    return fail_with(why_not_back(answer.error(), item_id())); // the letter stays
  }
  stage_ = stage::placing;
  auto record = found().record;
  record.queue_sequence = std::get<jetstream::publish_receipt>(*answer).sequence;
  ask_write(record, found().revision);
  ask_write_task(record.item); // that entry may be as old as the item
}

void dead_letter_retry::remove() {
  stage_ = stage::removing;
  ask_own(letter_removal());
}

void dead_letter_retry::removed(const result<work_answer>& answer) {
  if (is_gone(answer)) {
    end_ = what_became();
  } else {
    fail_with(still_a_letter(answer.error(), item_id()));
  }
}

dead_letter_retry::outcome dead_letter_retry::what_became() const {
  const auto& record = found().record;
  auto attempts = how_;
  if (letter() && letter()->attempts > 0) {
    attempts = record.attempts_begun < letter()->attempts ? attempts_after_retry::reset
                                                          : attempts_after_retry::kept;
  }
  return {record.item, attempts, record.attempts_begun, record.attempts_max};
}

// -- away for good -----------------------------------------------------------------------------

dead_letter_discard::dead_letter_discard(std::string item_id, visibility_rule visible,
                                         script_world world)
  : dead_letter_script{std::move(item_id), std::move(visible), std::move(world)} {
  // nop
}

result<item_record> dead_letter_discard::change(const item_record& dead) {
  return discarded(dead, world_.wall_clock());
}

void dead_letter_discard::on_change() { remove(); }

void dead_letter_discard::remove() {
  if (letter()) {
    ask_own(letter_removal());
  } else {
    end_ = found().record.item;
  }
}

void dead_letter_discard::on_not_dead() {
  const auto& record = found().record;
  if (record.state == item_state::discarded && letter()) {
    return remove();
  }
  const auto refused = discarded(record, world_.wall_clock());
  refuse(refused ? error{ec::conflict, "It is not dead.", 0} : refused.error());
  if (letter_is_left_over() && is_over(record.state)) {
    remove_letter();
  }
}

void dead_letter_discard::on_answer(const result<work_answer>& answer) {
  if (is_gone(answer)) {
    end_ = found().record.item;
  } else {
    fail_with(still_listed(answer.error(), item_id()));
  }
}

} // namespace nats_mcp::work
