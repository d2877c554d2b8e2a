// SPDX-License-Identifier: MIT
// Wires the coordinator's actor tree: supervisor, gateway, coordinator, sweeper, dead letters,
// overview, and whatever serves HTTP. The only place that names them together.
#pragma once

#include "protocol/config/configuration.hpp"
#include "protocol/logging/event.hpp"

#include "actors/coordinator_messages.hpp"
#include "actors/interfaces.hpp"
#include "actors/overview_messages.hpp"
#include "actors/runtime.hpp"
#include "actors/supervision/supervisor.hpp"

#include <caf/actor_system.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <string>

namespace nats_mcp {

/// Handles into the running tree. They survive restarts of the parts they name.
struct coordinator_system {
  supervisor_actor supervisor;
  gateway_actor gateway;
  coordinator_actor coordinator;
  sweeper_actor sweeper;
  dead_letters_actor dead_letters;
  overview_actor overview;
};

/// What the tree needs from outside.
struct coordinator_system_options {
  std::shared_ptr<const config::loaded_configuration> configuration;
  /// Starts the gateway: `nats_gateway` in production and in simulation.
  std::function<caf::strong_actor_ptr(caf::local_actor* spawner, checkpoint last,
                                      supervisor_actor supervisor)>
    start_gateway;
  /// Starts what serves HTTP, from the parts it asks; empty: nothing does.
  std::function<caf::strong_actor_ptr(caf::local_actor* spawner, const coordinator_system& parts)>
    start_http;
  /// Random for each start of the process.
  std::string guid;
  std::string host;
  /// How long a worker has to claim what it was given.
  std::chrono::milliseconds assign_timeout{0};
  runtime world;
  /// Told of every supervision event, for the log; must neither block nor throw.
  std::function<void(const supervision_event&)> on_event;
  /// Told of what happens to leadership, for the log; likewise. May be empty.
  std::function<void(const logging::event&)> on_leadership;
  /// See `coordinator_options`; empty in production.
  std::function<void(std::uint64_t term)> on_act;
};

/// Starts the tree, which connects to NATS at once.
[[nodiscard]] coordinator_system start_coordinator_system(caf::actor_system& system,
                                                          coordinator_system_options options);

} // namespace nats_mcp
