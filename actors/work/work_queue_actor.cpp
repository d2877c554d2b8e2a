// SPDX-License-Identifier: MIT
#include "actors/work/work_queue_actor.hpp"

#include "protocol/tools/agent_tools.hpp"

#include <utility>

namespace nats_mcp {

namespace {

error cancelled() { return {ec::cancelled, "The claim was cancelled.", 0}; }

error not_an_agent(const std::string& lost_because) {
  return lost_because.empty() ? tools::not_registered() : error{ec::conflict, lost_because, 0};
}

work_memory memory_of(const checkpoint& last) {
  const auto* known = last.as<work_memory>();
  return known == nullptr ? work_memory{} : *known;
}

} // namespace

work_queue_state::work_queue_state(asking_actor<work_queue_actor>* self, work_queue_options options,
                                   const checkpoint& last)
  : self_{self}
  , options_{std::move(options)}
  , listener_{options_.listener ? options_.listener
                                : gateway_listener_actor{work_queue_actor{self}}}
  , who_{memory_of(last).who}
  , api_{make_api_caller(self, options_.gateway)}
  , commands_{make_command_caller<work::work_script>(self, options_.gateway)}
  , time_{{api_, options_.world.random, [this] { return scripts_.clock(); }}}
  , scripts_{{commands_, &time_, [this] { return self_->clock().now(); }, options_.world}}
  , streams_{api_, options_.retention}
  , lanes_{api_, options_.lanes}
  , search_{{api_, make_pull_caller(self, options_.gateway), &lanes_, &scripts_,
             [this] { return self_->clock().now(); }, options_.world.random}}
  , hints_{{self, options_.gateway, listener_, options_.world.random,
            [this] { claims_.hints_changed(); }}}
  , pages_{api_, make_pull_caller(self, options_.gateway), options_.world.random}
  , held_{{self, &scripts_, [this] { save(); }}, memory_of(last).held}
  , unwanted_{{self, &scripts_, [this] { save(); }}, memory_of(last).unwanted}
  , claims_{around_claims()}
  , finisher_{around_finisher()}
  , offers_{around_offers()}
  , lookups_{{self, options_.child_id, commands_, &pages_, &who_, options_.project_id}} {
  self_->send(options_.registry, identity_wanted{});
  self_->send(options_.gateway, observe_connection{listener_});
  if (auto calls = held_.unshown(); !calls.empty() && options_.session) {
    self_->send(options_.session, claims_in_doubt{std::move(calls)});
  }
}

claim_desk::surroundings work_queue_state::around_claims() {
  claim_desk::surroundings out;
  out.owner = self_;
  out.registry = options_.registry;
  out.part = options_.child_id;
  out.who = &who_;
  out.identified = [this](const agent_identity& now) { identity_is(now, {}); };
  out.streams = &streams_;
  out.time = &time_;
  out.lanes = &lanes_;
  out.search = &search_;
  out.hints = &hints_;
  out.held = &held_;
  out.unwanted = &unwanted_;
  out.hold = hold();
  out.random = options_.world.random;
  return out;
}

work_finisher::surroundings work_queue_state::around_finisher() {
  work_finisher::surroundings out;
  out.owner = self_;
  out.registry = options_.registry;
  out.part = options_.child_id;
  out.who = &who_;
  out.identified = [this](const agent_identity& now) { identity_is(now, {}); };
  out.time = &time_;
  out.held = &held_;
  out.scripts = &scripts_;
  out.hold = hold();
  out.adopted_lease =
    std::chrono::duration_cast<std::chrono::milliseconds>(options_.lanes.ack_wait);
  out.wall_clock = options_.world.wall_clock;
  return out;
}

work_offers::surroundings work_queue_state::around_offers() {
  work_offers::surroundings out;
  out.owner = self_;
  out.registry = options_.registry;
  out.gateway = options_.gateway;
  out.part = options_.child_id;
  out.identified = [this](const agent_identity& now) { identity_is(now, {}); };
  out.streams = &streams_;
  out.scripts = &scripts_;
  out.attempts_max = options_.attempts_max;
  out.world = options_.world;
  return out;
}

std::chrono::milliseconds work_queue_state::hold() const {
  return std::chrono::duration_cast<std::chrono::milliseconds>(options_.lanes.hold);
}

work_queue_actor::behavior_type work_queue_state::make_behavior() {
  return {
    [this](offer_work& request) { return offers_.offer(std::move(request)); },
    [this](claim_work& request) { return claims_.claim(std::move(request)); },
    [this](const work_shown& news) { held_.shown(news.call); },
    [this](const work_not_shown& news) { give_back_unshown(news.call); },
    [this](const cancel_claim& withdrawn) {
      claims_.cancel(withdrawn.call);
      give_back_unshown(withdrawn.call);
    },
    [this](const work_claimers_gone&) {
      claims_.fail_all(cancelled());
      give_back_unshown(std::nullopt);
    },
    [this](report_on_work& request) { return finisher_.report(std::move(request)); },
    [this](complete_held_work& request) { return finisher_.complete(std::move(request)); },
    [this](fail_held_work& request) { return finisher_.fail(std::move(request)); },
    [this](const release_held_work& request) { return finisher_.release(request); },
    [this](const cancel_offered_work& request) { return finisher_.cancel(request); },
    [this](look_up_work& request) { return lookups_.look_up(std::move(request)); },
    [this](list_known_work& request) { return lookups_.list(std::move(request)); },
    [this](const held_work_query&) { return held_work{held_.items()}; },
    [this](const identity_changed& changed) { identity_is(changed.now, changed.lost_because); },
    [this](const work_timer& due) { timer(due); },
    [this](const jetstream::core_message& message) { hint(message); },
    [](const jetstream::kv_change&) {
      // The work queue watches no bucket.
    },
    [](const jetstream::kv_watch_event&) {
      // The work queue watches no bucket.
    },
    [this](const jetstream::connection_event& event) { connection_changed(event); },
  };
}

void work_queue_state::identity_is(const agent_identity& now, const std::string& lost_because) {
  if (now == who_) {
    return;
  }
  const bool same = now.guid == who_.guid && now.session_id == who_.session_id;
  const bool was_agent = !who_.guid.empty();
  who_ = now;
  if (!same && was_agent) {
    // Whatever the agent held is its own, and this process is not that agent any more: the leases
    // run out, unless its next process takes them up.
    claims_.fail_all(not_an_agent(lost_because));
    held_.forget_all();
  }
  save();
}

void work_queue_state::save() {
  if (options_.supervisor) {
    self_->send(options_.supervisor,
                save_checkpoint{options_.child_id,
                                {work_memory{who_, held_.remembered(), unwanted_.remembered()}}});
  }
}

void work_queue_state::give_back_unshown(std::optional<call_id> call) {
  for (const auto& lease : held_.take_unshown(call)) {
    unwanted_.give_back({lease->item_id(), lease->claim_id, lease->found, lease->handle});
  }
}

void work_queue_state::hint(const jetstream::core_message& message) {
  if (const auto where = hints_.lane_of(message)) {
    claims_.hint(*where);
  } else {
    // Nobody here waits for it any more, or it was an earlier incarnation that did.
    self_->send(options_.gateway, unsubscribe{message.id});
  }
}

void work_queue_state::connection_changed(const jetstream::connection_event& event) {
  if (event.state != jetstream::connection_state::connected) {
    return;
  }
  const bool again = epoch_ && *epoch_ != event.epoch;
  epoch_ = event.epoch;
  if (again) {
    time_.distrust();    // another server may answer now, with another clock
    lanes_.forget_all(); // … or one that has forgotten messages its consumers remember
    claims_.look_again();
  }
}

void work_queue_state::timer(const work_timer& due) {
  switch (due.due) {
    case work_moment::wait_over:
    case work_moment::poll:
      claims_.timer(due);
      break;
    case work_moment::renew:
      held_.timer(due);
      break;
    case work_moment::give_back:
      unwanted_.timer(due);
      break;
  }
}

work_queue_actor spawn_work_queue(caf::local_actor* parent, work_queue_options options,
                                  checkpoint last) {
  const auto name = options.child_id;
  const auto probe = options.world.probe;
  return spawn_shell<work_queue_actor, work_queue_state>(*parent, name, probe, std::move(options),
                                                         std::move(last));
}

} // namespace nats_mcp
