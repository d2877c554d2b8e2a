// SPDX-License-Identifier: MIT
// Writes changes of the NATS connection into the log: the gateway's observer in the MCP server.
#pragma once

#include "transport/log/logger.hpp"

#include "actors/interfaces.hpp"

#include <caf/actor_system.hpp>

#include <memory>

namespace nats_mcp {

/// Spawns it. What is logged when: protocol/logging/connection_journal.hpp. It ends when nobody
/// knows it any more, or when it is told to.
[[nodiscard]] gateway_listener_actor spawn_connection_log(caf::actor_system& system,
                                                          std::shared_ptr<transport::logger> log);

} // namespace nats_mcp
