// SPDX-License-Identifier: MIT
#include "tests/simulation/checkers/work_answer_checkers.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

namespace nats_mcp::simulation {

namespace {

using work::attempt_end;
using work::item_record;
using work::item_state;

const char* name_of(work_deed deed) {
  constexpr std::array names{"a report",       "a completion", "a failure",   "a release",
                             "a cancellation", "a retry",      "a discarding"};
  return names.at(static_cast<std::size_t>(deed));
}

// -- claims ------------------------------------------------------------------------------------

/// The claims an answer may show, by their ids: made by its process while it was asked.
std::vector<const item_stored*> claims_made(const work_history& history, const work_claim& claim) {
  const auto& session = history.processes.at(claim.call.process).session_id;
  std::vector<const item_stored*> made;
  std::string before;
  for (const auto& one : records_of(history.journal, claim.item)) {
    const auto& held = one.record.held;
    if (held && held->id != before && held->session_id == session
        && is_during(claim.call, one.when)) {
      made.push_back(&one);
    }
    before = held ? held->id : std::string{};
  }
  return made;
}

/// What is wrong with showing this item at all; empty when nothing is.
std::string wrong_with(const work_history& history, const work_claim& claim,
                       const item_record& record) {
  const auto& item = record.item;
  if (item.task_id != claim.task || item.description != claim.description) {
    return "as it was not offered";
  }
  if (claim.attempt != record.attempts_begun || claim.attempts_max != record.attempts_max) {
    return "as attempt " + std::to_string(claim.attempt) + " of "
           + std::to_string(claim.attempts_max);
  }
  if (!is_agent(history, record.held->worker.guid, claim.call.agent)) {
    return "which " + record.held->worker.handle + " holds";
  }
  if (!item.assigned_to.empty()) {
    return is_agent(history, item.assigned_to, claim.call.agent) ? "" : "which is for another";
  }
  const auto& able = claim.capabilities;
  if (std::find(able.begin(), able.end(), item.capability) == able.end()) {
    return "which needs " + item.capability;
  }
  return item.scope == work::public_scope || item.scope == claim.project ? ""
                                                                         : "of another project";
}

// -- deeds -------------------------------------------------------------------------------------

/// Whether the record shows that this was done.
bool shows(const work_history& history, const item_record& record, const work_act& act) {
  const auto* last = record.attempts.empty() ? nullptr : &record.attempts.back();
  const bool own = last != nullptr && is_agent(history, last->worker.guid, act.call.agent);
  switch (act.what) {
    case work_deed::report:
      return record.held && own && (act.text.empty() || last->note == act.text);
    case work_deed::complete:
      return record.state == item_state::completed && own && record.summary == act.text;
    case work_deed::fail:
      return own && last->end == attempt_end::failed && last->error == act.text
             && record.state == (act.tried_again ? item_state::pending : item_state::dead);
    case work_deed::release:
      return own && last->end == attempt_end::released && record.state == item_state::pending;
    case work_deed::cancel:
      return record.state == item_state::cancelled
             && (record.reason == act.text || act.was_so_before);
    case work_deed::retry:
      return record.generation > 1 && record.state != item_state::dead;
    case work_deed::discard:
      return record.state == item_state::discarded;
  }
  return false;
}

/// A repetition, or what goes on with a dead letter where another broke off, may find it done
/// already.
bool may_be_done_before(const work_act& act) {
  return act.was_so_before || act.what == work_deed::retry || act.what == work_deed::discard;
}

bool is_done(const work_history& history, const work_act& act) {
  const auto& records = records_of(history.journal, act.item);
  const bool recorded = std::any_of(records.begin(), records.end(), [&](const auto& one) {
    const bool in_time = is_during(act.call, one.when)
                         || (may_be_done_before(act) && one.when.order < *act.call.answered);
    return in_time && shows(history, one.record, act);
  });
  if (!recorded || act.what != work_deed::retry) {
    return recorded;
  }
  const auto& queued = history.journal.queued;
  return std::any_of(queued.begin(), queued.end(), [&](const item_queued& one) {
    return one.queued.item.id == act.item && one.queued.generation > 1
           && one.when.order < *act.call.answered;
  });
}

/// Whether a refused deed is recognizable by its text alone.
bool is_recognizable(const work_history& history, const work_act& act) {
  return !act.text.empty()
         && std::none_of(history.acts.begin(), history.acts.end(), [&](const work_act& other) {
              return !other.refused && other.text == act.text;
            });
}

bool bears(const item_record& record, const std::string& text) {
  return record.summary == text || record.reason == text
         || std::any_of(record.attempts.begin(), record.attempts.end(), [&](const auto& attempt) {
              return attempt.note == text || attempt.error == text;
            });
}

} // namespace

std::string_view work_is_shown_to_its_winner::invariant() const noexcept {
  return "an item is shown to whoever won it, and to nobody else";
}

std::vector<std::string> work_is_shown_to_its_winner::violations() const {
  // Claims of one process run side by side: what was answered first can only be what was taken
  // before, so in that order each has the first that is left.
  std::vector<work_claim> answered;
  std::copy_if(history().claims.begin(), history().claims.end(), std::back_inserter(answered),
               [](const auto& claim) { return !claim.item.empty(); });
  std::stable_sort(answered.begin(), answered.end(), [](const auto& left, const auto& right) {
    return left.call.answered < right.call.answered;
  });
  std::set<std::string> shown;
  std::vector<std::string> found;
  for (const auto& claim : answered) {
    auto problem = std::string{"which its process did not take"};
    for (const auto* made : claims_made(history(), claim)) {
      problem = shown.contains(made->record.held->id) ? "a second time"
                                                      : wrong_with(history(), claim, made->record);
      if (problem.empty()) {
        shown.insert(made->record.held->id);
        break;
      }
    }
    if (!problem.empty()) {
      found.push_back(name_of("a claim", claim.call) + " shows item " + claim.item + ", "
                      + problem);
    }
  }
  return found;
}

std::string_view work_that_is_said_done_is_done::invariant() const noexcept {
  return "what is said to be done is done";
}

std::vector<std::string> work_that_is_said_done_is_done::violations() const {
  std::vector<std::string> found;
  for (const auto& act : history().acts) {
    if (act.call.succeeded && !is_done(history(), act)) {
      found.push_back(name_of(name_of(act.what), act.call) + " succeeded, and the record of item "
                      + act.item + " does not show it");
    }
  }
  return found;
}

std::string_view refused_work_changes_nothing::invariant() const noexcept {
  return "what is refused changes nothing";
}

std::vector<std::string> refused_work_changes_nothing::violations() const {
  std::vector<std::string> found;
  for (const auto& offer : history().offers) {
    const auto& queued = history().journal.queued;
    const bool stored = std::any_of(queued.begin(), queued.end(), [&](const auto& one) {
      return one.queued.item.task_id == offer.wanted.task_id;
    });
    if (offer.refused && offer.key.empty() && stored) {
      found.push_back(name_of("an offer", offer.call) + " was refused, and " + offer.wanted.task_id
                      + " is in the queue");
    }
  }
  for (const auto& act : history().acts) {
    if (!act.refused || !is_recognizable(history(), act)) {
      continue;
    }
    for (const auto& [item, records] : history().journal.records) {
      const bool stored = std::any_of(records.begin(), records.end(),
                                      [&](const auto& one) { return bears(one.record, act.text); });
      if (stored) {
        found.push_back(name_of(name_of(act.what), act.call) + " was refused, and the record of "
                        + item + " shows it");
      }
    }
  }
  return found;
}

std::string_view a_key_gives_one_item::invariant() const noexcept { return "one key is one item"; }

std::vector<std::string> a_key_gives_one_item::violations() const {
  std::map<std::string, std::set<std::string>> items_of_key;
  std::map<std::string, std::set<std::string>> items_of_task;
  std::vector<std::string> found;
  for (const auto& one : history().journal.queued) {
    items_of_task[one.queued.item.task_id].insert(one.queued.item.id);
  }
  for (const auto& offer : history().offers) {
    const auto& key = offer.key;
    auto& items = key.empty() ? items_of_task[offer.wanted.task_id] : items_of_key[key];
    if (!key.empty()) {
      items.merge(std::set<std::string>{items_of_task[offer.wanted.task_id]});
    }
    if (!offer.item.empty()) {
      items.insert(offer.item);
    }
    if (items.size() > 1) {
      found.push_back(name_of("an offer", offer.call) + " of "
                      + (key.empty() ? offer.wanted.task_id : "key " + key) + " is one of "
                      + std::to_string(items.size()) + " items");
    }
  }
  return found;
}

} // namespace nats_mcp::simulation
