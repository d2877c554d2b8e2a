// SPDX-License-Identifier: MIT
// Gathers what `server_status` tells from where it is known. Pure.
#pragma once

#include "protocol/config/configuration.hpp"
#include "protocol/jetstream/command.hpp"
#include "protocol/tools/status_tools.hpp"

#include "actors/messages.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace nats_mcp {

struct status_sources {
  std::string server_version;
  speaker who;
  jetstream::gateway_status nats;
  tree_status tree;
  /// Nothing: not known.
  std::optional<unread_channels> unread;
  /// Direct messages.
  std::uint64_t unread_mail = 0;
  /// Ids of the work items this process holds.
  std::vector<std::string> held_work;
  const config::loaded_configuration& configuration;
};

/// The answer of `server_status`; no credentials in it.
[[nodiscard]] tools::server_status_result status_report(const status_sources& sources);

} // namespace nats_mcp
