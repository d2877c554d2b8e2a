// SPDX-License-Identifier: MIT
// What a registration does to the records of its GUID once it holds the anchor: the order in which
// the new one is written and old ones go (docs/wire.md, "Who may see whom").
#include "protocol/agents/buckets.hpp"
#include "protocol/agents/registration.hpp"

#include <utility>

namespace nats_mcp::agents {

namespace {

/// Whether everybody who may see `narrow` may also see `wide`.
bool includes(visibility wide, visibility narrow) {
  return wide == visibility::public_ || narrow == visibility::private_;
}

} // namespace

void registration::removed_old_entries(const key_round& round) {
  for (const auto& answer : round.answers) {
    if (is_conflict(answer)) {
      return start_over(); // written since: by whom, the anchor tells
    }
    if (const auto* failure = write_failure(answer)) {
      return fail_with(*failure);
    }
  }
  write_entry();
}

void registration::write_entry() {
  step_ = step::writing_entry;
  const auto write_id = make_uuid(random_);
  ask(jetstream::kv_put{std::string{agents_bucket}, key_,
                        write_agent_record(what_.record, write_id), entry_revision_, write_id,
                        monotonic_time{}});
}

void registration::wrote_entry(const key_round& round) {
  const auto& answer = round.answers.front();
  if (is_conflict(answer)) {
    // A predecessor that woke up, or a successor: the anchor tells.
    step_ = step::looking_at_entry;
    ask(look_up(sessions_bucket, what_.record.guid));
    ask(look_up(agents_bucket, key_));
    return;
  }
  if (const auto* failure = write_failure(answer)) {
    return fail_with(*failure);
  }
  entry_revision_ = revision_in(answer);
  step_ = step::removing_narrower_entries;
  if (!remove_entries(true)) {
    succeed();
  }
}

bool registration::remove_entries(bool included_in_the_new) {
  removing_.clear();
  for (const auto& old : old_entries_) {
    if (includes(what_.record.seen_by, old.seen_by) == included_in_the_new) {
      removing_.push_back(old);
    }
  }
  return ask_to_remove();
}

bool registration::ask_to_remove() {
  for (const auto& old : removing_) {
    ask(jetstream::kv_delete{std::string{agents_bucket}, old.key, old.revision, {}});
  }
  return !removing_.empty();
}

void registration::removed_narrower_entries(const key_round& round) {
  std::vector<old_entry> written_since;
  for (std::size_t i = 0; i < removing_.size(); ++i) {
    if (is_conflict(round.answers[i])) {
      written_since.push_back(removing_[i]);
    }
    // What is left after any other failure counts less than the newer entry, and expires.
  }
  removing_ = std::move(written_since);
  if (removing_.empty()) {
    return succeed();
  }
  // A predecessor that woke up: what it wrote is newer than the new entry and would count more.
  step_ = step::looking_at_narrower_entries;
  ask(look_up(sessions_bucket, what_.record.guid));
  for (const auto& old : removing_) {
    ask(look_up(agents_bucket, old.key));
  }
}

void registration::looked_at_narrower_entries(const key_round& round) {
  if (const auto* failure = first_lookup_failure(round.answers)) {
    return fail_with(*failure);
  }
  if (!still_holds(round.answers.front())) {
    return;
  }
  std::vector<old_entry> there;
  for (std::size_t i = 0; i < removing_.size(); ++i) {
    const auto& answer = round.answers[1 + i];
    if (entry_in(answer) != nullptr) {
      there.push_back({removing_[i].key, revision_in(answer), removing_[i].seen_by});
    }
  }
  removing_ = std::move(there);
  if (removing_.empty()) {
    succeed();
  } else if (may_repeat()) {
    step_ = step::removing_narrower_entries;
    (void)ask_to_remove();
  }
}

void registration::looked_at_entry(const key_round& round) {
  if (const auto* failure = first_lookup_failure(round.answers)) {
    return fail_with(*failure);
  }
  if (still_holds(round.answers[0]) && may_repeat()) {
    entry_revision_ = revision_in(round.answers[1]);
    write_entry();
  }
}

bool registration::still_holds(const result<key_answer>& answer) {
  const auto* anchored = entry_in(answer);
  if (anchored != nullptr && is_ours(*anchored)) {
    return true;
  }
  start_over();
  return false;
}

} // namespace nats_mcp::agents
