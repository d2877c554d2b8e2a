// SPDX-License-Identifier: MIT
#include "tests/simulation/workloads/mail_workload.hpp"

#include "protocol/json/member.hpp"
#include "protocol/messaging/direct_message_codec.hpp"

#include "tests/simulation/checkers/mail_checkers.hpp"
#include "tests/simulation/checkers/request_checkers.hpp"
#include "tests/simulation/workloads/agent_world.hpp"
#include "tests/simulation/workloads/denials.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace nats_mcp::simulation {

namespace {

/// Calls of one agent that may run at once.
constexpr std::size_t mail_open_max = 12;
constexpr std::array message_types{"text", "work-claim", "work-accept"};

} // namespace

world_rhythm mail_workload::rhythm() const { return agent_rhythm(); }

void mail_workload::set_up(config::configuration& settings, dice&) {
  settings.channel_namespace = "demo";
  settings.channels.push_back({"planning", "Simulated"});
  set_up_agents(settings);
}

void mail_workload::settle(config::configuration& settings, std::size_t agent) const {
  settings.project_id = project_of(agent % 2);
}

// -- steps -------------------------------------------------------------------------------------

void mail_workload::step(agent& who) {
  if (!is_registered(who)) {
    register_itself(who, handle_of(who.number()), {});
    return;
  }
  const auto what = who.chance().below(100);
  if (who.open().size() >= mail_open_max || what < 10) {
    change_mind(who);
  } else if (what < 46) {
    send(who);
  } else if (what < 79) {
    read(who);
  } else if (what < 91) {
    wait(who);
  } else if (what < 93) {
    rename(who);
  } else if (what < 96) {
    ask_something(who);
  } else if (what < 98) {
    // And returns to the GUID it had before a kill, if it can.
    register_itself(who, handle_of(who.number()), {});
  } else {
    deregister(who);
  }
}

bool mail_workload::is_registered(const agent& who) const {
  const auto found = places_.find(who.number());
  return found != places_.end() && found->second.registering == who.process();
}

void mail_workload::register_itself(agent& who, const std::string& handle, agent::heard then) {
  auto& state = places_[who.number()];
  state.registering = who.process();
  state.registered = false;
  const auto request = who.call(
    "register_agent", {{"agentType", "simulated"}, {"handle", handle}, {"visibility", "public"}},
    [this, &state, then = std::move(then)](const request_record& answered) {
      if (const auto* success = answered.success()) {
        state.registered = true;
        state.guid = json::text_member(success->content, "guid");
        newcomer_ = answered.agent;
      } else {
        note_failure(answered);
      }
      if (then) {
        then(answered);
      }
    });
  changes_.push_back(request);
}

void mail_workload::rename(agent& who) {
  const bool back = who.chance().below(2) == 0;
  places_[who.number()].goes_by_both = true;
  who.call("set_handle",
           {{"handle", back ? handle_of(who.number()) : other_handle_of(who.number())}}, {});
}

void mail_workload::deregister(agent& who) {
  places_[who.number()].registered = false; // from now on a wait may be for channels alone
  changes_.push_back(who.call("deregister_agent", json::value::object(),
                              [this](const request_record& answered) { note_failure(answered); }));
}

void mail_workload::note_failure(const request_record& answered) {
  auto& state = places_[answered.agent];
  if (state.registering == answered.process) {
    state.registering = ~std::size_t{0};
  }
}

void mail_workload::send(agent& who) {
  auto& chance = who.chance();
  std::vector<std::size_t> known;
  for (const auto& [number, state] : places_) {
    if (!state.guid.empty()) {
      known.push_back(number);
    }
  }
  if (known.empty()) {
    return;
  }
  // Who has just come is an agent of its own for a while perhaps, and killed again soon.
  const bool greets = newcomer_ && chance.below(100) < 70;
  const auto to = greets ? *newcomer_ : known[chance.below(known.size())];
  auto recipient = chance.below(2) == 0 ? json::value{{"recipientGuid", places_[to].guid}}
                                        : json::value{{"recipientHandle", handle_of(to)}};
  send_to(who, std::move(recipient), [this](const request_record& answered) {
    const auto lost = !answered.answers.empty()
                      && answered.answers.front().text.find("register") != std::string::npos;
    if (answered.success() == nullptr && lost) {
      note_failure(answered);
    }
  });
}

void mail_workload::send_to(agent& who, json::value recipient, agent::heard then) {
  asked_send what;
  what.text = handle_of(who.number()) + " writes " + std::to_string(++texts_);
  what.type = message_types.at(who.chance().below(message_types.size()));
  recipient["message"] = what.text;
  recipient["messageType"] = what.type;
  if (what.type != "text") {
    recipient["metadata"] = {{"workItemId", "item-" + std::to_string(texts_)}};
  }
  asked_[who.call("send_direct_message", std::move(recipient), std::move(then))] = std::move(what);
}

void mail_workload::read(agent& who) {
  auto& chance = who.chance();
  asked_read what;
  json::value arguments{{"limit", chance.below(2) == 0 ? chance.between(1, 3) : 100}};
  if (chance.below(4) == 0) {
    what.type = message_types.at(chance.below(message_types.size()));
    arguments["messageType"] = what.type;
  }
  if (const auto& from = places_[chance.below(places_.size())]; chance.below(4) == 0) {
    what.sender_guid = from.guid;
  }
  if (!what.sender_guid.empty()) {
    arguments["senderGuid"] = what.sender_guid;
  }
  if (chance.below(3) == 0) {
    arguments["timeout"] = chance.below(3'000);
  }
  asked_[who.call("read_direct_messages", std::move(arguments), {})] = std::move(what);
}

void mail_workload::wait(agent& who) {
  const asked_wait what{std::chrono::milliseconds{who.chance().below(3'000)}};
  const auto request = who.call("wait_for_messages", {{"timeout", what.timeout.count()}}, {});
  if (places_[who.number()].registered) {
    asked_[request] = what; // else it waits for channels alone
  }
}

void mail_workload::change_mind(agent& who) {
  auto open = who.open();
  // Nobody may withdraw a handshake or what registers it.
  std::erase_if(open, [this](std::size_t request) { return !asked_.contains(request); });
  if (!open.empty()) {
    who.withdraw(open[who.chance().below(open.size())]);
  }
}

void mail_workload::ask_something(agent& who) {
  switch (who.chance().below(3)) {
    case 0:
      who.call("server_status", json::value::object(), {});
      return;
    case 1:
      who.call("discover_agents", {{"includeOffline", true}}, {});
      return;
    default:
      who.call("update_presence", {{"status", "busy"}}, {});
  }
}

// -- what happened -----------------------------------------------------------------------------

checkers mail_workload::check(const request_history& requests, server& nats) {
  history_ = {};
  waits_over_.clear();
  history_.processes = requests.processes;
  history_.server_ends = requests.server_ends;
  history_.journal = read_journal(requests.stored);
  for (const auto& [agent, state] : places_) {
    if (state.done && state.registering < requests.processes.size()) {
      history_.living.insert(requests.processes[state.registering].session_id);
    }
  }
  for (const auto& process : requests.processes) {
    while (history_.handles.size() <= process.agent) {
      const auto agent = history_.handles.size();
      history_.handles.push_back({handle_of(agent), other_handle_of(agent)});
    }
  }
  if (const auto* stream = nats.find_stream(std::string{messaging::inbox_stream_name})) {
    for (const auto& [sequence, entry] : stream->log().entries()) {
      history_.unread.insert(sequence);
    }
  }
  for (const auto& [number, what] : asked_) {
    const auto& request = requests.requests.at(number);
    const auto call = facts_of(request);
    std::visit([&](const auto& one) { tell(request, call, one); }, what);
  }
  tell_identities(requests);
  tell_when_waits_were_over(requests);
  checkers all;
  all.push_back(std::make_unique<requests_are_answered_once>(requests));
  all.push_back(std::make_unique<answers_keep_their_era>(requests));
  all.push_back(std::make_unique<accepted_mail_is_stored>(history_));
  all.push_back(std::make_unique<refused_mail_is_not_stored>(history_));
  all.push_back(std::make_unique<read_mail_was_shown>(history_));
  all.push_back(std::make_unique<mail_is_shown_to_its_recipient>(history_));
  all.push_back(std::make_unique<mail_names_its_sender>(history_));
  all.push_back(std::make_unique<emptiness_is_true>(history_));
  all.push_back(std::make_unique<no_mail_is_out_of_reach>(history_));
  all.push_back(std::make_unique<mail_is_shown_once>(history_));
  return all;
}

void mail_workload::tell(const request_record& request, const call_facts& call,
                         const asked_send& what) {
  mail_send send{call, what.text, what.type, {}, {}, false};
  if (const auto* success = request.success()) {
    send.id = json::text_member(success->content, "messageId");
    send.recipient_guid = json::text_member(success->content, "recipientGuid");
  } else if (!request.answers.empty()) {
    send.denied = denies(request.answers.front().text);
  }
  history_.sends.push_back(std::move(send));
}

void mail_workload::tell(const request_record& request, const call_facts& call,
                         const asked_read& what) {
  mail_read read{call, request.withdrawn, what.type, what.sender_guid, {}};
  const auto* success = request.success();
  const auto* messages = success == nullptr ? nullptr : json::find(success->content, "messages");
  if (messages != nullptr) {
    for (const auto& message : *messages) {
      const auto text = [&message](const char* key) {
        return std::string{json::text_member(message, key)};
      };
      read.shown.push_back({text("id"), text("senderGuid"), text("senderHandle"),
                            text("messageType"), text("message")});
    }
  }
  history_.reads.push_back(std::move(read));
}

void mail_workload::tell(const request_record& request, const call_facts& call,
                         const asked_wait& what) {
  mail_wait wait{call, 0, 0};
  const auto* success = request.success();
  if (success != nullptr) {
    wait.unread = json::unsigned_member(success->content, "directMessages").value_or(0);
    const auto* channels = json::find(success->content, "channels");
    wait.call.succeeded = channels == nullptr || channels->empty(); // else it ended for those
  }
  history_.waits.push_back(std::move(wait));
  waits_over_.push_back(request.time + what.timeout);
}

void mail_workload::tell_identities(const request_history& requests) {
  for (auto change = changes_.begin(); change != changes_.end(); ++change) {
    const auto& request = requests.requests.at(*change);
    const auto* success = request.success();
    if (success == nullptr || request.what != "register_agent") {
      continue;
    }
    mail_identity one{request.process, std::string{json::text_member(success->content, "guid")},
                      success->order};
    const auto next = std::find_if(change + 1, changes_.end(), [&](std::size_t later) {
      return requests.requests.at(later).process == request.process;
    });
    if (next != changes_.end()) {
      one.until = requests.requests.at(*next).order;
    }
    history_.identities.push_back(std::move(one));
  }
}

void mail_workload::tell_when_waits_were_over(const request_history& requests) {
  for (const auto& request : requests.requests) {
    for (const auto& answer : request.answers) {
      for (std::size_t i = 0; i < history_.waits.size(); ++i) {
        if (answer.time <= waits_over_[i]) {
          auto& over = history_.waits[i].over;
          over = std::max(over, answer.order + 1);
        }
      }
    }
  }
}

} // namespace nats_mcp::simulation
