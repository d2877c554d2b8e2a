// SPDX-License-Identifier: MIT
// How CAF is set up here. Never parses a command line or a file: CAF would read
// `caf-application.ini` from the working directory.
#pragma once

#include <caf/actor_system_config.hpp>
#include <caf/atom.hpp>

#include <cstddef>

namespace nats_mcp {

/// Work sharing with two workers: no processor time while idle, and a message that finds one worker
/// busy is taken by the other at once (docs/decisions/0007-scheduler.md).
struct actor_configuration : caf::actor_system_config {
  actor_configuration() {
    set("scheduler.policy", caf::atom("sharing"));
    set("scheduler.max-threads", std::size_t{2});
  }
};

} // namespace nats_mcp
