// SPDX-License-Identifier: MIT
// What an agent's entries hold in NATS (docs/wire.md, "Agents"): the record others see, its signs
// of life, and the two kinds of entry that say whose the GUID is. The only place that writes and
// reads them. Others' entries may hold anything.
#pragma once

#include "protocol/agents/visibility.hpp"
#include "protocol/error.hpp"
#include "protocol/limits.hpp"
#include "protocol/time.hpp"
#include "protocol/tools/agent_tools.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nats_mcp::agents {

/// An agent as it says it is. No addresses, credentials or paths.
struct agent_record {
  std::string guid;
  /// The process that speaks as this agent, or spoke as it last.
  std::string session_id;
  /// That process has said goodbye: another may take over at once.
  bool ended = false;
  std::string agent_type;
  std::string handle;
  std::string hostname;
  std::string project_id;
  /// Empty: not known.
  std::string username;
  std::vector<std::string> capabilities;
  visibility seen_by = visibility::project_only;
  tools::agent_status status = tools::agent_status::online;
  std::int64_t current_task_count = 0;
  std::chrono::milliseconds heartbeat_interval{60'000};
  wall_time registered_at{};

  friend bool operator==(const agent_record&, const agent_record&) = default;
};

/// The value of an entry in `agents`.
[[nodiscard]] std::string write_agent_record(const agent_record& record, std::string_view write_id);

/// Reads an entry that stands under `key`; whose it is and who may see it are the key's word. Texts
/// beyond their bounds are cut.
/// @returns `ec::malformed` for what is no agent's entry.
[[nodiscard]] result<agent_record> read_agent_record(std::string_view key, std::string_view value);

/// The value of an entry in `presence`: a sign of life.
[[nodiscard]] std::string write_presence(std::string_view session_id, std::string_view write_id);
/// The session that gave it; empty for what is none.
[[nodiscard]] std::string read_presence(std::string_view value);

/// The entry `<guid>` in `agent_sessions`: who speaks as this agent.
struct anchor {
  std::string session_id;
  /// Where the agent's record stands, or was about to.
  std::string agent_key;
  wall_time since{};
  /// By which the silence of a holder is judged that has not written its record yet. An anchor that
  /// does not tell: the longest.
  std::chrono::milliseconds heartbeat_interval = limits::heartbeat_interval_max;

  friend bool operator==(const anchor&, const anchor&) = default;
};
[[nodiscard]] std::string write_anchor(const anchor& held, std::string_view write_id);
[[nodiscard]] result<anchor> read_anchor(std::string_view value);

} // namespace nats_mcp::agents
