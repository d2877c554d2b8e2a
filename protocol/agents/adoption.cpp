// SPDX-License-Identifier: MIT
#include "protocol/agents/adoption.hpp"

#include "protocol/agents/buckets.hpp"
#include "protocol/agents/guid_holder.hpp"

#include <algorithm>
#include <utility>

namespace nats_mcp::agents {

namespace {

/// Where the answers of the first look stand.
constexpr std::size_t list_answer = 0;
constexpr std::size_t own_anchor_answer = 1;
constexpr std::size_t own_sign_answer = 2;

} // namespace

adoption::adoption(request what, random_source random)
  : what_{std::move(what)}
  , random_{std::move(random)} {
  ask(look_up(sessions_bucket, what_.returning_key));
  ask(look_up(sessions_bucket, what_.held.record.guid));
  // Its own last sign of life tells what time it is at the server, an interval at most too early.
  ask(look_up(presence_bucket, what_.held.agent_key));
}

void adoption::on_answers(const key_round& round) {
  switch (step_) {
    case step::looking_at_list:
      return looked_at_list(round);
    case step::looking_at_one:
      return looked_at_one(round);
    case step::taking_anchor:
      return took_anchor(round);
    case step::removing_entries:
      // What was written since, or could not be removed, is met by the next look.
      out_.formers.push_back({guid(), {}});
      return look_at_next();
  }
}

void adoption::looked_at_list(const key_round& round) {
  if (const auto* failure = first_lookup_failure(round.answers)) {
    end_ = tl::make_unexpected(*failure);
    return;
  }
  const auto* entry = entry_in(round.answers[list_answer]);
  out_.way = entry == nullptr ? way_back{} : read_way_back(entry->value);
  out_.way_revision = revision_in(round.answers[list_answer]);
  const auto* anchored = entry_in(round.answers[own_anchor_answer]);
  const auto holder =
    anchored == nullptr ? result<anchor>{fail(ec::not_found, {})} : read_anchor(anchored->value);
  if (out_.way.guid != what_.held.record.guid || !holder
      || holder->session_id != what_.held.session_id) {
    end_ = fail(ec::conflict, "Agents of this name return to another GUID.");
    return;
  }
  for (const auto answer : {own_anchor_answer, own_sign_answer}) {
    if (const auto* seen = entry_in(round.answers[answer])) {
      what_.clock.observe(seen->stored_at, round.answered_at);
    }
  }
  look_at_next();
}

void adoption::look_at_next() {
  if (next_ == out_.way.others.size()) {
    end_ = std::move(out_);
    return;
  }
  ++next_;
  as_ = what_.self;
  as_.guid = guid();
  keys_ = visible_keys(as_, guid());
  entries_.clear();
  step_ = step::looking_at_one;
  ask(look_up(sessions_bucket, guid()));
  for (const auto bucket : {agents_bucket, presence_bucket}) {
    for (const auto& key : keys_) {
      ask(look_up(bucket, key));
    }
  }
}

void adoption::looked_at_one(const key_round& round) {
  if (first_lookup_failure(round.answers) != nullptr) {
    return look_at_next(); // what may not be seen is not touched
  }
  const auto* anchored = entry_in(round.answers.front());
  const auto held =
    anchored == nullptr ? result<anchor>{fail(ec::not_found, {})} : read_anchor(anchored->value);
  const bool ours = held && held->session_id == what_.held.session_id;
  if (held && !ours && (is_anothers(*held, round) || !is_free(*held, *anchored, round))) {
    return look_at_next();
  }
  for (std::size_t i = 0; i < keys_.size(); ++i) {
    const auto& answer = round.answers[1 + i];
    if (entry_in(answer) != nullptr) {
      entries_.push_back({keys_[i], revision_in(answer)});
    }
  }
  const auto server_now = what_.clock.now(round.answered_at);
  // Whoever has taken it before said since when there is nothing of it to be found.
  const auto gone_since = held && entries_.empty() ? std::min(held->since, server_now) : server_now;
  quiet_for_ = server_now - gone_since;
  if (!ours || !entries_.empty()) {
    // The anchor first, so that nobody writes these any more.
    return take_anchor(revision_in(round.answers.front()), gone_since);
  }
  out_.formers.push_back({guid(), quiet_for_});
  look_at_next();
}

bool adoption::is_anothers(const anchor& held, const key_round& round) const {
  // Anybody may have written the list: what stands in it decides nothing by itself.
  if (!held.agent_key.empty()
      && std::find(keys_.begin(), keys_.end(), held.agent_key) == keys_.end()) {
    return true;
  }
  const auto& own = what_.held.record;
  for (std::size_t i = 0; i < keys_.size(); ++i) {
    const auto* entry = entry_in(round.answers[1 + i]);
    const auto record = entry == nullptr ? result<agent_record>{fail(ec::not_found, {})}
                                         : read_agent_record(keys_[i], entry->value);
    if (record
        && (record->project_id != own.project_id || record->hostname != own.hostname
            || record->username != own.username)) {
      return true;
    }
  }
  return false;
}

bool adoption::is_free(const anchor& held, const jetstream::kv_entry& anchored,
                       const key_round& round) {
  auto holder = holder_by(held, guid(), anchored.stored_at);
  for (std::size_t i = 0; i < keys_.size(); ++i) {
    if (const auto* entry = entry_in(round.answers[1 + i])) {
      if (const auto record = read_agent_record(keys_[i], entry->value)) {
        add_record(holder, *record, entry->stored_at, anchored.stored_at);
      }
    }
    if (const auto* beat = entry_in(round.answers[1 + keys_.size() + i])) {
      add_heartbeat(holder, read_presence(beat->value), beat->stored_at);
    }
  }
  const auto now = what_.clock.now(round.answered_at);
  if (holder.ended) {
    return true;
  }
  const auto before = what_.watched.find(guid());
  const bool moved = before == what_.watched.end() || before->second.session_id != holder.session_id
                     || before->second.seen != holder.seen;
  const auto since = moved ? what_.asked_at : before->second.since;
  const bool shown_up_by_now =
    what_.at_once
    || round.answered_at - since >= offline_after_intervals * holder.heartbeat_interval;
  if (shown_up_by_now && free_in(holder, now).count() == 0) {
    return true;
  }
  out_.watched[guid()] = {holder.session_id, holder.seen, since};
  return false;
}

void adoption::take_anchor(std::uint64_t revision, wall_time gone_since) {
  step_ = step::taking_anchor;
  const auto write_id = make_uuid(random_);
  ask(jetstream::kv_put{std::string{sessions_bucket}, guid(),
                        write_anchor({what_.held.session_id,
                                      agent_key(as_, visibility::private_).value_or(std::string{}),
                                      gone_since, what_.held.record.heartbeat_interval},
                                     write_id),
                        revision, write_id, monotonic_time{}});
}

void adoption::took_anchor(const key_round& round) {
  if (write_failure(round.answers.front()) != nullptr) {
    return look_at_next(); // it woke up, or it is not ours to take; the next look tells
  }
  step_ = step::removing_entries;
  for (const auto& one : entries_) {
    ask(jetstream::kv_delete{std::string{agents_bucket}, one.key, one.revision, {}});
  }
  if (entries_.empty()) {
    out_.formers.push_back({guid(), quiet_for_});
    look_at_next();
  }
}

} // namespace nats_mcp::agents
