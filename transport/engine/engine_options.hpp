// SPDX-License-Identifier: MIT
// Where the local engine lives and how patient everybody is. The local engine is the nats-server
// that is started for a user who has none; docs/local-engine.md tells the whole story.
#pragma once

#include "protocol/error.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>

namespace nats_mcp::transport {

/// Whether a local engine may be used and started; `NATS_MCP_LOCAL=never` says never.
enum class local_engine_use { automatic, never };

/// The environment variables that matter here, empty when unset. Read in `main`, nowhere else.
struct engine_environment {
  std::string xdg_data_home;
  std::string home;
  std::string path;
  /// `NATS_MCP_LOCAL`: empty, `auto` or `never`.
  std::string local;
};

/// Everything about one user's local engine. Clients and the engine's parent must agree on
/// `directory`; the rest may differ.
struct engine_options {
  /// Holds store, locks, token and log; made 0700.
  std::filesystem::path directory;
  /// nats-server's file; empty when none is installed.
  std::filesystem::path server_binary;
  /// The nats-mcp-server that is started as the engine's parent (`local run`).
  std::filesystem::path own_binary;
  /// The engine ends this long after its last user has gone.
  std::chrono::milliseconds idle_end{60000};
  /// The engine's parent gives nats-server this long to answer; a large store takes time to open.
  std::chrono::milliseconds start_timeout{30000};
  /// nats-server's time for an orderly end before it is killed.
  std::chrono::milliseconds end_grace{5000};
  /// Where a server started by somebody else is looked for, on 127.0.0.1.
  std::uint16_t default_port = 4222;
  local_engine_use use = local_engine_use::automatic;
};

/// `$XDG_DATA_HOME/nats-mcp`, else `$HOME/.local/share/nats-mcp`, else below the home directory of
/// the user database. A relative XDG_DATA_HOME is ignored, as the XDG specification demands.
[[nodiscard]] std::filesystem::path engine_directory(const engine_environment& environment);

/// The executable `nats-server` in PATH, /usr/sbin or /usr/local/sbin (Debian keeps it out of a
/// plain user's PATH); empty when there is none.
[[nodiscard]] std::filesystem::path find_server_binary(const engine_environment& environment);

/// The options of this user and this program; nothing is created or started.
/// @returns `ec::configuration_invalid` when NATS_MCP_LOCAL is neither empty, `auto` nor `never`.
[[nodiscard]] result<engine_options> default_engine_options(const engine_environment& environment);

} // namespace nats_mcp::transport
