// SPDX-License-Identifier: MIT
#include "actors/coordination/sweeper_actor.hpp"

#include "protocol/limits.hpp"

#include <utility>

namespace nats_mcp {

sweeper_state::sweeper_state(asking_actor<sweeper_actor>* self, sweeper_options options)
  : self_{self}
  , options_{std::move(options)}
  , api_{make_api_caller(self, options_.gateway)}
  , time_{{api_, options_.world.random, [this] { return scripts_.clock(); }}}
  , scripts_{{make_command_caller<work::work_script>(self, options_.gateway), &time_,
              [this] { return now(); }, options_.world}}
  , streams_{api_, options_.retention}
  , pages_{api_, make_pull_caller(self, options_.gateway), options_.world.random}
  , lanes_{{api_,
            make_pull_caller(self, options_.gateway),
            &scripts_,
            &time_,
            &streams_,
            options_.lanes,
            work_reach::everything,
            {},
            [this] { return now(); }}}
  , records_{{api_,
              &pages_,
              &scripts_,
              &time_,
              &streams_,
              options_.retention.dead_letter_ttl,
              work_reach::everything,
              {},
              options_.world.random,
              [this] { return now(); }}} {
  schedule();
}

sweeper_actor::behavior_type sweeper_state::make_behavior() {
  return {[this](const sweep_due& due) {
    if (due.generation == timer_) {
      begin();
    }
  }};
}

void sweeper_state::schedule() {
  // Coordinators and agents that start together do not sweep together.
  const auto slack = static_cast<std::uint64_t>(limits::sweep_interval.count() / 4);
  const auto wait =
    limits::sweep_interval + std::chrono::milliseconds{options_.world.random() % (slack + 1)};
  self_->delayed_send(self_, wait, sweep_due{++timer_});
}

void sweeper_state::begin() {
  ask<coordinator_status>(
    self_, options_.coordinator, coordinator_status_query{}, "coordinator",
    [this](const coordinator_status& status) {
      if (status.is_leader) {
        sweep();
      } else {
        time_.distrust(); // who knows for how long
        schedule();
      }
    },
    [this](const error&) { schedule(); });
}

void sweeper_state::sweep() {
  agent_identity who;
  who.guid = options_.self.guid;
  who.handle = options_.self.handle;
  lanes_.begin(who, [this, who] { records_.begin(who, [this] { schedule(); }); });
}

sweeper_actor spawn_sweeper(caf::local_actor* parent, sweeper_options options) {
  const auto name = options.child_id;
  const auto probe = options.world.probe;
  return spawn_shell<sweeper_actor, sweeper_state>(*parent, name, probe, std::move(options));
}

} // namespace nats_mcp
