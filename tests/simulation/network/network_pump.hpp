// SPDX-License-Identifier: MIT
// The actor that lets the network's time pass on the deterministic scheduler. One for each network.
#pragma once

#include "actors/interfaces.hpp"

#include "tests/simulation/network/network.hpp"

#include <caf/actor_system.hpp>
#include <caf/allowed_unsafe_message_type.hpp>

#include <memory>

namespace nats_mcp::simulation {

/// INTERNAL: something in the network is due. Generation 0 = look now.
struct network_due {
  std::uint64_t generation = 0;
};

using network_pump_actor = caf::typed_actor<caf::reacts_to<network_due>>;

/// Spawns it. Ends with the test that adopts it; the network stands still afterwards.
[[nodiscard]] network_pump_actor spawn_network_pump(caf::actor_system& system,
                                                    std::shared_ptr<network> wires);

} // namespace nats_mcp::simulation

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::simulation::network_due)
