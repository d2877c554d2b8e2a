// SPDX-License-Identifier: MIT
// The heartbeat part: owns the timer. Each beat asks the registry whether this process still is the
// agent it says it is, gives the sign of life, and looks whether the agent's entry is as this
// process left it. What it needs is told by the registry; a restarted one asks.
#pragma once

#include "actors/interfaces.hpp"
#include "actors/request.hpp"
#include "actors/runtime.hpp"

#include <cstdint>
#include <string>

namespace nats_mcp {

/// What the heartbeat actor is given once and keeps.
struct heartbeat_options {
  /// Its name.
  std::string child_id;
  gateway_actor gateway;
  registry_actor registry;
  runtime world;
};

class heartbeat_state {
public:
  heartbeat_state(asking_actor<heartbeat_actor>* self, heartbeat_options options);

  [[nodiscard]] heartbeat_actor::behavior_type make_behavior();

private:
  void identity(const identity_changed& news);
  void schedule(std::chrono::milliseconds wait);
  void beat();
  void give_sign_of_life(const agent_identity& who, monotonic_time deadline);
  void look_at_entry(const agent_identity& who, monotonic_time sent_at, monotonic_time deadline);

  asking_actor<heartbeat_actor>* self_;
  heartbeat_options options_;
  agent_identity who_;
  std::uint64_t timer_ = 0;
};

/// Starts the heartbeat actor; a child start function of the supervisor calls it.
[[nodiscard]] heartbeat_actor spawn_heartbeat(caf::local_actor* parent, heartbeat_options options);

} // namespace nats_mcp
