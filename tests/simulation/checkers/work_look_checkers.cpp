// SPDX-License-Identifier: MIT
#include "tests/simulation/checkers/work_look_checkers.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

namespace nats_mcp::simulation {

namespace {

using work::item_record;
using work::item_state;

// -- looks -------------------------------------------------------------------------------------

/// Whether the item was like that at some moment of the call.
bool was_so(const work_history& history, const call_facts& call, const shown_item& shown) {
  const auto& records = records_of(history.journal, shown.item);
  for (std::size_t i = 0; i < records.size(); ++i) {
    const auto& record = records[i].record;
    const bool there = records[i].when.order < *call.answered
                       && (i + 1 == records.size() || records[i + 1].when.order > call.asked);
    const auto worker = record.held ? record.held->worker.handle : std::string{};
    if (there && record.state == shown.state && record.attempts_begun == shown.attempt
        && (shown.state != item_state::claimed || worker == shown.worker_handle)) {
      return true;
    }
  }
  return false;
}

bool was_there(const work_history& history, const call_facts& call, const shown_letter& shown) {
  const auto& letters = history.journal.letters;
  return std::any_of(letters.begin(), letters.end(), [&](const letter_stored& one) {
    return one.letter.item.id == shown.item && one.letter.reason == shown.reason
           && one.letter.attempts == shown.attempts && one.letter.history.size() == shown.history
           && one.when.order < *call.answered;
  });
}

// -- notices -----------------------------------------------------------------------------------

/// `<item>-g<generation>-<attempt>-<type>`.
struct notice_name {
  std::string item;
  std::uint64_t generation = 0;
  std::uint32_t attempt = 0;
  std::string type;
};

template <class Number>
bool take_number(std::string_view& text, Number& into) {
  const auto read = std::from_chars(text.data(), text.data() + text.size(), into);
  text.remove_prefix(static_cast<std::size_t>(read.ptr - text.data()));
  return read.ec == std::errc{} && !text.empty() && text.front() == '-';
}

std::optional<notice_name> parse_notice(std::string_view id) {
  const auto mark = id.find("-g");
  if (mark == id.npos) {
    return std::nullopt;
  }
  notice_name name;
  name.item = id.substr(0, mark);
  id.remove_prefix(mark + 2);
  if (!take_number(id, name.generation)) {
    return std::nullopt;
  }
  id.remove_prefix(1);
  if (!take_number(id, name.attempt)) {
    return std::nullopt;
  }
  name.type = id.substr(1);
  return name;
}

/// Whether the record is what a notice of this type tells of.
bool tells_of(const notice_name& name, const item_record& record) {
  const bool died_waiting = name.attempt == 0 && record.state == item_state::dead;
  if (record.generation != name.generation
      || (record.attempts_begun != name.attempt && !died_waiting)) {
    return false;
  }
  if (name.type == "work-complete") {
    return record.state == item_state::completed;
  }
  if (name.type == "work-error") {
    return record.state == item_state::dead
           || (record.state == item_state::pending && name.attempt > 0);
  }
  return record.state == item_state::claimed;
}

} // namespace

std::string_view looks_at_work_are_true::invariant() const noexcept {
  return "items and dead letters are shown as they are";
}

std::vector<std::string> looks_at_work_are_true::violations() const {
  std::vector<std::string> found;
  for (const auto& look : history().looks) {
    for (const auto& shown : look.shown) {
      if (!was_so(history(), look.call, shown)) {
        found.push_back(name_of("a look", look.call) + " shows item " + shown.item + " as "
                        + std::string{work::to_text(shown.state)} + ", attempt "
                        + std::to_string(shown.attempt) + ", which it was not");
      }
    }
  }
  for (const auto& look : history().letters_looks) {
    for (const auto& shown : look.shown) {
      if (!was_there(history(), look.call, shown)) {
        found.push_back(name_of("a look", look.call) + " shows a letter of item " + shown.item
                        + " that there was not");
      }
    }
  }
  return found;
}

std::string_view notices_of_work_are_true::invariant() const noexcept {
  return "an offerer is told, once, of what happened";
}

std::vector<std::string> notices_of_work_are_true::violations() const {
  std::set<std::string> told;
  std::vector<std::string> found;
  for (const auto& mail : history().mail) {
    const auto name = parse_notice(mail.id);
    const auto& records = records_of(history().journal, name ? name->item : std::string{});
    if (!name || records.empty()) {
      continue; // an agent's own message
    }
    const bool happened = std::any_of(records.begin(), records.end(), [&](const auto& one) {
      return one.when.order < mail.when.order && tells_of(*name, one.record);
    });
    if (!happened) {
      found.push_back("the notice " + mail.id + " tells of what did not happen");
    }
    if (mail.recipient_guid != records.front().record.item.offered_by.guid) {
      found.push_back("the notice " + mail.id + " went to " + mail.recipient_guid);
    }
    if (!told.insert(mail.id).second) {
      found.push_back("the notice " + mail.id + " was sent twice");
    }
  }
  return found;
}

} // namespace nats_mcp::simulation
