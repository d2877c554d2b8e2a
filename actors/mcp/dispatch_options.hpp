// SPDX-License-Identifier: MIT
// What the session's ways to other parts need: the tool dispatch and the resource desk.
#pragma once

#include "protocol/config/configuration.hpp"

#include "actors/interfaces.hpp"
#include "actors/runtime.hpp"

#include <memory>
#include <string>

namespace nats_mcp {

/// What the dispatch is given once and keeps.
struct dispatch_options {
  std::shared_ptr<const config::loaded_configuration> configuration;
  std::string server_version;
  gateway_actor gateway;
  channels_actor channels;
  registry_actor registry;
  inbox_actor inbox;
  work_queue_actor work_queue;
  dead_letters_actor dead_letters;
  supervisor_actor supervisor;
  runtime world;
};

} // namespace nats_mcp
