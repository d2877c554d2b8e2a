// SPDX-License-Identifier: MIT
#include "protocol/work/item_update.hpp"

#include "protocol/jetstream/sentences.hpp"
#include "protocol/limits.hpp"
#include "protocol/work/item_change.hpp"

#include <utility>

namespace nats_mcp::work {

item_update::item_update(request what, script_world world)
  : work_script{std::move(world)}
  , what_{std::move(what)} {
  if (what_.known) {
    world_.server_time.observe(what_.known->stored_at, world_.clock());
    change_it(*what_.known);
  } else {
    look();
  }
}

void item_update::on_answers(const work_round& round) {
  observe(round);
  const auto& answer = round.answers.front();
  switch (step_) {
    case step::looking:
      return looked(answer);
    case step::writing:
      return wrote(answer);
    case step::following:
      following_->on_answers(round.answers);
      return go_on();
  }
}

void item_update::look() {
  step_ = step::looking;
  looked_ = true;
  ask_record(what_.item_id);
}

void item_update::looked(const result<work_answer>& answer) {
  const auto read = record_in(answer);
  if (!read && conflicts_ > 0) {
    // The conflict may have been with a first copy of the write: only the record could have told.
    return fail_not_knowing();
  }
  if (!read) {
    return fail_with(read.error());
  }
  if (is_last_write(answer)) {
    written_.revision = jetstream::revision_in(answer);
    return follow();
  }
  if (!*read) {
    return fail_with(no_such_item(what_.item_id));
  }
  change_it(**read);
}

void item_update::change_it(const found_record& found) {
  if (what_.visible && !what_.visible(found.record)) {
    return fail_with(no_such_item(what_.item_id));
  }
  auto changed = what_.apply(found.record, server_now());
  if (!changed && shows_what_was_written(found.record)) {
    end_ = outcome{written_, false, {}}; // whoever overwrote it does what follows
    return;
  }
  if (!changed && may_be_stored_) {
    return fail_not_knowing(); // "nothing was changed" might be a lie
  }
  if (!changed) {
    // What was known may be out of date; only the record refuses.
    return looked_ ? fail_with(std::move(changed.error())) : look();
  }
  if (*changed == found.record) {
    end_ = outcome{found, true, {}};
    written_ = found;
    if (is_over(found.record.state)) {
      follow(); // it may not have come that far
    }
    return;
  }
  step_ = step::writing;
  before_ = found.record;
  ask_write(*changed, found.revision);
  written_ = {std::move(*changed), 0, server_now()};
}

void item_update::wrote(const result<work_answer>& answer) {
  if (jetstream::is_conflict(answer)) {
    may_be_stored_ = may_be_stored_ || jetstream::is_ambiguous_conflict(answer);
    return look_again();
  }
  if (!answer) {
    return fail_with(answer.error());
  }
  written_.revision = jetstream::revision_in(answer);
  follow();
}

void item_update::look_again() {
  if (++conflicts_ < limits::work_conflicts_max) {
    return look();
  }
  if (may_be_stored_) {
    return fail_not_knowing();
  }
  fail_with(too_many_conflicts(what_.item_id));
}

void item_update::follow() {
  step_ = step::following;
  following_.emplace(written_.record, before_, what_.handle);
  go_on();
}

void item_update::go_on() {
  // Whoever is told that an item is dead finds it among the dead letters, if NATS takes them.
  if (!end_ && (!following_->owes_letter() || following_->failure())) {
    end_ = outcome{written_, false, following_->failure()};
  }
  auto commands = following_->next(world_);
  what_.handle = following_->handle();
  notices_lost_ = following_->notice_lost() ? 1 : 0;
  for (auto& command : commands) {
    ask(std::move(command));
  }
}

bool item_update::shows_what_was_written(const item_record& now) const {
  if (conflicts_ == 0 || !before_) {
    return false;
  }
  const auto& wanted = written_.record.attempts;
  if (wanted.empty() || wanted.size() != before_->attempts.size()
      || wanted.size() > now.attempts.size() || wanted.back() == before_->attempts.back()) {
    return false;
  }
  const auto& ours = wanted.back();
  const auto& there = now.attempts[wanted.size() - 1];
  const bool ended_by_it =
    ours.end == attempt_end::open
    || (there.end == ours.end && there.ended_at == ours.ended_at && there.error == ours.error);
  const bool with_its_result =
    ours.end != attempt_end::completed
    || is_completed_with(now, ours.worker.guid, written_.record.summary, written_.record.outcome);
  return there.worker == ours.worker && there.started_at == ours.started_at
         && there.note == ours.note && there.progress == ours.progress && ended_by_it
         && with_its_result;
}

void item_update::fail_with(error why) { end_ = tl::make_unexpected(std::move(why)); }

void item_update::fail_not_knowing() {
  fail_with({ec::unknown_outcome,
             jetstream::unknown_outcome_sentence("change of work item " + what_.item_id), 0});
}

} // namespace nats_mcp::work
