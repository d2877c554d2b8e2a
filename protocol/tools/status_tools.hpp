// SPDX-License-Identifier: MIT
// `server_status`: how this server is doing, for the agent and for whoever looks over its shoulder.
#pragma once

#include "protocol/tools/channel_tools.hpp"
#include "protocol/tools/tool.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace nats_mcp::tools {

struct server_status_arguments {};

struct nats_summary {
  /// `idle` (nothing needed NATS yet), `connecting`, `connected` or `disconnected`.
  std::string state;
  /// Without credentials; empty while never connected.
  std::string server;
  std::string server_version;
  std::optional<double> round_trip_ms;
  std::uint64_t reconnects = 0;
  /// Why there is no connection; empty when there is one or none was needed.
  std::string reason;
};

/// One supervised part of the process.
struct part_summary {
  std::string name;
  /// `starting`, `running`, `restarting`, `given up` or `stopped`.
  std::string state;
  std::uint64_t restarts = 0;
  /// Why its last incarnation ended; empty when none did.
  std::string last_failure;
};

struct server_status_result {
  std::string version;
  nats_summary nats;
  /// Empty: not set, not registered.
  std::string handle;
  std::string guid;
  std::string project_id;
  std::string channel_namespace;
  /// One line each (`config::to_text`).
  std::vector<std::string> configuration_problems;
  /// Channel messages not shown yet; nothing when not known.
  std::optional<std::uint64_t> unread;
  /// The same by channel: those that were read with `unread`.
  std::vector<channel_news> unread_channels;
  /// Direct messages not read yet; nothing while not registered.
  std::optional<std::uint64_t> unread_mail;
  /// Ids of the work items this process holds, the one held for the longest first.
  std::vector<std::string> held_work;
  std::vector<part_summary> parts;
};

[[nodiscard]] std::string render(const server_status_result& outcome);

/// The declarations, in the order of the listing.
[[nodiscard]] std::vector<tool_declaration> status_tools();

} // namespace nats_mcp::tools
