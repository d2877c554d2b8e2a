// SPDX-License-Identifier: MIT
// The gateway to a real NATS server: commands of protocol/jetstream/command.hpp over one connection
// (transport/nats). The connection belongs to nobody's life time but the composition's: a gateway
// that crashes leaves it standing, and its next incarnation goes on with it.
#pragma once

#include "protocol/identifiers.hpp"

#include "transport/nats/server_link.hpp"

#include "actors/interfaces.hpp"
#include "actors/messages.hpp"
#include "actors/supervision/actor_shell.hpp"

#include <caf/local_actor.hpp>

#include <memory>
#include <string>

namespace nats_mcp {

struct nats_gateway_options {
  /// Shared with every other incarnation.
  std::shared_ptr<transport::server_link> connection;
  /// For the names of consumers and the write ids of deletions.
  random_source random;
  /// The id under which checkpoints are saved.
  std::string child_id = "gateway";
};

/// Spawns one incarnation; fits `child_spec::start`. @param last what the former one saved.
/// @param supervisor receives checkpoints; may be null. @param probe see actor_shell.hpp.
[[nodiscard]] gateway_actor spawn_nats_gateway(caf::local_actor* spawner,
                                               nats_gateway_options choice, const checkpoint& last,
                                               supervisor_actor supervisor, message_probe probe);

} // namespace nats_mcp
