// SPDX-License-Identifier: MIT
#include "tests/simulation/workloads/registry_workload.hpp"

#include "protocol/agents/buckets.hpp"
#include "protocol/hash.hpp"
#include "protocol/json/member.hpp"
#include "protocol/limits.hpp"
#include "protocol/tools/agent_fields.hpp"

#include "tests/simulation/checkers/registry_checkers.hpp"
#include "tests/simulation/checkers/request_checkers.hpp"
#include "tests/simulation/workloads/agent_world.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace nats_mcp::simulation {

namespace {

/// Calls of one agent that may run at once.
constexpr std::size_t registry_open_max = 8;
constexpr std::array handles{"worker", "reviewer"};
constexpr std::array visibilities{"private", "project-only", "user-only", "public"};

/// Where an agent lives. Those who share all three compete for the same GUIDs.
struct habitat {
  std::size_t host;
  std::size_t user;
  std::size_t project;
};
constexpr std::array<habitat, 4> habitats{{{0, 0, 0}, {0, 0, 0}, {1, 0, 1}, {0, 1, 0}}};

agents::visibility visibility_in(const json::value& shown) {
  const auto text = json::text_member(shown, "visibility");
  for (const auto& [value, name] : json::choices<agents::visibility>::names) {
    if (name == text) {
      return value;
    }
  }
  return agents::visibility::private_;
}

shown_agent agent_in(const json::value& shown) {
  const auto text = [&shown](const char* key) {
    return std::string{json::text_member(shown, key)};
  };
  return {text("guid"),      text("handle"),
          text("status"),    visibility_in(shown),
          text("projectId"), json::signed_member(shown, "currentTaskCount").value_or(0)};
}

} // namespace

world_rhythm registry_workload::rhythm() const { return agent_rhythm(); }

void registry_workload::set_up(config::configuration& settings, dice& chance) {
  settings.channel_namespace = "demo";
  set_up_agents(settings);
  first_place_ = chance.below(habitats.size());
}

void registry_workload::settle(config::configuration& settings, std::size_t agent) const {
  settings.project_id = project_of(habitats[(first_place_ + agent) % habitats.size()].project);
}

process_identity registry_workload::process_of(std::size_t agent) const {
  const auto& where = habitats[(first_place_ + agent) % habitats.size()];
  return {{}, "host-" + std::to_string(where.host), "user-" + std::to_string(where.user), {}};
}

// -- steps -------------------------------------------------------------------------------------

void registry_workload::step(agent& who) {
  proofs_[who.number()]; // everybody proves
  const auto what = who.chance().below(100);
  if (who.open().size() >= registry_open_max || what < 4) {
    change_mind(who);
  } else if (what < 30) {
    register_itself(who, {});
  } else if (what < 46) {
    look_around(who);
  } else if (what < 58) {
    look_up(who);
  } else if (what < 68) {
    describe_itself(who);
  } else if (what < 73) {
    rename_itself(who);
  } else if (what < 86) {
    who.call("deregister_agent", json::value::object(), {});
  } else {
    write_to_somebody(who);
  }
}

void registry_workload::register_itself(agent& who, agent::heard then) {
  auto& chance = who.chance();
  const bool first = registered_.insert(who.process()).second;
  const asked_registration what{handles.at(chance.below(handles.size())), first};
  const auto request =
    who.call("register_agent",
             {{"agentType", "simulated"},
              {"handle", what.handle},
              {"visibility", visibilities.at(chance.below(visibilities.size()))}},
             [this, then = std::move(then)](const request_record& answered) {
               if (const auto* success = answered.success()) {
                 knows_time_.insert(answered.process);
                 guids_.emplace_back(json::text_member(success->content, "guid"));
               }
               if (then) {
                 then(answered);
               }
             });
  registrations_[request] = what;
}

void registry_workload::look_around(agent& who) {
  json::value arguments{{"limit", limits::agents_listed_max}};
  switch (who.chance().below(4)) {
    case 0:
      break;
    case 1:
      arguments["status"] = "offline";
      break;
    default:
      arguments["includeOffline"] = true;
  }
  looks_[who.call("discover_agents", std::move(arguments), {})] = {};
}

void registry_workload::look_up(agent& who) {
  auto& chance = who.chance();
  asked_look what;
  json::value arguments;
  if (guids_.empty() || chance.below(3) == 0) {
    arguments["handle"] = handles.at(chance.below(handles.size()));
  } else {
    arguments["guid"] = guids_[chance.below(guids_.size())];
    // Who has registered knows the server's time, and asks for the entries themselves.
    what.exact = knows_time_.contains(who.process());
  }
  looks_[who.call("get_agent_info", std::move(arguments), {})] = what;
}

void registry_workload::describe_itself(agent& who) {
  who.call(
    "update_presence",
    {{"status", who.chance().below(2) == 0 ? "online" : "busy"}, {"currentTaskCount", ++tasks_}},
    {});
}

void registry_workload::rename_itself(agent& who) {
  who.call("set_handle", {{"handle", handles.at(who.chance().below(handles.size()))}}, {});
}

void registry_workload::write_to_somebody(agent& who) {
  if (guids_.empty()) {
    return;
  }
  const auto to = guids_[who.chance().below(guids_.size())];
  const auto text = "agent " + std::to_string(who.number()) + " writes " + std::to_string(++texts_);
  senders_[text] = who.process();
  who.call("send_direct_message", {{"recipientGuid", to}, {"message", text}}, {});
}

void registry_workload::change_mind(agent& who) {
  auto open = who.open();
  // Nobody may withdraw a handshake; looks are what one gives up.
  std::erase_if(open, [this](std::size_t request) { return !looks_.contains(request); });
  if (!open.empty()) {
    who.withdraw(open[who.chance().below(open.size())]);
  }
}

// -- the proof ---------------------------------------------------------------------------------

// Everybody becomes what it is going to be; then nothing happens for four intervals; then everybody
// looks around.
void registry_workload::prove(agent& who) {
  auto& state = proofs_[who.number()];
  if (state.under_way) {
    return;
  }
  switch (state.at) {
    case stage::registering:
      return prove_registered(who);
    case stage::describing:
      return prove_described(who);
    case stage::settled:
      if (all_settled(who.now())) {
        state.at = stage::looking;
      }
      return;
    case stage::looking:
      return prove_seen(who);
    case stage::done:
      return;
  }
}

void registry_workload::prove_registered(agent& who) {
  auto& state = proofs_[who.number()];
  state.under_way = true;
  state.stays = who.chance().below(4) != 0;
  register_itself(who, [&state](const request_record& answered) {
    state.under_way = false;
    if (const auto* success = answered.success()) {
      state.guid = json::text_member(success->content, "guid");
      state.at = stage::describing;
    }
  });
}

void registry_workload::prove_described(agent& who) {
  auto& state = proofs_[who.number()];
  state.under_way = true;
  const auto then = [&state, &who](const request_record& answered) {
    state.under_way = false;
    // Refused: it was somebody else's GUID by now, and it registers anew.
    state.at = answered.success() != nullptr ? stage::settled : stage::registering;
    state.since = who.now();
  };
  if (!state.stays) {
    state.guid.clear();
    who.call("deregister_agent", json::value::object(), then);
    return;
  }
  state.status = who.chance().below(2) == 0 ? "online" : "busy";
  who.call("update_presence", {{"status", state.status}, {"currentTaskCount", ++tasks_}}, then);
}

bool registry_workload::all_settled(monotonic_time now) const {
  return std::all_of(proofs_.begin(), proofs_.end(), [now](const auto& one) {
    return one.second.at >= stage::settled && one.second.since + agents_settle_within <= now;
  });
}

void registry_workload::prove_seen(agent& who) {
  auto& state = proofs_[who.number()];
  state.under_way = true;
  const auto request =
    who.call("discover_agents", {{"includeOffline", true}, {"limit", limits::agents_listed_max}},
             [&state](const request_record& answered) {
               state.under_way = false;
               if (answered.success() != nullptr) {
                 state.at = stage::done;
               }
             });
  looks_[request] = {.complete = true, .exact = true};
}

bool registry_workload::proved(const agent& who) const {
  const auto found = proofs_.find(who.number());
  return found != proofs_.end() && found->second.at == stage::done;
}

// -- what happened -----------------------------------------------------------------------------

checkers registry_workload::check(const request_history& requests, server&) {
  history_ = {};
  history_.journal = read_journal(requests.stored);
  history_.senders = senders_;
  std::map<std::size_t, std::size_t> last_process;
  for (const auto& process : requests.processes) {
    const auto who = process_of(process.agent);
    agents::principal self;
    self.project_id =
      project_of(habitats[(first_place_ + process.agent) % habitats.size()].project);
    self.user_hash = short_hash(who.username).value_or(std::string{});
    last_process[process.agent] = history_.processes.size();
    history_.processes.push_back({process, self});
  }
  for (const auto& [agent, state] : proofs_) {
    history_.ends.push_back({last_process[agent], state.guid, state.status});
  }
  for (const auto& [number, what] : registrations_) {
    tell_registration(requests.requests.at(number), what);
  }
  for (const auto& [number, what] : looks_) {
    tell_look(requests.requests.at(number), what);
  }
  checkers all;
  all.push_back(std::make_unique<requests_are_answered_once>(requests));
  all.push_back(std::make_unique<answers_keep_their_era>(requests));
  all.push_back(std::make_unique<visibility_is_kept>(history_));
  all.push_back(std::make_unique<presence_converges>(history_));
  all.push_back(std::make_unique<guids_are_taken_from_the_silent>(history_));
  all.push_back(std::make_unique<only_the_holder_speaks>(history_));
  all.push_back(std::make_unique<agents_return_as_themselves>(history_));
  return all;
}

void registry_workload::tell_registration(const request_record& request,
                                          const asked_registration& what) {
  registration_facts one{
    facts_of(request), returning_key_of(request.agent, what.handle), {}, false, what.first};
  if (const auto* success = request.success()) {
    one.guid = json::text_member(success->content, "guid");
    one.returned = json::true_member(success->content, "returned");
  }
  history_.registrations.push_back(std::move(one));
}

void registry_workload::tell_look(const request_record& request, const asked_look& what) {
  const auto* success = request.success();
  if (success == nullptr) {
    return;
  }
  registry_look look;
  look.call = facts_of(request);
  look.asked_at = request.time;
  look.complete = what.complete;
  const auto& failures = history_.processes.at(request.process).record.failures;
  const bool forgot = std::any_of(failures.begin(), failures.end(), [](const auto& failure) {
    return failure.part == "registry"; // and the server's time with it
  });
  look.lag = what.complete || (what.exact && !forgot) ? std::chrono::milliseconds{0}
                                                      : limits::watch_silence_max;
  if (const auto* listed = json::find(success->content, "agents"); listed != nullptr) {
    for (const auto& one : *listed) {
      look.shown.push_back(agent_in(one));
    }
  } else if (const auto* one = json::find(success->content, "agent"); one != nullptr) {
    look.shown.push_back(agent_in(*one));
  }
  history_.looks.push_back(std::move(look));
}

std::string registry_workload::returning_key_of(std::size_t agent,
                                                const std::string& handle) const {
  const auto who = process_of(agent);
  const auto project = project_of(habitats[(first_place_ + agent) % habitats.size()].project);
  return agents::returning_key({who.username, who.hostname, project, handle})
    .value_or(std::string{});
}

} // namespace nats_mcp::simulation
