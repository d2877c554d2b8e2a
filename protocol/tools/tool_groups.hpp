// SPDX-License-Identifier: MIT
// Whether a set of tools, and what belongs to it, is offered (`NATS_MCP_TOOLS`).
#pragma once

#include "protocol/config/configuration.hpp"

#include <algorithm>

namespace nats_mcp::tools {

[[nodiscard]] inline bool offers(const config::configuration& configuration,
                                 config::tool_group wanted) {
  const auto& groups = configuration.tools;
  return std::find(groups.begin(), groups.end(), wanted) != groups.end();
}

} // namespace nats_mcp::tools
