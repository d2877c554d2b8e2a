// SPDX-License-Identifier: MIT
#include "tests/simulation/checkers/mail_checkers.hpp"

#include <algorithm>
#include <map>
#include <tuple>

namespace nats_mcp::simulation {

namespace {

std::string quoted(const std::string& text) { return "\"" + text + "\""; }

const mail_send* find_send(const mail_history& history, const std::string& text) {
  const auto found = std::find_if(history.sends.begin(), history.sends.end(),
                                  [&text](const auto& one) { return one.text == text; });
  return found == history.sends.end() ? nullptr : &*found;
}

bool admits(const mail_read& read, const mail_send& send, const mail_stored& stored) {
  return (read.type.empty() || read.type == send.type)
         && (read.sender_guid.empty() || read.sender_guid == stored.sender_guid);
}

/// Somebody who looked into an inbox and says that it is empty.
struct empty_look {
  const call_facts* call = nullptr;
  /// What was accepted before has to be noticed.
  order_number known = 0;
  /// Null for one without a filter.
  const mail_read* read = nullptr;
};

/// Whether another read of the same process may have had messages in its hands during the look.
bool somebody_else_reads(const mail_history& history, const empty_look& look) {
  const auto end = *look.call->answered;
  return std::any_of(history.reads.begin(), history.reads.end(), [&](const mail_read& other) {
    if (&other == look.read || other.call.process != look.call->process || other.call.asked > end) {
      return false;
    }
    const auto gave_up = other.withdrawn.value_or(~order_number{0});
    return other.call.answered ? !other.call.succeeded && *other.call.answered > look.call->asked
                               : gave_up > look.call->asked;
  });
}

/// Whether the process was this agent, and knew it, during the look.
bool is_recipient(const mail_history& history, const empty_look& look, const std::string& guid) {
  const auto& identities = history.identities;
  const bool told =
    std::any_of(identities.begin(), identities.end(), [&](const mail_identity& one) {
      return one.process == look.call->process && one.guid == guid && one.from < look.call->asked
             && one.until > *look.call->answered;
    });
  return told
         && held_throughout(history.journal, guid,
                            history.processes.at(look.call->process).session_id, look.call->asked,
                            *look.call->answered);
}

/// A message that the look should have found; empty: none.
std::string overlooked(const mail_history& history, const empty_look& look) {
  for (const auto& send : history.sends) {
    const auto* stored = find_stored(history, send.text);
    if (!send.call.succeeded || *send.call.answered >= look.known || stored == nullptr
        || (look.read != nullptr && !admits(*look.read, send, *stored))
        || !is_recipient(history, look, stored->recipient_guid)) {
      continue;
    }
    const auto* shown = first_shown(history, send.text);
    if (shown == nullptr || shown->call.asked > *look.call->answered) {
      return send.text;
    }
  }
  return {};
}

/// Whether this session was told that it is another agent by now. A name it takes later does not
/// lead it back: it keeps the GUID it has.
bool became_another(const mail_history& history, const std::string& session,
                    const std::string& guid) {
  const auto& told = history.identities;
  const auto last = std::find_if(told.rbegin(), told.rend(), [&](const mail_identity& one) {
    return history.processes.at(one.process).session_id == session;
  });
  return last != told.rend() && last->guid != guid;
}

/// Why nobody will open this inbox; empty: somebody will.
std::string out_of_reach(const mail_history& history, const std::string& guid) {
  constexpr auto end = ~order_number{0};
  const auto& journal = history.journal;
  const auto lives = [&](const std::string& whose) {
    const auto holder = holder_at(journal, whose, end);
    return history.living.contains(holder) && !became_another(history, holder, whose);
  };
  for (const auto& [key, way] : last_ways_back(journal)) {
    if (way.guid == guid) {
      return {};
    }
    if (std::find(way.others.begin(), way.others.end(), guid) == way.others.end()) {
      continue;
    }
    const bool adopted = holder_at(journal, guid, end) == holder_at(journal, way.guid, end);
    return !way.guid.empty() && lives(way.guid) && (adopted || !lives(guid))
             ? "which the agent of its name has not opened"
             : "";
  }
  return "to which no name leads";
}

/// Whether the server could not know what it was sent again: the first copy was read, and with it
/// the server forgot its id when it was ended.
bool server_had_forgotten(const mail_history& all, const mail_stored& first,
                          const mail_stored& again) {
  const auto between = [&](order_number when) {
    return first.when.order < when && when < again.when.order;
  };
  const bool was_read = std::any_of(all.reads.begin(), all.reads.end(), [&](const auto& read) {
    return read.call.answered && between(*read.call.answered)
           && std::any_of(read.shown.begin(), read.shown.end(),
                          [&](const auto& message) { return message.text == first.text; });
  });
  return was_read && std::any_of(all.server_ends.begin(), all.server_ends.end(), between);
}

/// Whether it was rightly stored a second time.
bool stored_again(const mail_history& all, const shown_mail& shown) {
  const mail_stored* former = nullptr;
  for (const auto& message : all.journal.mail) {
    if (message.text != shown.text) {
      continue;
    }
    if (former != nullptr && server_had_forgotten(all, *former, message)) {
      return true;
    }
    former = &message;
  }
  return false;
}

} // namespace

// -- sending -----------------------------------------------------------------------------------

std::string_view accepted_mail_is_stored::invariant() const noexcept {
  return "every accepted direct message is stored once, for its recipient";
}

std::vector<std::string> accepted_mail_is_stored::violations() const {
  std::map<std::string, int> times;
  std::map<std::string, const mail_stored*> before;
  for (const auto& message : history().journal.mail) {
    auto& former = before[message.text];
    if (former == nullptr || !server_had_forgotten(history(), *former, message)) {
      ++times[message.text];
    }
    former = &message;
  }
  std::vector<std::string> found;
  for (const auto& send : history().sends) {
    const auto* stored = find_stored(history(), send.text);
    if (times[send.text] > 1) {
      found.push_back(quoted(send.text) + " was stored " + std::to_string(times[send.text])
                      + " times");
    }
    if (!send.call.succeeded) {
      continue;
    }
    if (stored == nullptr || stored->when.order > *send.call.answered) {
      found.push_back(quoted(send.text) + " was accepted and was not stored");
    } else if (stored->id != send.id || stored->recipient_guid != send.recipient_guid) {
      found.push_back(quoted(send.text) + " was stored for " + stored->recipient_guid
                      + ", and the answer names " + send.recipient_guid);
    }
  }
  return found;
}

std::string_view refused_mail_is_not_stored::invariant() const noexcept {
  return "a direct message that was said not to be stored is not";
}

std::vector<std::string> refused_mail_is_not_stored::violations() const {
  std::vector<std::string> found;
  for (const auto& send : history().sends) {
    if (send.denied && find_stored(history(), send.text) != nullptr) {
      found.push_back(quoted(send.text) + " was stored, though the answer denied it");
    }
  }
  return found;
}

// -- reading -----------------------------------------------------------------------------------

std::string_view read_mail_was_shown::invariant() const noexcept {
  return "no direct message counts as read that was not shown";
}

std::vector<std::string> read_mail_was_shown::violations() const {
  std::vector<std::string> found;
  for (const auto& message : history().journal.mail) {
    if (!history().unread.contains(message.sequence)
        && first_shown(history(), message.text) == nullptr) {
      found.push_back(quoted(message.text) + " left the inbox of " + message.recipient_guid
                      + " and was never shown");
    }
  }
  return found;
}

std::string_view mail_is_shown_to_its_recipient::invariant() const noexcept {
  return "a direct message is shown to its recipient alone";
}

std::vector<std::string> mail_is_shown_to_its_recipient::violations() const {
  std::vector<std::string> found;
  for (const auto& read : history().reads) {
    const auto& session = history().processes.at(read.call.process).session_id;
    for (const auto& message : read.shown) {
      const auto* stored = find_stored(history(), message.text);
      if (stored == nullptr
          || !held_sometime(history().journal, stored->recipient_guid, session, read.call.asked,
                            *read.call.answered)) {
        found.push_back(name_of("a read", read.call) + " shows " + quoted(message.text)
                        + (stored == nullptr ? ", which nobody sent"
                                             : ", which is for " + stored->recipient_guid));
      }
    }
  }
  return found;
}

std::string_view mail_names_its_sender::invariant() const noexcept {
  return "a direct message names its true sender";
}

std::vector<std::string> mail_names_its_sender::violations() const {
  std::vector<std::string> found;
  for (const auto& message : history().journal.mail) {
    const auto* send = find_send(history(), message.text);
    if (send == nullptr) {
      found.push_back(quoted(message.text) + " was stored, and nobody sent it");
      continue;
    }
    const auto& session = history().processes.at(send->call.process).session_id;
    if (holder_at(history().journal, message.sender_guid, message.when.order) != session) {
      found.push_back(quoted(message.text) + " was stored as of " + message.sender_guid
                      + ", which its sender did not hold");
    }
    if (!history().handles.at(send->call.agent).contains(message.sender_handle)) {
      found.push_back(quoted(message.text) + " was stored as of the handle "
                      + message.sender_handle);
    }
  }
  for (const auto& read : history().reads) {
    for (const auto& shown : read.shown) {
      const auto* stored = find_stored(history(), shown.text);
      if (stored != nullptr
          && (shown.sender_guid != stored->sender_guid
              || shown.sender_handle != stored->sender_handle || shown.id != stored->id)) {
        found.push_back(name_of("a read", read.call) + " shows " + quoted(shown.text)
                        + " as somebody else's");
      }
    }
  }
  return found;
}

std::string_view emptiness_is_true::invariant() const noexcept {
  return "an inbox is called empty only if it is";
}

std::vector<std::string> emptiness_is_true::violations() const {
  std::vector<std::string> found;
  const auto look_into = [&](const char* what, const empty_look& look) {
    if (somebody_else_reads(history(), look)) {
      return;
    }
    if (const auto text = overlooked(history(), look); !text.empty()) {
      found.push_back(name_of(what, *look.call) + " found no mail, though " + quoted(text)
                      + " was unread");
    }
  };
  for (const auto& read : history().reads) {
    if (read.call.succeeded && read.shown.empty()) {
      look_into("a read", {&read.call, read.call.asked, &read});
    }
  }
  for (const auto& wait : history().waits) {
    if (wait.call.succeeded && wait.unread == 0) {
      look_into("a wait", {&wait.call, wait.over, nullptr});
    }
  }
  return found;
}

std::string_view no_mail_is_out_of_reach::invariant() const noexcept {
  return "every accepted direct message is shown, or lies in an inbox somebody can open";
}

std::vector<std::string> no_mail_is_out_of_reach::violations() const {
  std::vector<std::string> found;
  for (const auto& send : history().sends) {
    const auto* stored = find_stored(history(), send.text);
    if (!send.call.succeeded || stored == nullptr || !history().unread.contains(stored->sequence)
        || first_shown(history(), send.text) != nullptr) {
      continue;
    }
    if (const auto why = out_of_reach(history(), stored->recipient_guid); !why.empty()) {
      found.push_back(quoted(send.text) + " lies unread in the inbox of " + stored->recipient_guid
                      + ", " + why);
    }
  }
  return found;
}

std::string_view mail_is_shown_once::invariant() const noexcept {
  return "no direct message is shown twice, unless something failed between";
}

std::vector<std::string> mail_is_shown_once::violations() const {
  // Two claims of one attempt are told of in the same words, each with an id of its own.
  std::map<std::tuple<std::size_t, std::string, std::string>, const mail_read*> shown;
  std::vector<std::string> found;
  for (const auto& read : history().reads) {
    const auto& failures = history().processes.at(read.call.process).failures;
    for (const auto& message : read.shown) {
      const auto [first, fresh] =
        shown.try_emplace({read.call.process, message.id, message.text}, &read);
      if (fresh) {
        continue;
      }
      const auto from = std::min(first->second->call.asked, read.call.asked);
      const auto to = std::max(*first->second->call.answered, *read.call.answered);
      const bool failed =
        std::any_of(failures.begin(), failures.end(), [&](const failure_record& one) {
          return (one.part == "session" || one.part == "inbox") && one.order > from
                 && one.order < to;
        });
      if (!failed && !stored_again(history(), message)) {
        found.push_back(name_of("a read", read.call) + " shows " + quoted(message.text)
                        + " a second time");
      }
    }
  }
  return found;
}

} // namespace nats_mcp::simulation
