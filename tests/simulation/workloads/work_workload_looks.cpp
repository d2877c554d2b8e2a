// SPDX-License-Identifier: MIT
// How agents of the work workload look at work and after dead letters, and how they prove in the
// end that all of it comes to an end.
#include "protocol/json/member.hpp"

#include "tests/simulation/workloads/work_cast.hpp"
#include "tests/simulation/workloads/work_workload.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace nats_mcp::simulation {

namespace {

using std::chrono::milliseconds;

/// How long an agent waits for work before it believes that there is none: longer than any lease
/// and most rests after a failure last. And how often.
constexpr milliseconds idle_wait{10'000};
constexpr int idle_enough = 3;
/// How often one looks after the same letter: it may come back, but not for ever.
constexpr int looked_after_max = 5;

} // namespace

// -- looking -----------------------------------------------------------------------------------

void work_workload::look(agent& who) {
  auto& chance = who.chance();
  if (known_.empty() || chance.below(3) == 0) {
    json::value arguments{{"limit", chance.between(1, 100)}};
    if (chance.below(2) == 0) {
      arguments["capability"] = work_capabilities.at(chance.below(work_capabilities.size()));
    }
    if (chance.below(2) == 0) {
      constexpr std::array states{"pending", "claimed", "completed", "dead", "cancelled"};
      arguments["state"] = states.at(chance.below(states.size()));
    }
    asked_[who.call("list_work", std::move(arguments), {})] = asked_look{};
  } else if (chance.below(3) == 0) {
    const auto task = "task " + std::to_string(chance.between(1, texts_));
    asked_[who.call("get_work_status", {{"taskId", task}}, {})] = asked_look{};
  } else {
    asked_[who.call("get_work_status", {{"workItemId", one_of(known_, chance)}}, {})] =
      asked_look{};
  }
}

void work_workload::list_letters(agent& who, agent::heard then) {
  auto& chance = who.chance();
  json::value arguments{{"limit", then ? 100 : chance.between(1, 100)}};
  if (!then && chance.below(2) == 0) {
    arguments["capability"] = work_capabilities.at(chance.below(work_capabilities.size()));
  }
  asked_[who.call("list_dead_letter_items", std::move(arguments),
                  [this, then = std::move(then)](const request_record& answered) {
                    const auto* success = answered.success();
                    const auto* items =
                      success == nullptr ? nullptr : json::find(success->content, "items");
                    if (items != nullptr) {
                      for (const auto& one : *items) {
                        dead_.emplace_back(json::text_member(one, "id"));
                      }
                    }
                    if (then) {
                      then(answered);
                    }
                  })] = asked_letters{};
}

void work_workload::look_after_letters(agent& who) {
  auto& chance = who.chance();
  if (chance.below(8) == 0) {
    asked_[who.call("retry_dead_letter_item",
                    {{"capability", work_capabilities.at(chance.below(work_capabilities.size()))},
                     {"resetAttempts", chance.below(3) == 0}},
                    {})] = asked_retries{};
  } else if (dead_.empty()) {
    list_letters(who, {});
  } else {
    act(who, chance.below(4) == 0 ? work_deed::discard : work_deed::retry, one_of(dead_, chance),
        {});
  }
}

void work_workload::change_mind(agent& who) {
  auto open = who.open();
  // Nobody may withdraw a handshake or what registers it.
  std::erase_if(open, [this](std::size_t request) { return !asked_.contains(request); });
  if (!open.empty()) {
    who.withdraw(open[who.chance().below(open.size())]);
  }
}

// -- the proof ---------------------------------------------------------------------------------

// Everybody offers again under each key that was used, finishes what it has and takes what there is
// until nothing is left, and looks after the dead letters it sees: each is retried or discarded.
void work_workload::prove(agent& who) {
  auto& state = places_[who.number()];
  if (state.under_way || proved(who)) {
    return;
  }
  if (!is_registered(who)) {
    register_itself(who);
  } else if (!state.registered) {
    return;
  } else if (prove_offering(who)) {
    return;
  } else if (!state.held.empty()) {
    prove_completing(who);
  } else if (!state.letters.empty()) {
    prove_looking_after(who);
  } else if (!state.saw_letters) {
    prove_listing(who);
  } else {
    prove_claiming(who);
  }
}

bool work_workload::prove_offering(agent& who) {
  const auto project = worker_project(who.number()) + "/";
  const auto next = std::find_if(keys_.begin(), keys_.end(), [&](const auto& one) {
    return one.first.starts_with(project) && !keys_offered_again_.contains(one.first);
  });
  if (next == keys_.end()) {
    return false;
  }
  const auto key = next->first;
  keys_offered_again_.insert(key);
  auto& state = places_[who.number()];
  state.under_way = true;
  auto what = next->second;
  what.arguments.erase("deadline"); // it may be over; what was offered first counts
  asked_[who.call("broadcast_work_offer", what.arguments,
                  [this, &state, key](const request_record& answered) {
                    state.under_way = false;
                    if (const auto* success = answered.success()) {
                      known_.emplace_back(json::text_member(success->content, "workItemId"));
                      nobody_is_idle(); // it may be for one that was done
                    } else {
                      keys_offered_again_.erase(key);
                      note_failure(answered);
                    }
                  })] = std::move(what);
  return true;
}

void work_workload::nobody_is_idle() {
  for (auto& [number, state] : places_) {
    state.idle = 0;
  }
}

void work_workload::prove_completing(agent& who) {
  auto& state = places_[who.number()];
  state.under_way = true;
  const auto item = state.held.back();
  act(who, work_deed::complete, item, [&state, item](const request_record&) {
    state.under_way = false;
    // If it failed, it is somebody else's by now, or will be.
    std::erase(state.held, item);
  });
}

void work_workload::prove_listing(agent& who) {
  auto& state = places_[who.number()];
  state.under_way = true;
  list_letters(who, [&state](const request_record& answered) {
    state.under_way = false;
    const auto* success = answered.success();
    const auto* items = success == nullptr ? nullptr : json::find(success->content, "items");
    if (items == nullptr) {
      return;
    }
    state.saw_letters = true;
    for (const auto& one : *items) {
      if (std::string id{json::text_member(one, "id")}; state.looked_after[id] < looked_after_max) {
        state.letters.push_back(std::move(id));
      }
    }
  });
}

void work_workload::prove_looking_after(agent& who) {
  auto& state = places_[who.number()];
  state.under_way = true;
  state.idle = 0;
  const auto item = state.letters.back();
  const auto deed = who.chance().below(3) == 0 ? work_deed::discard : work_deed::retry;
  act(who, deed, item, [&state, item](const request_record& answered) {
    state.under_way = false;
    // What is not dead any more cannot be discarded, but a retry that broke off be repeated.
    if (answered.success() != nullptr || answered.what == "retry_dead_letter_item") {
      std::erase(state.letters, item);
      ++state.looked_after[item];
    }
  });
}

void work_workload::prove_claiming(agent& who) {
  auto& state = places_[who.number()];
  state.under_way = true;
  claim(who, idle_wait, [&state](const request_record& answered) {
    state.under_way = false;
    const auto* success = answered.success();
    if (success == nullptr) {
      return;
    }
    const bool found = json::find(success->content, "work") != nullptr;
    state.idle = found ? 0 : state.idle + 1;
    state.saw_letters = false;
  });
}

bool work_workload::proved(const agent& who) const {
  const auto found = places_.find(who.number());
  return found != places_.end() && found->second.idle >= idle_enough && found->second.saw_letters
         && found->second.letters.empty() && found->second.held.empty();
}

} // namespace nats_mcp::simulation
