// SPDX-License-Identifier: MIT
#include "tests/simulation/checkers/storing_checkers.hpp"

#include <algorithm>
#include <map>

namespace nats_mcp::simulation {

namespace {

std::string name_of(const send_facts& send) {
  return "\"" + send.text + "\" of agent " + std::to_string(send.call.agent) + " in #"
         + send.channel;
}

/// Where a message stands; 0 = nowhere.
std::uint64_t place_of(const channel_history& history, const send_facts& send) {
  const auto& stored = stored_in(history, send.channel);
  const auto found = std::find_if(stored.begin(), stored.end(),
                                  [&](const auto& each) { return each.text == send.text; });
  return found == stored.end() ? 0 : found->sequence;
}

} // namespace

std::string_view acknowledged_messages_are_stored::invariant() const noexcept {
  return "no acknowledged message is lost";
}

std::vector<std::string> acknowledged_messages_are_stored::violations() const {
  std::vector<std::string> found;
  for (const auto& send : history().sends) {
    if (!send.call.succeeded) {
      continue;
    }
    const auto place = place_of(history(), send);
    if (place == 0) {
      found.push_back(name_of(send) + " was acknowledged and is not stored");
    } else if (place != send.sequence) {
      found.push_back(name_of(send) + " was acknowledged as number " + std::to_string(send.sequence)
                      + " and is number " + std::to_string(place));
    }
  }
  return found;
}

std::string_view messages_are_stored_once::invariant() const noexcept {
  return "no message is stored twice, or that nobody sent";
}

std::vector<std::string> messages_are_stored_once::violations() const {
  std::map<std::pair<std::string, std::string>, const send_facts*> sent;
  for (const auto& send : history().sends) {
    sent[{send.channel, send.text}] = &send;
  }
  std::vector<std::string> found;
  for (const auto& [channel, messages] : history().stored) {
    std::map<std::string, int> times;
    for (const auto& message : messages) {
      const auto known = sent.find({channel, message.text});
      if (known == sent.end()) {
        found.push_back("\"" + message.text + "\" in #" + channel + " was sent by nobody");
      } else if (history().handles.at(known->second->call.agent) != message.handle) {
        found.push_back(name_of(*known->second) + " is stored as a word of " + message.handle);
      } else if (++times[message.text] == 2) {
        found.push_back(name_of(*known->second) + " is stored more than once");
      }
    }
  }
  return found;
}

std::string_view senders_keep_their_order::invariant() const noexcept {
  return "messages of one sender keep their order";
}

std::vector<std::string> senders_keep_their_order::violations() const {
  std::vector<std::string> found;
  for (const auto& second : history().sends) {
    const auto place = place_of(history(), second);
    for (const auto& first : history().sends) {
      const bool ordered = first.call.agent == second.call.agent && first.channel == second.channel
                           && first.call.succeeded && *first.call.answered < second.call.asked;
      if (ordered && place != 0 && place < place_of(history(), first)) {
        found.push_back(name_of(second) + " stands before \"" + first.text
                        + "\", which was acknowledged before it was sent");
      }
    }
  }
  return found;
}

std::string_view failures_are_honest::invariant() const noexcept {
  return "what an answer says was not sent is not stored";
}

std::vector<std::string> failures_are_honest::violations() const {
  std::vector<std::string> found;
  for (const auto& send : history().sends) {
    if (send.denied && place_of(history(), send) != 0) {
      found.push_back(name_of(send) + " is stored, though the answer says that it was not sent");
    }
  }
  return found;
}

} // namespace nats_mcp::simulation
