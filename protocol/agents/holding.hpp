// SPDX-License-Identifier: MIT
// What a process keeps of the agent it is: registration gives it, every later write goes on from
// it.
#pragma once

#include "protocol/agents/agent_record.hpp"
#include "protocol/time.hpp"

#include <cstdint>
#include <string>

namespace nats_mcp::agents {

/// A GUID held by this process, and what its later writes build on.
struct holding {
  agent_record record;
  /// The process's; in the record it is cleared when the agent ends.
  std::string session_id;
  std::string agent_key;
  std::uint64_t entry_revision = 0;
  std::uint64_t anchor_revision = 0;
  wall_time since{};
};

} // namespace nats_mcp::agents
