// SPDX-License-Identifier: MIT
#include "tests/simulation/workloads/work_workload.hpp"

#include "protocol/json/member.hpp"
#include "protocol/time.hpp"

#include "tests/simulation/workloads/agent_world.hpp"
#include "tests/simulation/workloads/work_cast.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace nats_mcp::simulation {

namespace {

using std::chrono::milliseconds;

/// Calls of one agent that may run at once.
constexpr std::size_t work_open_max = 10;
/// Removes one at random. @pre there are some
template <class T>
T draw_from(std::vector<T>& some, dice& chance) {
  const auto at = some.begin() + static_cast<std::ptrdiff_t>(chance.below(some.size()));
  auto drawn = std::move(*at);
  some.erase(at);
  return drawn;
}

} // namespace

world_rhythm work_workload::rhythm() const { return agent_rhythm(); }

void work_workload::set_up(config::configuration& settings, dice& chance) {
  settings.channel_namespace = "demo";
  settings.channels.push_back({"planning", "Simulated"});
  set_up_agents(settings);
  ack_timeout_ = milliseconds{chance.between(2'000, 5'000)};
  settings.work_queue.max_hold = ack_timeout_ * static_cast<int>(chance.between(1, 4));
  settings.work_queue.max_attempts = static_cast<std::uint32_t>(chance.between(2, 4));
}

void work_workload::settle(config::configuration& settings, std::size_t agent) const {
  settings.project_id = worker_project(agent);
  // The first who needs a lane decides for all.
  settings.work_queue.ack_timeout = ack_timeout_ + milliseconds{500} * static_cast<int>(agent % 3);
}

// -- steps -------------------------------------------------------------------------------------

void work_workload::step(agent& who) {
  if (!is_registered(who)) {
    register_itself(who);
    return;
  }
  auto& chance = who.chance();
  const auto what = chance.below(100);
  if (who.open().size() >= work_open_max || what < 5) {
    change_mind(who);
  } else if (what < 25) {
    offer(who);
  } else if (what < 50) {
    const auto waits = chance.below(2) == 0;
    claim(who, milliseconds{waits ? chance.between(1, 4'000) : 0}, {});
  } else if (what < 76) {
    act_on_held(who, chance.below(26));
  } else if (what < 80) {
    act_late(who);
  } else if (what < 82) {
    complete_again(who);
  } else if (what < 85) {
    cancel(who);
  } else if (what < 91) {
    look(who);
  } else if (what < 94) {
    list_letters(who, {});
  } else if (what < 98) {
    look_after_letters(who);
  } else {
    who.call("server_status", json::value::object(), {});
  }
}

bool work_workload::is_registered(const agent& who) const {
  const auto found = places_.find(who.number());
  return found != places_.end() && found->second.registering == who.process();
}

void work_workload::register_itself(agent& who) {
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

void work_workload::note_failure(const request_record& answered) {
  auto& state = places_[answered.agent];
  const bool lost = answered.what == "register_agent"
                    || (!answered.answers.empty()
                        && answered.answers.front().text.find("register") != std::string::npos);
  if (lost && state.registering == answered.process) {
    state.registering = ~std::size_t{0};
    state.registered = false;
  }
}

// -- offering ----------------------------------------------------------------------------------

work_workload::asked_offer work_workload::draw_offer(agent& who) {
  auto& chance = who.chance();
  std::vector<std::size_t> known;
  for (const auto& [number, state] : places_) {
    known.push_back(number);
  }
  asked_offer what;
  auto& item = what.wanted;
  const bool of_project = chance.below(3) == 0;
  // Of its own project at least the agent itself can do what it can do.
  item.capability =
    one_of(worker_abilities(of_project ? who.number() : one_of(known, chance)), chance);
  item.scope = of_project ? worker_project(who.number()) : std::string{work::public_scope};
  item.task_id = "task " + std::to_string(++texts_);
  item.description = worker_handle(who.number()) + " wants " + item.task_id;
  item.priority = static_cast<int>(chance.below(2) == 0 ? 5 : chance.between(1, 10));
  item.context = {{"number", texts_}};
  auto& arguments = what.arguments;
  arguments = {{"taskId", item.task_id},
               {"description", item.description},
               {"priority", item.priority},
               {"contextData", item.context},
               {"scope", of_project ? "project" : "public"},
               {"notifyClaim", chance.below(2) == 0}};
  arguments[chance.below(4) == 0 ? "requiredCapability" : "capability"] = item.capability;
  const auto& other = places_.at(one_of(known, chance)).guid;
  if (!of_project && !other.empty() && chance.below(8) == 0) {
    item.assigned_to = other;
    arguments["assignTo"] = other;
  }
  if (const auto when = chance.below(8); when < 2) {
    const auto span = when == 0 ? chance.between(300, 6'000) : 3'600'000;
    arguments["deadline"] = to_rfc3339(who.wall_now() + milliseconds{span});
  }
  return what;
}

void work_workload::offer(agent& who) {
  auto& chance = who.chance();
  asked_offer what;
  if (chance.below(4) == 0) {
    const auto key = "key " + std::to_string(chance.below(6));
    const auto full = worker_project(who.number()) + "/" + key;
    if (const auto before = keys_.find(full); before != keys_.end()) {
      what = before->second;
    } else {
      what = draw_offer(who);
      what.key = full;
      what.arguments["idempotencyKey"] = key;
      keys_[full] = what;
    }
  } else {
    what = draw_offer(who);
  }
  auto& state = places_[who.number()];
  asked_[who.call("broadcast_work_offer", what.arguments,
                  [this, &state](const request_record& answered) {
                    if (const auto* success = answered.success()) {
                      known_.emplace_back(json::text_member(success->content, "workItemId"));
                      state.offered.push_back(known_.back());
                    } else {
                      note_failure(answered);
                    }
                  })] = std::move(what);
}

void work_workload::cancel(agent& who) {
  auto& state = places_[who.number()];
  if (!state.offered.empty() && who.chance().below(4) != 0) {
    act(who, work_deed::cancel, draw_from(state.offered, who.chance()), {});
  } else if (!known_.empty()) {
    act(who, work_deed::cancel, one_of(known_, who.chance()), {});
  }
}

// -- working -----------------------------------------------------------------------------------

void work_workload::claim(agent& who, milliseconds timeout, agent::heard then) {
  asked_claim what{worker_abilities(who.number())};
  json::value arguments{{"timeout", timeout.count()}};
  if (!then && who.chance().below(4) == 0) {
    what.capabilities = {one_of(what.capabilities, who.chance())};
    arguments["capability"] = what.capabilities.front();
  }
  auto& state = places_[who.number()];
  const auto request =
    who.call("claim_work", std::move(arguments),
             [this, &state, then = std::move(then)](const request_record& answered) {
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
  asked_[request] = std::move(what);
}

std::string work_workload::draw_text(const agent& who) {
  return worker_handle(who.number()) + " says " + std::to_string(++texts_);
}

std::size_t work_workload::act(agent& who, work_deed what, const std::string& item,
                               agent::heard then) {
  auto& chance = who.chance();
  asked_act one{what, item, {}};
  json::value arguments{{"workItemId", item}};
  const char* tool = "";
  switch (what) {
    case work_deed::report:
      tool = "report_progress";
      arguments["note"] = one.text = draw_text(who);
      arguments["progress"] = chance.below(101);
      break;
    case work_deed::complete:
      tool = "complete_work";
      arguments["summary"] = one.text = draw_text(who);
      arguments["result"] = {{"number", texts_}};
      break;
    case work_deed::fail:
      tool = "fail_work";
      arguments["error"] = one.text = draw_text(who);
      arguments["retryable"] = chance.below(4) != 0;
      if (chance.below(3) == 0) {
        arguments["retryAfter"] = chance.below(3'000);
      }
      break;
    case work_deed::release:
      tool = "release_work";
      break;
    case work_deed::cancel:
      tool = "cancel_work";
      arguments["reason"] = one.text = draw_text(who);
      break;
    case work_deed::retry:
      tool = "retry_dead_letter_item";
      arguments = {{"itemId", item}, {"resetAttempts", chance.below(3) == 0}};
      break;
    case work_deed::discard:
      tool = "discard_dead_letter_item";
      arguments = {{"itemId", item}};
      break;
  }
  const auto request = who.call(tool, std::move(arguments),
                                [this, then = std::move(then)](const request_record& answered) {
                                  note_failure(answered);
                                  if (then) {
                                    then(answered);
                                  }
                                });
  asked_[request] = std::move(one);
  return request;
}

void work_workload::act_on_held(agent& who, std::size_t which) {
  auto& state = places_[who.number()];
  if (state.held.empty()) {
    claim(who, milliseconds{0}, {});
    return;
  }
  auto& chance = who.chance();
  if (which < 8) {
    act(who, work_deed::report, one_of(state.held, chance), {});
    return;
  }
  const auto item = draw_from(state.held, chance);
  state.past.push_back(item);
  if (which < 17) {
    const auto request = act(who, work_deed::complete, item, {});
    state.completed.emplace_back(item, std::get<asked_act>(asked_.at(request)).text);
  } else {
    act(who, which < 23 ? work_deed::fail : work_deed::release, item, {});
  }
}

void work_workload::act_late(agent& who) {
  auto& chance = who.chance();
  const auto& past = places_[who.number()].past;
  const auto& all = past.empty() || chance.below(4) == 0 ? known_ : past;
  if (!all.empty()) {
    constexpr std::array deeds{work_deed::report, work_deed::complete, work_deed::fail,
                               work_deed::release};
    act(who, deeds.at(chance.below(deeds.size())), one_of(all, chance), {});
  }
}

void work_workload::complete_again(agent& who) {
  const auto& completed = places_[who.number()].completed;
  if (completed.empty()) {
    return;
  }
  const auto& [item, text] = one_of(completed, who.chance());
  const auto mark = text.substr(text.rfind(' ') + 1);
  asked_[who.call(
    "complete_work",
    {{"workItemId", item}, {"summary", text}, {"result", {{"number", std::stoull(mark)}}}},
    [this](const request_record& answered) { note_failure(answered); })] =
    asked_act{work_deed::complete, item, text};
}

} // namespace nats_mcp::simulation
