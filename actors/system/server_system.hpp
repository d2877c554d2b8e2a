// SPDX-License-Identifier: MIT
// Wires the MCP server's actor tree: supervisor, gateway, channels, registry, heartbeat, inbox,
// work queue, dead letters, session. The only place that names the production actors; everybody
// else knows interfaces.
#pragma once

#include "protocol/config/configuration.hpp"

#include "transport/stdio/client_lines.hpp"

#include "actors/agents/own_entry.hpp"
#include "actors/interfaces.hpp"
#include "actors/runtime.hpp"
#include "actors/supervision/supervisor.hpp"

#include <caf/actor_system.hpp>

#include <functional>
#include <memory>
#include <string>

namespace nats_mcp {

/// What the tree needs from outside.
struct server_system_options {
  std::shared_ptr<const config::loaded_configuration> configuration;
  std::shared_ptr<transport::client_lines> link;
  /// Starts the gateway: `nats_gateway` in production, a model in simulation.
  std::function<caf::strong_actor_ptr(caf::local_actor* spawner, checkpoint last,
                                      supervisor_actor supervisor)>
    start_gateway;
  std::string server_version;
  /// Who runs this process, and where; `project_id` is the configuration's.
  process_identity process;
  runtime world;
  /// Told of every supervision event, for the log; must neither block nor throw.
  std::function<void(const supervision_event&)> on_event;
  /// The client's input has ended and every line of it was taken.
  std::function<void()> on_end_of_input;
};

/// Handles into the running tree. They survive restarts of the parts they name.
struct server_system {
  supervisor_actor supervisor;
  gateway_actor gateway;
  channels_actor channels;
  registry_actor registry;
  heartbeat_actor heartbeat;
  inbox_actor inbox;
  work_queue_actor work_queue;
  dead_letters_actor dead_letters;
  session_actor session;
};

/// Starts the tree. Nothing connects to NATS before the first tool call that needs it.
[[nodiscard]] server_system start_server_system(caf::actor_system& system,
                                                server_system_options options);

} // namespace nats_mcp
