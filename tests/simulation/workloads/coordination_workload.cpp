// SPDX-License-Identifier: MIT
#include "tests/simulation/workloads/coordination_workload.hpp"

#include "protocol/coordination/streams.hpp"
#include "protocol/json/member.hpp"

#include "tests/simulation/checkers/request_checkers.hpp"
#include "tests/simulation/workloads/agent_world.hpp"
#include "tests/simulation/workloads/work_cast.hpp"

#include <utility>

namespace nats_mcp::simulation {

namespace {

using std::chrono::milliseconds;

/// Calls of one agent that may run at once.
constexpr std::size_t coordinated_open_max = 6;
constexpr std::uint64_t proof_claim_ms = 3'000;
/// So many of them without anything last longer than a request rests (limits::assignment_look_max):
/// those of items that are over are gone by then.
constexpr int idle_looks = 13;

} // namespace

world_rhythm coordination_workload::rhythm() const { return agent_rhythm(); }

void coordination_workload::set_up(config::configuration& settings, dice& chance) {
  settings.channel_namespace = "demo";
  settings.channels.push_back({"planning", "Simulated"});
  set_up_agents(settings);
  settings.work_queue.ack_timeout = milliseconds{chance.between(2'000, 5'000)};
  settings.work_queue.max_hold = settings.work_queue.ack_timeout * 2;
  settings.work_queue.max_attempts = static_cast<std::uint32_t>(chance.between(2, 4));
}

void coordination_workload::settle(config::configuration& settings, std::size_t agent) const {
  settings.project_id = worker_project(agent);
}

// -- steps -------------------------------------------------------------------------------------

void coordination_workload::step(agent& who) {
  if (!is_registered(who)) {
    register_itself(who);
    return;
  }
  const auto what = who.chance().below(100);
  if (who.open().size() >= coordinated_open_max) {
    return;
  }
  if (what < 35) {
    offer(who);
  } else if (what < 65 || places_[who.number()].held.empty()) {
    claim(who, who.chance().below(3'000), {});
  } else if (what < 85) {
    finish(who, "complete_work", {});
  } else if (what < 92) {
    finish(who, "fail_work", {});
  } else if (what < 96) {
    finish(who, "release_work", {});
  } else {
    places_[who.number()].held.pop_back(); // forgotten: the hold ends it
  }
}

bool coordination_workload::is_registered(const agent& who) const {
  const auto found = places_.find(who.number());
  return found != places_.end() && found->second.registering == who.process();
}

void coordination_workload::register_itself(agent& who) {
  auto& state = places_[who.number()];
  state.registering = who.process();
  state.registered = false;
  who.call("register_agent",
           {{"agentType", "simulated"},
            {"handle", worker_handle(who.number())},
            {"capabilities", worker_abilities(who.number())},
            {"visibility", "public"}},
           [this, &state](const request_record& answered) {
             if (const auto* success = answered.success()) {
               state.registered = true;
               state.guid = json::text_member(success->content, "guid");
             } else {
               note_failure(answered);
             }
           });
}

void coordination_workload::note_failure(const request_record& answered) {
  auto& state = places_[answered.agent];
  const bool lost = answered.what == "register_agent"
                    || (!answered.answers.empty()
                        && answered.answers.front().text.find("register") != std::string::npos);
  if (lost && state.registering == answered.process) {
    state.registering = ~std::size_t{0};
    state.registered = false;
  }
}

void coordination_workload::offer(agent& who) {
  // Nobody is given what it offered itself: there has to be another one who can do it.
  std::vector<std::size_t> others;
  for (const auto& [number, state] : places_) {
    if (number != who.number()) {
      others.push_back(number);
    }
  }
  if (others.empty()) {
    return;
  }
  auto& chance = who.chance();
  const auto other = one_of(others, chance);
  const bool of_project =
    worker_project(other) == worker_project(who.number()) && chance.below(2) == 0;
  json::value arguments{{"taskId", "task " + std::to_string(++texts_)},
                        {"capability", one_of(worker_abilities(other), chance)},
                        {"description", worker_handle(who.number()) + " wants it"},
                        {"priority", chance.between(1, 10)},
                        {"scope", of_project ? "project" : "public"},
                        {"coordinated", true}};
  if (chance.below(4) == 0) {
    arguments["idempotencyKey"] = "key " + std::to_string(chance.below(20));
  }
  if (const auto& guid = places_[other].guid; !guid.empty() && chance.below(4) == 0) {
    arguments["preferredWorker"] = guid;
  }
  offers_.insert(
    who.call("broadcast_work_offer", std::move(arguments), [this](const request_record& answered) {
      if (answered.success() == nullptr) {
        note_failure(answered);
      }
    }));
}

void coordination_workload::claim(agent& who, std::uint64_t timeout_ms, const agent::heard& then) {
  auto& state = places_[who.number()];
  who.call("claim_work", {{"timeout", timeout_ms}},
           [this, &state, then](const request_record& answered) {
             const auto* success = answered.success();
             if (success == nullptr) {
               note_failure(answered);
             } else if (const auto* work = json::find(success->content, "work")) {
               state.held.emplace_back(json::text_member(*work, "workItemId"));
             }
             if (then) {
               then(answered);
             }
           });
}

void coordination_workload::finish(agent& who, const char* tool, const agent::heard& then) {
  auto& held = places_[who.number()].held;
  json::value arguments{{"workItemId", held.back()}};
  held.pop_back();
  if (std::string_view{tool} == "fail_work") {
    arguments["error"] = "simulated";
    arguments["retryAfter"] = who.chance().below(2'000);
  }
  who.call(tool, std::move(arguments), [this, then](const request_record& answered) {
    note_failure(answered);
    if (then) {
      then(answered);
    }
  });
}

// -- the proof ---------------------------------------------------------------------------------

// Everybody takes and finishes what it is given until nothing it may see is open.
void coordination_workload::prove(agent& who) {
  auto& state = places_[who.number()];
  if (state.under_way || proved(who)) {
    return;
  }
  if (!is_registered(who)) {
    register_itself(who);
    return;
  }
  if (!state.registered) {
    return;
  }
  state.under_way = true;
  const auto done = [&state](const request_record&) { state.under_way = false; };
  if (!state.held.empty()) {
    finish(who, "complete_work", done);
    return;
  }
  claim(who, proof_claim_ms, [this, &who, &state](const request_record& answered) {
    state.under_way = false;
    const auto* success = answered.success();
    const bool found_none = success != nullptr && json::find(success->content, "work") == nullptr;
    if (found_none && who.has_process()) {
      look_for_open_work(who);
    }
  });
}

void coordination_workload::look_for_open_work(agent& who) {
  auto& state = places_[who.number()];
  state.under_way = true;
  who.call("list_work", {{"limit", 1}}, [&state](const request_record& answered) {
    state.under_way = false;
    const auto* success = answered.success();
    const auto* items = success == nullptr ? nullptr : json::find(success->content, "items");
    const bool is_all =
      success != nullptr && json::text_member(success->content, "nextCursor").empty();
    state.idle = items != nullptr && items->empty() && is_all ? state.idle + 1 : 0;
  });
}

bool coordination_workload::proved(const agent& who) const {
  const auto found = places_.find(who.number());
  return found != places_.end() && found->second.idle >= idle_looks && found->second.held.empty();
}

// -- what happened -----------------------------------------------------------------------------

checkers coordination_workload::check(const request_history& requests, server& nats) {
  history_ = read_coordination(requests);
  for (const auto number : offers_) {
    const auto& request = requests.requests.at(number);
    if (const auto* success = request.success()) {
      history_.accepted.emplace_back(json::text_member(success->content, "workItemId"));
    }
  }
  const auto* requests_left = nats.find_stream(std::string{coordination::requests_stream_name});
  history_.requests_left = requests_left == nullptr ? 0 : requests_left->log().entries().size();
  checkers all;
  all.push_back(std::make_unique<requests_are_answered_once>(requests));
  all.push_back(std::make_unique<answers_keep_their_era>(requests));
  all.push_back(std::make_unique<one_leader_acts_at_a_time>(history_));
  all.push_back(std::make_unique<one_worker_has_an_item>(history_));
  all.push_back(std::make_unique<terms_only_grow>(history_));
  all.push_back(std::make_unique<every_request_comes_to_an_end>(history_));
  return all;
}

} // namespace nats_mcp::simulation
