// SPDX-License-Identifier: MIT
#include "tests/simulation/checkers/registry_checkers.hpp"

#include "protocol/agents/liveness.hpp"
#include "protocol/limits.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace nats_mcp::simulation {

namespace {

/// Who the process is when it looks at this agent. @param own it is this agent itself.
agents::principal viewer_of(const registry_history& history, std::size_t process,
                            const std::string& guid, bool own) {
  auto self = history.processes.at(process).self;
  self.guid = own ? guid : std::string{};
  return self;
}

bool may_look_at(const agents::principal& viewer, const std::string& key, const std::string& guid) {
  const auto keys = agents::visible_keys(viewer, guid);
  return std::find(keys.begin(), keys.end(), key) != keys.end();
}

/// When the entry was written over or deleted.
stored_when end_of(const agent_journal& journal, const entry_stored& entry) {
  for (const auto& later : journal.entries) {
    if (later.key == entry.key && later.when.order > entry.when.order) {
      return later.when;
    }
  }
  return {~order_number{0}, monotonic_time::max()};
}

bool shows(const shown_agent& shown, const agents::agent_record& record) {
  return shown.guid == record.guid && shown.handle == record.handle
         && shown.seen_by == record.seen_by && shown.project_id == record.project_id
         && shown.tasks == record.current_task_count;
}

// -- looks -------------------------------------------------------------------------------------

/// What is wrong with showing this; empty when nothing is.
std::string wrong_with(const registry_history& history, const registry_look& look,
                       const shown_agent& shown) {
  const auto& session = history.processes.at(look.call.process).record.session_id;
  const bool own = held_sometime(history.journal, shown.guid, session, 0, *look.call.answered);
  const auto viewer = viewer_of(history, look.call.process, shown.guid, own);
  bool written = false;
  bool permitted = false;
  for (const auto& entry : history.journal.entries) {
    if (!entry.record || !shows(shown, *entry.record) || entry.when.order > *look.call.answered) {
      continue;
    }
    written = true;
    if (!may_look_at(viewer, entry.key, shown.guid)) {
      continue;
    }
    permitted = true;
    const auto end = end_of(history.journal, entry);
    if (end.order > look.call.asked || end.time + look.lag > look.asked_at) {
      return {};
    }
  }
  return !written     ? "as it never was"
         : !permitted ? "which it may not see"
                      : "as it was before the call";
}

/// The records of all agents just before `order`, newest for each GUID, as far as one may see them.
std::map<std::string, agents::agent_record> visible_at(const registry_history& history,
                                                       std::size_t process, order_number order) {
  std::map<std::string, std::pair<order_number, agents::agent_record>> newest;
  std::map<std::string, const entry_stored*> by_key;
  for (const auto& entry : history.journal.entries) {
    if (entry.when.order < order) {
      by_key[entry.key] = &entry;
    }
  }
  for (const auto& [key, entry] : by_key) {
    const bool own = std::any_of(history.ends.begin(), history.ends.end(),
                                 [&guid = entry->guid, process](const auto& end) {
                                   return end.process == process && end.guid == guid;
                                 });
    const auto viewer = viewer_of(history, process, entry->guid, own);
    if (!entry->record || !may_look_at(viewer, key, entry->guid)) {
      continue;
    }
    auto& known = newest[entry->guid];
    if (known.first < entry->when.order) {
      known = {entry->when.order, *entry->record};
    }
  }
  std::map<std::string, agents::agent_record> found;
  for (const auto& [guid, one] : newest) {
    found[guid] = one.second;
  }
  return found;
}

/// What everybody has to be told of this agent's status.
std::string status_of(const registry_history& history, const std::string& guid) {
  for (const auto& end : history.ends) {
    if (end.guid == guid) {
      return end.status;
    }
  }
  return "offline";
}

// -- sessions ----------------------------------------------------------------------------------

/// The newest sign of life that the session gave as this agent before `order`, and the interval
/// it promised.
struct last_sign {
  monotonic_time at = monotonic_time::min();
  std::chrono::milliseconds interval = limits::heartbeat_interval_max;
  bool said_goodbye = false;
};

last_sign sign_of(const agent_journal& journal, const std::string& guid,
                  const std::string& session_id, order_number before) {
  last_sign last;
  order_number anchored = 0;
  for (const auto& anchor : journal.anchors) {
    if (anchor.guid == guid && anchor.session_id == session_id && anchor.when.order < before) {
      anchored = anchor.when.order;
      last.at = std::max(last.at, anchor.when.time);
      last.interval = anchor.heartbeat_interval;
    }
  }
  for (const auto& entry : journal.entries) {
    if (entry.guid != guid || !entry.record || entry.record->session_id != session_id
        || entry.when.order >= before) {
      continue;
    }
    last.at = std::max(last.at, entry.when.time);
    if (end_of(journal, entry).order > before) {
      // What is not there any more tells nobody how long to wait; the anchor does.
      last.interval = entry.record->heartbeat_interval;
      last.said_goodbye = entry.record->ended && entry.when.order > anchored;
    }
  }
  for (const auto& sign : journal.signs) {
    // Who changes its visibility takes away what it told those who could see it until then.
    const bool taken_away =
      std::any_of(journal.signs.begin(), journal.signs.end(), [&](const sign_stored& one) {
        return one.session_id.empty() && one.key == sign.key && one.when.order > sign.when.order
               && one.when.order < before;
      });
    if (sign.guid == guid && sign.session_id == session_id && sign.when.order < before
        && !taken_away) {
      last.at = std::max(last.at, sign.when.time);
    }
  }
  return last;
}

/// Whether the session was silent for three intervals at some moment shortly before it lost the
/// GUID: by what the others of its name saw of it (a look may take `look_max`).
bool fell_silent(const agent_journal& journal, const anchor_stored& taken,
                 const std::string& session_id) {
  constexpr auto look_max = std::chrono::seconds{10};
  std::vector<monotonic_time> signs;
  const auto interval = sign_of(journal, taken.guid, session_id, taken.when.order).interval;
  const auto add = [&](const auto& one, const std::string& of) {
    if (one.guid == taken.guid && of == session_id && one.when.order < taken.when.order) {
      signs.push_back(one.when.time);
    }
  };
  for (const auto& anchor : journal.anchors) {
    add(anchor, anchor.session_id);
  }
  for (const auto& entry : journal.entries) {
    add(entry, entry.record ? entry.record->session_id : std::string{});
  }
  for (const auto& sign : journal.signs) {
    add(sign, sign.session_id);
  }
  signs.push_back(taken.when.time);
  std::sort(signs.begin(), signs.end());
  for (std::size_t i = 1; i < signs.size(); ++i) {
    if (signs[i] + look_max >= taken.when.time
        && signs[i - 1] + agents::offline_after_intervals * interval <= signs[i]) {
      return true;
    }
  }
  return false;
}

/// When the registry was last asked for the present before the GUID changed hands.
const way_back_stored* touched_before(const agent_journal& journal, const std::string& guid,
                                      order_number order) {
  const way_back_stored* last = nullptr;
  for (const auto& touched : journal.ways_back) {
    if (touched.guid == guid && touched.when.order < order) {
      last = &touched;
    }
  }
  return last;
}

} // namespace

std::string_view visibility_is_kept::invariant() const noexcept {
  return "nobody is shown an agent it may not see";
}

std::vector<std::string> visibility_is_kept::violations() const {
  std::vector<std::string> found;
  for (const auto& look : history().looks) {
    for (const auto& shown : look.shown) {
      if (const auto problem = wrong_with(history(), look, shown); !problem.empty()) {
        found.push_back(name_of("a look", look.call) + " shows \"" + shown.handle + "\" ("
                        + shown.guid + "), " + problem);
      }
    }
  }
  return found;
}

std::string_view presence_converges::invariant() const noexcept {
  return "when all is quiet everybody is shown as what it is";
}

std::vector<std::string> presence_converges::violations() const {
  std::vector<std::string> found;
  for (const auto& look : history().looks) {
    if (!look.complete) {
      continue;
    }
    auto expected = visible_at(history(), look.call.process, look.call.asked);
    for (const auto& shown : look.shown) {
      const auto status = status_of(history(), shown.guid);
      if (expected.erase(shown.guid) == 0) {
        found.push_back(name_of("a look", look.call) + " shows " + shown.guid
                        + ", which is not there");
      } else if (shown.status != status) {
        found.push_back(name_of("a look", look.call) + " shows " + shown.guid + " as "
                        + shown.status + ", and it is " + status);
      }
    }
    // A GUID that was given up may go meanwhile.
    const auto left = visible_at(history(), look.call.process, *look.call.answered);
    std::erase_if(expected, [&left](const auto& one) { return !left.contains(one.first); });
    for (const auto& [guid, record] : expected) {
      found.push_back(name_of("a look", look.call) + " does not show \"" + record.handle + "\" ("
                      + guid + ")");
    }
  }
  return found;
}

std::string_view guids_are_taken_from_the_silent::invariant() const noexcept {
  return "no session loses its GUID while it lives";
}

std::vector<std::string> guids_are_taken_from_the_silent::violations() const {
  std::vector<std::string> found;
  for (const auto& anchor : history().journal.anchors) {
    const auto before = holder_at(history().journal, anchor.guid, anchor.when.order);
    if (before.empty() || before == anchor.session_id) {
      continue;
    }
    const auto* touched = touched_before(history().journal, anchor.guid, anchor.when.order);
    const auto judged = touched == nullptr ? anchor.when : touched->when;
    const auto last = sign_of(history().journal, anchor.guid, before, judged.order);
    // One whose goodbye a crash interrupted may speak again after somebody has heard it.
    const auto goodbye =
      last.said_goodbye
      || sign_of(history().journal, anchor.guid, before, anchor.when.order).said_goodbye;
    if (!goodbye && last.at + agents::offline_after_intervals * last.interval > judged.time
        && !fell_silent(history().journal, anchor, before)) {
      const auto age =
        std::chrono::duration_cast<std::chrono::milliseconds>(judged.time - last.at).count();
      found.push_back("the GUID " + anchor.guid + " was taken from session " + before
                      + ", which gave a sign of life " + std::to_string(age) + " ms before");
    }
  }
  return found;
}

std::string_view only_the_holder_speaks::invariant() const noexcept {
  return "only the session that holds a GUID speaks as that agent";
}

std::vector<std::string> only_the_holder_speaks::violations() const {
  const auto& journal = history().journal;
  std::vector<std::string> found;
  for (const auto& message : journal.mail) {
    const auto sender = history().senders.find(message.text);
    const auto holder = holder_at(journal, message.sender_guid, message.when.order);
    if (sender == history().senders.end()
        || holder != history().processes.at(sender->second).record.session_id) {
      found.push_back("\"" + message.text + "\" was stored as of " + message.sender_guid
                      + ", which session " + holder + " held");
    }
  }
  for (const auto& one : history().registrations) {
    if (!one.call.succeeded) {
      continue;
    }
    const auto& session = history().processes.at(one.call.process).record.session_id;
    if (!held_sometime(journal, one.guid, session, one.call.asked, *one.call.answered)) {
      found.push_back(name_of("a registration", one.call) + " got " + one.guid
                      + " without taking it");
    }
    for (const auto& entry : journal.entries) {
      // Between its anchor and its record a predecessor's last word may still come.
      if (entry.guid == one.guid && entry.record && entry.when.order > *one.call.answered
          && entry.record->session_id != session
          && holder_at(journal, entry.guid, entry.when.order) == session) {
        found.push_back("session " + entry.record->session_id + " wrote the record of " + one.guid
                        + ", which session " + session + " held");
      }
    }
  }
  return found;
}

std::string_view agents_return_as_themselves::invariant() const noexcept {
  return "an agent that returns gets the GUID it had";
}

std::vector<std::string> agents_return_as_themselves::violations() const {
  const auto& journal = history().journal;
  std::vector<std::string> found;
  for (const auto& one : history().registrations) {
    if (!one.call.succeeded || !one.first) {
      continue;
    }
    const auto asked = one.call.asked;
    const auto answered = *one.call.answered;
    std::string known;
    for (const auto& way : journal.ways_back) {
      known = way.key == one.returning_key && way.when.order < asked ? way.guid : known;
    }
    const auto holder = holder_at(journal, known, asked);
    if (known.empty() || holder.empty()) {
      continue;
    }
    const auto& session = history().processes.at(one.call.process).record.session_id;
    const bool contended =
      std::any_of(journal.ways_back.begin(), journal.ways_back.end(),
                  [&](const auto& way) {
                    return way.key == one.returning_key && way.when.order > asked
                           && way.when.order < answered && way.guid != known;
                  })
      || holder_at(journal, known, answered) != (one.guid == known ? session : holder);
    // Whoever gave a sign of life meanwhile was not gone.
    const auto last = sign_of(journal, known, holder, answered);
    const auto gone_since = last.at + agents::offline_after_intervals * last.interval;
    const auto begun = std::find_if(journal.ways_back.begin(), journal.ways_back.end(),
                                    [&](const auto& way) { return way.when.order > asked; });
    const bool gone = (last.said_goodbye && sign_of(journal, known, holder, asked).said_goodbye)
                      || (begun != journal.ways_back.end() && gone_since <= begun->when.time);
    if (gone && !contended && one.guid != known) {
      found.push_back(name_of("a registration", one.call) + " got " + one.guid + " instead of "
                      + known + ", which nobody held any more");
    }
    if (one.guid == known && !one.returned && holder != session) {
      found.push_back(name_of("a registration", one.call) + " returned as " + known
                      + " and says that it is new");
    }
  }
  return found;
}

} // namespace nats_mcp::simulation
