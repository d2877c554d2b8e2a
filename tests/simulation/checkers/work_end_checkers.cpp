// SPDX-License-Identifier: MIT
#include "tests/simulation/checkers/work_end_checkers.hpp"

#include <algorithm>
#include <utility>

namespace nats_mcp::simulation {

namespace {

using work::item_record;
using work::item_state;

const item_queued* first_queued(const work_journal& journal, const std::string& item) {
  const auto found = std::find_if(journal.queued.begin(), journal.queued.end(),
                                  [&](const auto& one) { return one.queued.item.id == item; });
  return found == journal.queued.end() ? nullptr : &*found;
}

/// Every item anybody ever heard of.
std::set<std::string> items_of(const work_journal& journal) {
  std::set<std::string> items;
  for (const auto& one : journal.queued) {
    items.insert(one.queued.item.id);
  }
  for (const auto& [item, unused] : journal.records) {
    items.insert(item);
  }
  return items;
}

bool is_queued_still(const work_journal& journal, const std::string& item,
                     std::uint64_t generation) {
  return std::any_of(journal.queued.begin(), journal.queued.end(), [&](const auto& one) {
    return one.queued.item.id == item && one.queued.generation == generation
           && journal.still_queued.contains(one.sequence);
  });
}

bool lies_with_the_letters(const work_journal& journal, const std::string& item,
                           std::uint64_t generation) {
  return std::any_of(journal.letters.begin(), journal.letters.end(), [&](const auto& one) {
    return one.letter.item.id == item && one.letter.generation == generation
           && journal.letters_left.contains(one.sequence);
  });
}

/// Pending without a queue message: a retry broke off. It can be repeated while the letter is
/// there.
bool is_half_retried(const work_journal& journal, const std::string& item,
                     const item_record& record) {
  return record.state == item_state::pending && record.queue_sequence == 0 && record.generation > 1
         && lies_with_the_letters(journal, item, record.generation - 1);
}

/// Nobody pulls from the lane of an agent that is gone: sweeps see to it, which leave a record
/// alone for longer than a world lasts after its faults.
bool has_nobody(const work_history& history, const work::work_item& item) {
  return !item.assigned_to.empty() && !history.living.contains(item.assigned_to);
}

std::string what_is_wrong_with(const work::work_item& stored, const work_offer& offer) {
  const auto& wanted = offer.wanted;
  return stored.task_id != wanted.task_id           ? "task"
         : stored.capability != wanted.capability   ? "capability"
         : stored.description != wanted.description ? "description"
         : stored.priority != wanted.priority       ? "priority"
         : stored.scope != wanted.scope             ? "scope"
         : stored.assigned_to != wanted.assigned_to ? "assignment"
         : stored.context != wanted.context         ? "context"
                                                    : "";
}

/// Whether its record said so at some time of the call.
bool was_in_state(const work_journal& journal, const work_offer& offer, item_state state) {
  bool was = false;
  for (const auto& one : records_of(journal, offer.item)) {
    if (one.when.order > *offer.call.answered) {
      break;
    }
    was = (was && one.when.order > offer.call.asked) || one.record.state == state;
  }
  return was;
}

/// An item may have come to its end before it was queued, and whoever offers it again is told so.
bool was_told_its_end(const work_journal& journal, const work_offer& offer) {
  return offer.offered_before && offer.state && work::is_over(*offer.state)
         && *offer.state != item_state::completed && was_in_state(journal, offer, *offer.state);
}

/// What is wrong with a letter of a dead item; empty when nothing is.
std::string what_is_missing(const item_record& record, const work::dead_letter& letter) {
  return letter.item != record.item                 ? "another item"
         : letter.reason != record.reason           ? "another reason"
         : letter.attempts != record.attempts_begun ? "another number of attempts"
         : letter.history != record.attempts        ? "another history"
                                                    : "";
}

} // namespace

std::string_view accepted_work_is_kept::invariant() const noexcept {
  return "no accepted work is lost";
}

std::vector<std::string> accepted_work_is_kept::violations() const {
  const auto& journal = history().journal;
  std::vector<std::string> found;
  for (const auto& offer : history().offers) {
    if (!offer.call.succeeded) {
      continue;
    }
    if (offer.offered_before != offer.state.has_value()) {
      found.push_back(name_of("an offer", offer.call) + " was told of " + offer.item
                      + " that it is new and what became of it, or neither");
    }
    if (offer.state && !was_in_state(journal, offer, *offer.state)) {
      found.push_back(name_of("an offer", offer.call) + " was told that " + offer.item + " is "
                      + std::string{work::to_text(*offer.state)} + ", which it was not then");
    }
    const auto* queued = first_queued(journal, offer.item);
    if (was_told_its_end(journal, offer)) {
      continue;
    }
    if (queued == nullptr || queued->when.order > *offer.call.answered) {
      found.push_back(name_of("an offer", offer.call) + " was accepted as " + offer.item
                      + " and is not in the queue");
    } else if (const auto wrong = what_is_wrong_with(queued->queued.item, offer);
               !wrong.empty() && !offer.offered_before) {
      found.push_back(name_of("an offer", offer.call) + " was accepted as " + offer.item
                      + " and put into the queue with another " + wrong);
    }
  }
  for (const auto& item : items_of(journal)) {
    const auto* end = end_of(journal, item);
    const auto generation = end == nullptr ? 1 : end->generation;
    if ((end == nullptr || !work::is_over(end->state))
        && !is_queued_still(journal, item, generation)
        && (end == nullptr || !is_half_retried(journal, item, *end))) {
      found.push_back("item " + item + " is " + (end == nullptr ? "without a record" : "not over")
                      + " and in no queue any more");
    }
  }
  std::map<std::pair<std::string, std::uint64_t>, int> times;
  for (const auto& one : journal.queued) {
    if (++times[{one.queued.item.id, one.queued.generation}] == 2) {
      found.push_back("item " + one.queued.item.id + " was put into the queue twice in generation "
                      + std::to_string(one.queued.generation));
    }
  }
  return found;
}

std::string_view all_work_ends::invariant() const noexcept { return "all work comes to an end"; }

std::vector<std::string> all_work_ends::violations() const {
  const auto& journal = history().journal;
  std::vector<std::string> found;
  for (const auto& item : items_of(journal)) {
    const auto* end = end_of(journal, item);
    const auto* queued = first_queued(journal, item);
    const auto& is = end == nullptr ? queued->queued.item : end->item;
    if ((end == nullptr || !work::is_over(end->state)) && !has_nobody(history(), is)) {
      found.push_back(
        "item " + item + " (" + is.capability + ", " + is.task_id + ") ends as "
        + (end == nullptr ? "never looked at" : std::string{work::to_text(end->state)}));
    }
  }
  return found;
}

std::string_view dead_letters_are_complete::invariant() const noexcept {
  return "every dead item has its letter, with all that happened to it";
}

std::vector<std::string> dead_letters_are_complete::violations() const {
  const auto& journal = history().journal;
  std::vector<std::string> found;
  for (const auto& [item, records] : journal.records) {
    const auto& end = records.back().record;
    if (end.state == item_state::dead && !lies_with_the_letters(journal, item, end.generation)
        && !(has_nobody(history(), end.item) && is_queued_still(journal, item, end.generation))) {
      found.push_back("item " + item + " is dead and has no letter");
    }
  }
  for (const auto& one : journal.letters) {
    const auto& item = one.letter.item.id;
    const auto& records = records_of(journal, item);
    const auto dead = std::find_if(records.begin(), records.end(), [&](const auto& record) {
      return record.record.state == item_state::dead
             && record.record.generation == one.letter.generation;
    });
    if (dead == records.end() || dead->when.order > one.when.order) {
      found.push_back("item " + item + " has a letter and was not dead");
    } else if (const auto wrong = what_is_missing(dead->record, one.letter); !wrong.empty()) {
      found.push_back("the letter of item " + item + " tells of " + wrong);
    }
    const auto* end = end_of(journal, item);
    if (journal.letters_left.contains(one.sequence) && end != nullptr
        && !(end->state == item_state::dead && end->generation == one.letter.generation)
        && !is_half_retried(journal, item, *end)) {
      found.push_back("item " + item + " has a letter still and is "
                      + std::string{work::to_text(end->state)});
    }
  }
  return found;
}

} // namespace nats_mcp::simulation
