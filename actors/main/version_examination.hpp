// SPDX-License-Identifier: MIT
// What `doctor` says of the nats-server it found: which release it is, and what whoever runs that
// release should know.
#pragma once

#include "protocol/jetstream/command.hpp"

#include "actors/main/examination.hpp"

namespace nats_mcp {

/// Says who answered. A server on this machine may be asked for its greeting, for a second.
void examine_version(examination& report, const jetstream::gateway_status& status);

} // namespace nats_mcp
