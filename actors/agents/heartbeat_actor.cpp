// SPDX-License-Identifier: MIT
#include "actors/agents/heartbeat_actor.hpp"

#include "protocol/agents/agent_record.hpp"
#include "protocol/agents/buckets.hpp"

#include <algorithm>
#include <utility>

namespace nats_mcp {

namespace {

/// One beat may take as long as this, and never into the next.
constexpr auto beat_patience = std::chrono::seconds{5};

} // namespace

heartbeat_state::heartbeat_state(asking_actor<heartbeat_actor>* self, heartbeat_options options)
  : self_{self}
  , options_{std::move(options)} {
  self_->send(options_.registry, identity_wanted{});
}

heartbeat_actor::behavior_type heartbeat_state::make_behavior() {
  return {
    [this](const identity_changed& news) { identity(news); },
    [this](const heartbeat_due& due) {
      if (due.generation == timer_) {
        beat();
        schedule(who_.heartbeat_interval);
      }
    },
  };
}

void heartbeat_state::identity(const identity_changed& news) {
  const bool same_rhythm =
    news.now.guid == who_.guid && news.now.heartbeat_interval == who_.heartbeat_interval;
  who_ = news.now;
  if (who_.guid.empty()) {
    ++timer_;
  } else if (!same_rhythm) {
    // The entry just written is a sign of life. Agents that start together do not beat together.
    const auto half = who_.heartbeat_interval / 2;
    const auto share = options_.world.random() % static_cast<std::uint64_t>(half.count());
    schedule(half + std::chrono::milliseconds{share});
  }
}

void heartbeat_state::schedule(std::chrono::milliseconds wait) {
  self_->delayed_send(self_, wait, heartbeat_due{++timer_});
}

void heartbeat_state::beat() {
  const auto patience =
    std::min<std::chrono::milliseconds>(beat_patience, who_.heartbeat_interval / 2);
  const auto deadline = self_->clock().now() + patience;
  ask<agent_identity>(
    self_, options_.registry, confirm_identity{deadline}, "registry",
    [this, deadline](const agent_identity& who) { give_sign_of_life(who, deadline); },
    [](const error&) {
      // Not this agent any more, which the registry tells, or NATS is away: the next beat tries.
    });
}

void heartbeat_state::give_sign_of_life(const agent_identity& who, monotonic_time deadline) {
  const auto sent_at = self_->clock().now();
  const auto write_id = make_uuid(options_.world.random);
  ask<jetstream::kv_revision>(
    self_, options_.gateway,
    jetstream::kv_put{std::string{agents::presence_bucket},
                      who.presence_key,
                      agents::write_presence(who.session_id, write_id),
                      {},
                      write_id,
                      deadline},
    "gateway",
    [this, who, sent_at, deadline](const jetstream::kv_revision&) {
      look_at_entry(who, sent_at, deadline);
    },
    [this, who, sent_at](const error& why) {
      if (why.code == ec::not_found) { // the bucket is gone; the registry makes it again
        self_->send(options_.registry,
                    beat_report{who.guid, beat_finding::entry_not_ours, sent_at});
      }
    });
}

void heartbeat_state::look_at_entry(const agent_identity& who, monotonic_time sent_at,
                                    monotonic_time deadline) {
  const auto report = [this, who, sent_at](beat_finding found) {
    self_->send(options_.registry, beat_report{who.guid, found, sent_at});
  };
  ask<jetstream::kv_lookup>(
    self_, options_.gateway,
    jetstream::kv_get{std::string{agents::agents_bucket}, who.presence_key, deadline}, "gateway",
    [who, report](const jetstream::kv_lookup& found) {
      const auto record = found.entry
                            ? agents::read_agent_record(found.entry->key, found.entry->value)
                            : result<agents::agent_record>{fail(ec::not_found, {})};
      report(record && record->session_id == who.session_id ? beat_finding::confirmed
                                                            : beat_finding::entry_not_ours);
    },
    [report](const error& why) {
      if (why.code == ec::not_found) {
        report(beat_finding::entry_not_ours);
      }
    });
}

heartbeat_actor spawn_heartbeat(caf::local_actor* parent, heartbeat_options options) {
  const auto name = options.child_id;
  const auto probe = options.world.probe;
  return spawn_shell<heartbeat_actor, heartbeat_state>(*parent, name, probe, std::move(options));
}

} // namespace nats_mcp
