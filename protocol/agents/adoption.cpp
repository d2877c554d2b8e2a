// SPDX-License-Identifier: MIT
#include "protocol/agents/adoption.hpp"

#include "protocol/agents/buckets.hpp"
#include "protocol/agents/guid_holder.hpp"
#include "protocol/limits.hpp"

#include <algorithm>
#include <string_view>
#include <unordered_map>
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
    case step::looking_at_anchors:
      return looked_at_anchors(round);
    case step::looking_at_entries:
      return looked_at_entries(round);
    case step::taking_anchors:
      return took_anchors(round);
    case step::removing_entries:
      // What was written since, or could not be removed, is met by the next look.
      return look_at_entries();
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
  look_at_anchors();
}

void adoption::look_at_anchors() {
  step_ = step::looking_at_anchors;
  const auto last = std::min(asked_ + limits::former_anchors_at_once, out_.way.others.size());
  if (asked_ == last) {
    return look_at_entries();
  }
  for (; asked_ < last; ++asked_) {
    ask(look_up(sessions_bucket, out_.way.others[asked_]));
  }
}

void adoption::looked_at_anchors(const key_round& round) {
  const auto server_now = what_.clock.now(round.answered_at);
  auto guid = out_.way.others.begin() + static_cast<std::ptrdiff_t>(asked_ - round.answers.size());
  for (const auto& answer : round.answers) {
    candidate one;
    one.guid = *guid++;
    if (const auto* failure = lookup_failure(answer)) {
      not_seen(one.guid, *failure);
      continue;
    }
    if (const auto* anchored = entry_in(answer)) {
      one.anchored = *anchored;
      if (auto held = read_anchor(anchored->value)) {
        one.held = std::move(*held);
      }
    }
    one.anchored.revision = revision_in(answer);
    one.ours = one.held && one.held->session_id == what_.held.session_id;
    if (one.ours && what_.settled.contains(one.guid)) {
      out_.formers.push_back(
        {one.guid, std::max(server_now - one.held->since, std::chrono::milliseconds{0}), true});
      continue;
    }
    waiting_.push_back(std::move(one));
  }
  look_at_anchors();
}

void adoption::look_at_entries() {
  at_hand_.clear();
  if (waiting_.empty()) {
    return finish();
  }
  step_ = step::looking_at_entries;
  while (!waiting_.empty() && at_hand_.size() < limits::former_guids_at_once) {
    auto& one = at_hand_.emplace_back(std::move(waiting_.front()));
    waiting_.pop_front();
    auto as = what_.self;
    as.guid = one.guid;
    one.keys = visible_keys(as, one.guid);
    one.private_key = agent_key(as, visibility::private_).value_or(std::string{});
    for (const auto bucket : {agents_bucket, presence_bucket}) {
      for (const auto& key : one.keys) {
        ask(look_up(bucket, key));
      }
    }
  }
}

void adoption::looked_at_entries(const key_round& round) {
  std::vector<candidate> to_take;
  const auto* found = round.answers.data();
  for (auto& one : at_hand_) {
    const auto* const of_this = found;
    found += 2 * one.keys.size();
    const auto* const failed = std::find_if(
      of_this, found, [](const auto& answer) { return lookup_failure(answer) != nullptr; });
    if (failed != found) {
      not_seen(one.guid, failed->error());
    } else if (looked_at(one, of_this, round.answered_at)) {
      to_take.push_back(std::move(one));
    }
  }
  at_hand_ = std::move(to_take);
  take_anchors();
}

bool adoption::looked_at(candidate& one, key_answers found, monotonic_time answered_at) {
  if (one.held && !one.ours && (is_anothers(one, found) || !is_free(one, found, answered_at))) {
    return false;
  }
  for (std::size_t i = 0; i < one.keys.size(); ++i) {
    if (entry_in(found[i]) != nullptr) {
      one.entries.push_back({one.keys[i], revision_in(found[i])});
    }
  }
  const auto server_now = what_.clock.now(answered_at);
  // Whoever has taken it before said since when there is nothing of it to be found.
  one.gone_since =
    one.held && one.entries.empty() ? std::min(one.held->since, server_now) : server_now;
  one.quiet_for = server_now - one.gone_since;
  if (one.ours && one.entries.empty()) {
    out_.formers.push_back({one.guid, one.quiet_for, true});
    return false;
  }
  return true;
}

bool adoption::is_anothers(const candidate& one, key_answers found) const {
  // Anybody may have written the list: what stands in it decides nothing by itself.
  if (!one.held->agent_key.empty()
      && std::find(one.keys.begin(), one.keys.end(), one.held->agent_key) == one.keys.end()) {
    return true;
  }
  const auto& own = what_.held.record;
  for (std::size_t i = 0; i < one.keys.size(); ++i) {
    const auto* entry = entry_in(found[i]);
    const auto record = entry == nullptr ? result<agent_record>{fail(ec::not_found, {})}
                                         : read_agent_record(one.keys[i], entry->value);
    if (record
        && (record->project_id != own.project_id || record->hostname != own.hostname
            || record->username != own.username)) {
      return true;
    }
  }
  return false;
}

bool adoption::is_free(const candidate& one, key_answers found, monotonic_time answered_at) {
  const auto& anchored_at = one.anchored.stored_at;
  auto holder = holder_by(*one.held, one.guid, anchored_at);
  for (std::size_t i = 0; i < one.keys.size(); ++i) {
    if (const auto* entry = entry_in(found[i])) {
      if (const auto record = read_agent_record(one.keys[i], entry->value)) {
        add_record(holder, *record, entry->stored_at, anchored_at);
      }
    }
    if (const auto* beat = entry_in(found[one.keys.size() + i])) {
      add_heartbeat(holder, read_presence(beat->value), beat->stored_at);
    }
  }
  if (holder.ended) {
    return true;
  }
  const auto before = what_.watched.find(one.guid);
  const bool moved = before == what_.watched.end() || before->second.session_id != holder.session_id
                     || before->second.seen != holder.seen;
  const auto since = moved ? what_.asked_at : before->second.since;
  const bool shown_up_by_now =
    what_.at_once || answered_at - since >= offline_after_intervals * holder.heartbeat_interval;
  if (shown_up_by_now && free_in(holder, what_.clock.now(answered_at)).count() == 0) {
    return true;
  }
  out_.watched[one.guid] = {holder.session_id, holder.seen, since};
  return false;
}

void adoption::take_anchors() {
  if (at_hand_.empty()) {
    return look_at_entries();
  }
  // The anchors first, so that nobody writes the entries any more.
  step_ = step::taking_anchors;
  for (const auto& one : at_hand_) {
    const auto write_id = make_uuid(random_);
    ask(jetstream::kv_put{std::string{sessions_bucket}, one.guid,
                          write_anchor({what_.held.session_id, one.private_key, one.gone_since,
                                        what_.held.record.heartbeat_interval},
                                       write_id),
                          one.anchored.revision, write_id, monotonic_time{}});
  }
}

void adoption::took_anchors(const key_round& round) {
  step_ = step::removing_entries;
  bool nothing_to_remove = true;
  for (std::size_t i = 0; i < at_hand_.size(); ++i) {
    const auto& one = at_hand_[i];
    if (is_conflict(round.answers[i])) {
      continue; // it woke up
    }
    if (const auto* failure = write_failure(round.answers[i])) {
      not_seen(one.guid, *failure);
      continue;
    }
    out_.formers.push_back(
      {one.guid, one.entries.empty() ? one.quiet_for : std::chrono::milliseconds{0}});
    for (const auto& entry : one.entries) {
      nothing_to_remove = false;
      ask(jetstream::kv_delete{std::string{agents_bucket}, entry.key, entry.revision, {}});
    }
  }
  if (nothing_to_remove) {
    look_at_entries();
  }
}

void adoption::not_seen(const std::string& guid, const error& why) {
  // What may not be seen is not touched, now or later.
  if (why.code != ec::permission_denied) {
    out_.unknown.insert(guid);
  }
}

void adoption::finish() {
  std::unordered_map<std::string_view, std::size_t> place;
  for (const auto& guid : out_.way.others) {
    place.emplace(guid, place.size());
  }
  std::sort(out_.formers.begin(), out_.formers.end(),
            [&place](const auto& a, const auto& b) { return place.at(a.guid) < place.at(b.guid); });
  end_ = std::move(out_);
}

} // namespace nats_mcp::agents
