// SPDX-License-Identifier: MIT
// What `doctor` says of the nats-server it found: which release it is, and what whoever runs that
// release should know.
#pragma once

#include "protocol/jetstream/command.hpp"

#include "actors/main/examination.hpp"

#include <cstdint>

namespace nats_mcp {

/// Says who answered. A server on this machine may be asked for its greeting, for a second.
/// @param replicas how many copies streams are to have
void examine_version(examination& report, const jetstream::gateway_status& status,
                     std::uint32_t replicas);

} // namespace nats_mcp
