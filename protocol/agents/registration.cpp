// SPDX-License-Identifier: MIT
#include "protocol/agents/registration.hpp"

#include "protocol/agents/buckets.hpp"
#include "protocol/limits.hpp"

#include <utility>

namespace nats_mcp::agents {

namespace {

/// Where the answers of the look at a predecessor stand; the rest are its signs of life.
constexpr std::size_t touched_answer = 0;
constexpr std::size_t anchor_answer = 1;
constexpr std::size_t first_entry_answer = 2;

error taken_over() { return {ec::conflict, "Another process has taken over as this agent.", 0}; }

} // namespace

registration::registration(request what, random_source random)
  : what_{std::move(what)}
  , random_{std::move(random)} {
  const auto key = agent_key(what_.self, what_.record.seen_by);
  if (!key) {
    fail_with({ec::invalid_argument,
               "visibility cannot be user-only: the name of this user is not known. Set USER, or "
               "choose another visibility.",
               0});
    return;
  }
  ask(look_up(sessions_bucket, what_.returning_key));
}

void registration::on_answers(const key_round& round) {
  switch (step_) {
    case step::finding_guid:
      return found_guid(round);
    case step::touching_guid:
      return touched_guid(round);
    case step::looking_at_predecessor:
      return looked_at_predecessor(round);
    case step::listing_guid:
      return listed_guid(round);
    case step::looking_at_list:
      return looked_at_list(round);
    case step::taking_anchor:
      return took_anchor(round);
    case step::removing_old_entries:
      return removed_old_entries(round);
    case step::writing_entry:
      return wrote_entry(round);
    case step::looking_at_entry:
      return looked_at_entry(round);
    case step::removing_narrower_entries:
      return removed_narrower_entries(round);
    case step::looking_at_narrower_entries:
      return looked_at_narrower_entries(round);
  }
}

// -- whose guid --------------------------------------------------------------------------------

void registration::found_guid(const key_round& round) {
  const auto& answer = round.answers.front();
  if (const auto* failure = lookup_failure(answer)) {
    return fail_with(*failure);
  }
  const auto* entry = entry_in(answer);
  way_back_ = entry == nullptr ? way_back{} : read_way_back(entry->value);
  way_back_revision_ = revision_in(answer);
  const auto& known = way_back_.guid;
  if (what_.held) {
    what_.record.guid = what_.held->record.guid;
    if (!known.empty() && known != what_.record.guid) {
      if (!what_.predecessor || what_.predecessor->guid != known) {
        // Another agent's of the same name that lives elsewhere: it keeps its entry.
        return look_at_predecessor();
      }
      what_.record.guid = known;
    }
  } else {
    what_.record.guid = known.empty() ? what_.new_guid : known;
  }
  lead_back_to(way_back_, what_.record.guid);
  const auto write_id = make_uuid(random_);
  step_ = step::touching_guid;
  ask(jetstream::kv_put{std::string{sessions_bucket}, what_.returning_key,
                        write_way_back(way_back_, write_id), way_back_revision_, write_id,
                        monotonic_time{}});
}

void registration::touched_guid(const key_round& round) {
  const auto& answer = round.answers.front();
  if (is_conflict(answer)) {
    return start_over();
  }
  if (const auto* failure = write_failure(answer)) {
    return fail_with(*failure);
  }
  touched_ = true;
  way_back_revision_ = revision_in(answer);
  look_at_predecessor();
}

void registration::look_at_predecessor() {
  step_ = step::looking_at_predecessor;
  what_.self.guid = what_.record.guid;
  ask(look_up(sessions_bucket, what_.returning_key));
  ask(look_up(sessions_bucket, what_.record.guid));
  const auto keys = visible_keys(what_.self, what_.record.guid);
  for (const auto bucket : {agents_bucket, presence_bucket}) {
    for (const auto& key : keys) {
      ask(look_up(bucket, key));
    }
  }
}

void registration::looked_at_predecessor(const key_round& round) {
  if (const auto* failure = first_lookup_failure(round.answers)) {
    return fail_with(*failure);
  }
  if (const auto* touched = entry_in(round.answers[touched_answer])) {
    looked_at_ = touched->stored_at;
    if (touched_) {
      clock_.observe(touched->stored_at, what_.asked_at, round.answered_at);
    }
  }
  const auto* anchored = entry_in(round.answers[anchor_answer]);
  const bool of_another = anchored != nullptr && !is_ours(*anchored);
  if (what_.held && !changes_guid()) {
    if (of_another) {
      return fail_with(taken_over());
    }
  } else if (!may_take(anchored, round)) {
    return stay_apart();
  }
  returned_ = of_another || changes_guid() || taken_over_ == what_.record.guid;
  anchor_revision_ = revision_in(round.answers[anchor_answer]);
  find_entries(round);
  take_anchor();
}

void registration::find_entries(const key_round& round) {
  const auto own_key = *agent_key(what_.self, what_.record.seen_by);
  const auto keys = visible_keys(what_.self, what_.record.guid);
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const auto& answer = round.answers[first_entry_answer + i];
    if (keys[i] == own_key) {
      entry_revision_ = revision_in(answer);
    } else if (entry_in(answer) != nullptr) {
      old_entries_.push_back({keys[i], revision_in(answer), parse_agent_key(keys[i])->seen_by});
    }
  }
}

bool registration::may_take(const jetstream::kv_entry* anchored, const key_round& round) {
  const auto& then = what_.predecessor;
  const auto held =
    anchored == nullptr ? result<anchor>{fail(ec::not_found, {})} : read_anchor(anchored->value);
  if (held && held->session_id != what_.record.session_id) {
    const auto keys = visible_keys(what_.self, what_.record.guid);
    if (!looked_at_
        || (!held->agent_key.empty()
            && std::find(keys.begin(), keys.end(), held->agent_key) == keys.end())) {
      return false; // or another user's or project's: anybody may have written the way back
    }
    const auto holder = holder_of(*held, anchored->stored_at, round);
    if (what_.held && !(then && was_gone(*then, holder, *looked_at_))) {
      return false; // it was there beside this one: two agents, whoever speaks as it now
    }
    if (free_in(holder, *looked_at_).count() > 0) {
      predecessor_ = what_.held ? then : holder;
      return false;
    }
  }
  return true; // nobody's, or this process's own: what cannot be read belongs to nobody
}

guid_holder registration::holder_of(const anchor& held, wall_time anchored_at,
                                    const key_round& round) const {
  auto out = holder_by(held, what_.record.guid, anchored_at);
  const auto keys = visible_keys(what_.self, what_.record.guid);
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (const auto* entry = entry_in(round.answers[first_entry_answer + i])) {
      if (const auto record = read_agent_record(keys[i], entry->value)) {
        add_record(out, *record, entry->stored_at, anchored_at);
      }
    }
    if (const auto* beat = entry_in(round.answers[first_entry_answer + keys.size() + i])) {
      add_heartbeat(out, read_presence(beat->value), beat->stored_at);
    }
  }
  return out;
}

void registration::stay_apart() {
  if (what_.held) {
    what_.record.guid = what_.held->record.guid;
  } else {
    // Another agent of the same name: whoever comes next does not return to it, but gets its mail.
    if (what_.record.guid == what_.new_guid) {
      what_.new_guid = make_uuid(random_); // the way back led another to it first
    }
    what_.record.guid = what_.new_guid;
  }
  if (may_repeat()) {
    look_at_predecessor(); // an attempt of this process may have come far
  }
}

bool registration::changes_guid() const {
  return what_.held && what_.record.guid != what_.held->record.guid;
}

bool registration::is_ours(const jetstream::kv_entry& anchored) const {
  const auto held = read_anchor(anchored.value);
  return held && held->session_id == what_.record.session_id;
}

// -- taking it ---------------------------------------------------------------------------------

void registration::take_anchor() {
  if (!leads_to(way_back_, what_.record.guid)) {
    return list_guid();
  }
  step_ = step::taking_anchor;
  key_ = *agent_key(what_.self, what_.record.seen_by);
  const auto write_id = make_uuid(random_);
  ask(jetstream::kv_put{
    std::string{sessions_bucket}, what_.record.guid,
    write_anchor({what_.record.session_id, key_, what_.now, what_.record.heartbeat_interval},
                 write_id),
    anchor_revision_, write_id, monotonic_time{}});
}

void registration::list_guid() {
  if (!add_other(way_back_, what_.record.guid)) {
    return fail_with({ec::busy,
                      "Too many agents are registered as \"" + what_.record.handle
                        + "\", or were within the last days (more than "
                        + std::to_string(limits::guids_of_a_name_max)
                        + "). Choose another handle, or try again later.",
                      0});
  }
  step_ = step::listing_guid;
  const auto write_id = make_uuid(random_);
  ask(jetstream::kv_put{std::string{sessions_bucket}, what_.returning_key,
                        write_way_back(way_back_, write_id), way_back_revision_, write_id,
                        monotonic_time{}});
}

void registration::listed_guid(const key_round& round) {
  const auto& answer = round.answers.front();
  if (is_conflict(answer)) {
    // Others of the name register as well. To whom it leads back is settled; only the list grew.
    if (may_repeat()) {
      step_ = step::looking_at_list;
      ask(look_up(sessions_bucket, what_.returning_key));
    }
    return;
  }
  if (const auto* failure = write_failure(answer)) {
    return fail_with(*failure);
  }
  way_back_revision_ = revision_in(answer);
  take_anchor();
}

void registration::looked_at_list(const key_round& round) {
  const auto& answer = round.answers.front();
  if (const auto* failure = lookup_failure(answer)) {
    return fail_with(*failure);
  }
  const auto* entry = entry_in(answer);
  way_back_ = entry == nullptr ? way_back{} : read_way_back(entry->value);
  way_back_revision_ = revision_in(answer);
  take_anchor();
}

void registration::took_anchor(const key_round& round) {
  const auto& answer = round.answers.front();
  if (is_conflict(answer)) {
    return start_over();
  }
  if (const auto* failure = write_failure(answer)) {
    return fail_with(*failure);
  }
  anchor_revision_ = revision_in(answer);
  if (returned_) {
    taken_over_ = what_.record.guid;
  }
  // Never visible to more than was asked for: what is seen by others than the new entry goes first.
  step_ = step::removing_old_entries;
  if (!remove_entries(false)) {
    write_entry();
  }
}

// -- the end -----------------------------------------------------------------------------------

bool registration::may_repeat() {
  if (++attempts_ < attempts_max) {
    return true;
  }
  fail_with(
    {ec::busy,
     "Several processes register as \"" + what_.record.handle + "\" at the same time. Try again.",
     0});
  return false;
}

void registration::start_over() {
  if (!may_repeat()) {
    return;
  }
  step_ = step::finding_guid;
  returned_ = false;
  anchor_revision_ = 0;
  entry_revision_ = 0;
  predecessor_.reset();
  old_entries_.clear();
  ask(look_up(sessions_bucket, what_.returning_key));
}

void registration::succeed() {
  end_ = outcome{
    {what_.record, what_.record.session_id, key_, entry_revision_, anchor_revision_, what_.now},
    returned_};
}

void registration::fail_with(error why) { end_ = tl::make_unexpected(std::move(why)); }

} // namespace nats_mcp::agents
