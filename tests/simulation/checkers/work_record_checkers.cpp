// SPDX-License-Identifier: MIT
#include "tests/simulation/checkers/work_record_checkers.hpp"

#include <algorithm>
#include <functional>
#include <utility>

namespace nats_mcp::simulation {

namespace {

using work::attempt_end;
using work::item_record;
using work::item_state;

std::string state_of(const item_record& record) { return std::string{work::to_text(record.state)}; }

/// Calls `judge` with each two states of an item that follow on each other; the sentence it
/// returns, if any, is a violation.
std::vector<std::string>
judge_changes(const work_journal& journal,
              const std::function<std::string(const item_stored&, const item_stored&)>& judge) {
  std::vector<std::string> found;
  for (const auto& [item, records] : journal.records) {
    for (std::size_t i = 1; i < records.size(); ++i) {
      if (auto problem = judge(records[i - 1], records[i]); !problem.empty()) {
        found.push_back("item " + item + " " + problem + " (stored as "
                        + std::to_string(records[i].when.order) + ")");
      }
    }
  }
  return found;
}

/// How the attempt ended that was under way in `before`; open if it still is, or there was none.
attempt_end end_of_attempt(const item_record& before, const item_record& after) {
  if (!before.held || before.attempts.empty() || after.attempts.size() < before.attempts.size()) {
    return attempt_end::open;
  }
  return after.attempts[before.attempts.size() - 1].end;
}

bool same_claim(const item_record& before, const item_record& after) {
  return before.held && after.held && before.held->id == after.held->id;
}

// -- the rules ---------------------------------------------------------------------------------

/// Which states may follow on one, whoever made them so.
bool may_follow(item_state before, item_state after) {
  switch (before) {
    case item_state::pending:
      return after == item_state::pending || after == item_state::claimed
             || after == item_state::dead || after == item_state::cancelled;
    case item_state::claimed:
      return after != item_state::discarded;
    case item_state::dead:
      return after == item_state::pending || after == item_state::discarded;
    case item_state::completed:
    case item_state::cancelled:
    case item_state::discarded:
      return false;
  }
  return false;
}

/// All attempts that were over are there as they were.
bool history_grows(const item_record& before, const item_record& after) {
  if (after.attempts.size() < before.attempts.size()) {
    return false;
  }
  const auto over = before.attempts.size() - (before.held ? 1 : 0);
  return std::equal(before.attempts.begin(),
                    before.attempts.begin() + static_cast<std::ptrdiff_t>(over),
                    after.attempts.begin());
}

/// What was offered stays as it is; a retry may give it more time.
bool same_item(work::work_item before, const work::work_item& after, bool retried) {
  if (retried) {
    before.deadline = std::max(before.deadline, after.deadline);
  }
  return before == after;
}

std::string broken_rule(const item_stored& stored_before, const item_stored& stored_after) {
  const auto& before = stored_before.record;
  const auto& after = stored_after.record;
  if (!may_follow(before.state, after.state)) {
    return "was " + state_of(before) + " and became " + state_of(after);
  }
  const bool retried = before.state == item_state::dead && after.state == item_state::pending;
  if (!same_item(before.item, after.item, retried)) {
    return "is not what was offered any more";
  }
  if (after.generation != before.generation + (retried ? 1 : 0)) {
    return "went from generation " + std::to_string(before.generation) + " to "
           + std::to_string(after.generation) + " and from " + state_of(before) + " to "
           + state_of(after);
  }
  if (retried ? after.queue_sequence != 0
              : before.queue_sequence != 0 && after.queue_sequence != before.queue_sequence) {
    return "changed its place in the queue";
  }
  if (after.held.has_value() != (after.state == item_state::claimed)) {
    return "is " + state_of(after) + (after.held ? " and has a holder" : " and has no holder");
  }
  if (before.state == item_state::pending && after.state == item_state::pending && !retried
      && before.queue_sequence == after.queue_sequence) {
    return "was pending and was written again";
  }
  if (before.not_before && after.state == item_state::claimed
      && stored_after.stamp < *before.not_before) {
    return "was taken before its time";
  }
  return history_grows(before, after) ? "" : "lost some of its history";
}

// -- attempts ----------------------------------------------------------------------------------

std::string wrong_count(const item_record& before, const item_record& after) {
  const auto expect = [&](std::uint32_t begun) -> std::string {
    return after.attempts_begun == begun
             ? ""
             : "went from " + state_of(before) + " with " + std::to_string(before.attempts_begun)
                 + " attempts to " + state_of(after) + " with "
                 + std::to_string(after.attempts_begun);
  };
  if (before.state == item_state::dead && after.state == item_state::pending) {
    const auto most =
      std::max({before.attempts_max, before.attempts_begun + 1, before.item.attempts_max});
    return after.attempts_begun != 0 && after.attempts_begun != before.attempts_begun
             ? "was retried with " + std::to_string(after.attempts_begun) + " attempts"
           : after.attempts_max > most || after.attempts_begun >= after.attempts_max
             ? "was retried with " + std::to_string(after.attempts_max) + " attempts allowed"
             : "";
  }
  if (after.attempts_max != before.attempts_max) {
    return "is allowed " + std::to_string(after.attempts_max) + " attempts instead of "
           + std::to_string(before.attempts_max);
  }
  if (after.state == item_state::claimed && !same_claim(before, after)) {
    return expect(before.attempts_begun + 1);
  }
  return end_of_attempt(before, after) == attempt_end::released ? expect(before.attempts_begun - 1)
                                                                : expect(before.attempts_begun);
}

// -- holders -----------------------------------------------------------------------------------

/// Who may have made a change, and the text by which whoever made it is known.
struct signature {
  work::party by;
  /// Empty: anybody may.
  std::string text;
};

signature signature_of(const item_record& before, const item_record& after) {
  if (after.state == item_state::cancelled) {
    return {after.item.offered_by, after.reason};
  }
  if (!before.held) {
    return {};
  }
  if (after.state == item_state::completed) {
    return {before.held->worker, after.summary};
  }
  const auto& was = before.attempts;
  if (was.empty() || after.attempts.size() < was.size()) {
    return {};
  }
  const auto& now = after.attempts[was.size() - 1];
  const bool noted = now.note != was.back().note;
  return {before.held->worker, now.end == attempt_end::failed ? now.error
                               : noted                        ? now.note
                                                              : std::string{}};
}

} // namespace

std::string_view records_follow_the_rules::invariant() const noexcept {
  return "an item only becomes what it may become";
}

std::vector<std::string> records_follow_the_rules::violations() const {
  auto found = judge_changes(history().journal, broken_rule);
  for (const auto& subject : history().journal.unreadable) {
    found.push_back("what was stored as " + subject + " cannot be read");
  }
  for (const auto& [item, records] : history().journal.records) {
    const auto& first = records.front().record;
    const bool begins = first.state == item_state::pending || first.state == item_state::claimed
                        || first.state == item_state::dead;
    if (!begins || first.generation != 1 || first.item.id != item) {
      found.push_back("item " + item + " begins as " + state_of(first) + " in generation "
                      + std::to_string(first.generation));
    }
  }
  return found;
}

std::string_view work_is_completed_once::invariant() const noexcept {
  return "no item is completed twice";
}

std::vector<std::string> work_is_completed_once::violations() const {
  std::vector<std::string> found;
  for (const auto& [item, records] : history().journal.records) {
    const auto times = std::count_if(records.begin(), records.end(), [](const auto& one) {
      return one.record.state == item_state::completed;
    });
    if (times > 1) {
      found.push_back("item " + item + " was completed "
                      + std::to_string(static_cast<std::uint64_t>(times)) + " times");
    }
  }
  return found;
}

std::string_view live_leases_are_kept::invariant() const noexcept {
  return "nobody takes an item whose lease lives";
}

std::vector<std::string> live_leases_are_kept::violations() const {
  return judge_changes(
    history().journal, [](const item_stored& before, const item_stored& after) -> std::string {
      if (!before.record.held || same_claim(before.record, after.record)) {
        return {};
      }
      const auto end = end_of_attempt(before.record, after.record);
      const auto over = before.stamp + before.record.held->lease;
      if ((end != attempt_end::lease_over && end != attempt_end::open) || after.stamp >= over) {
        return {}; // its holder or its offerer ended it
      }
      return "was taken from " + before.record.held->worker.handle + " "
             + std::to_string(static_cast<std::uint64_t>((over - after.stamp).count()))
             + " ms before its lease was over";
    });
}

std::string_view only_the_holder_finishes::invariant() const noexcept {
  return "only who holds an item, or offered it, has a say in it";
}

std::vector<std::string> only_the_holder_finishes::violations() const {
  return judge_changes(
    history().journal, [this](const item_stored& before, const item_stored& after) -> std::string {
      const auto [by, text] = signature_of(before.record, after.record);
      if (text.empty()) {
        return {};
      }
      const auto act = std::find_if(history().acts.begin(), history().acts.end(),
                                    [&text = text](const auto& one) { return one.text == text; });
      if (act == history().acts.end()) {
        return "became " + state_of(after.record) + " by what nobody said: \"" + text + "\"";
      }
      return is_agent(history(), by.guid, act->call.agent)
               ? ""
               : "was for " + by.handle + " to change and became " + state_of(after.record)
                   + " by agent " + std::to_string(act->call.agent);
    });
}

std::string_view attempts_stay_within_the_limit::invariant() const noexcept {
  return "no item is tried more often than it may be";
}

std::vector<std::string> attempts_stay_within_the_limit::violations() const {
  auto found = judge_changes(history().journal, [](const auto& before, const auto& after) {
    return wrong_count(before.record, after.record);
  });
  for (const auto& [item, records] : history().journal.records) {
    for (const auto& one : records) {
      if (one.record.attempts_begun > one.record.attempts_max) {
        found.push_back("item " + item + " is tried for the "
                        + std::to_string(one.record.attempts_begun) + "th time and may be "
                        + std::to_string(one.record.attempts_max) + " times");
      }
    }
    const auto& first = records.front().record;
    if (first.attempts_max != first.item.attempts_max
        || first.attempts_begun != (first.held ? 1U : 0U)) {
      found.push_back("item " + item + " begins with " + std::to_string(first.attempts_begun)
                      + " of " + std::to_string(first.attempts_max) + " attempts");
    }
  }
  for (const auto& claim : history().claims) {
    if (claim.attempt > claim.attempts_max) {
      found.push_back(name_of("a claim", claim.call) + " shows attempt "
                      + std::to_string(claim.attempt) + " of "
                      + std::to_string(claim.attempts_max));
    }
  }
  return found;
}

} // namespace nats_mcp::simulation
