// SPDX-License-Identifier: MIT
// What actors need of the world besides messages: civil time, randomness, and the fault tests'
// probe. Handed in at construction; a simulation hands in seeded ones.
#pragma once

#include "protocol/identifiers.hpp"
#include "protocol/time.hpp"

#include "actors/supervision/actor_shell.hpp"

#include <functional>

namespace nats_mcp {

struct runtime {
  /// Civil time, for time stamps in payloads. Callable from any thread.
  std::function<wall_time()> wall_clock;
  random_source random;
  /// See `message_probe`; empty in production.
  message_probe probe;
};

} // namespace nats_mcp
