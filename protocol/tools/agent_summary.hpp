// SPDX-License-Identifier: MIT
// What is told of an agent: its own word, and what is made of it.
#pragma once

#include "protocol/agents/visibility.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace nats_mcp::tools {

/// What an agent says of itself.
enum class agent_status : std::uint8_t { online, busy, offline };
/// What others see: an agent that gave no sign of life is stale, then offline, whatever it said.
enum class effective_status : std::uint8_t { online, busy, stale, offline };

/// One agent as others see it. Texts are as the agent wrote them.
struct agent_summary {
  std::string guid;
  std::string handle;
  std::string agent_type;
  effective_status status = effective_status::offline;
  std::vector<std::string> capabilities;
  /// RFC 3339.
  std::string last_seen;
  std::string hostname;
  std::string project_id;
  /// Empty: not known.
  std::string username;
  agents::visibility visibility = agents::visibility::project_only;
  std::int64_t current_task_count = 0;
  /// RFC 3339.
  std::string registered_at;
};

} // namespace nats_mcp::tools
