// SPDX-License-Identifier: MIT
// All tools in one table, in the order in which clients list them.
#pragma once

#include "protocol/config/configuration.hpp"
#include "protocol/tools/tool.hpp"

#include <string_view>
#include <vector>

namespace nats_mcp::tools {

/// Every tool there is. The same for the whole life of the process.
[[nodiscard]] const std::vector<tool_declaration>& catalog();

/// The tools this configuration offers (`NATS_MCP_TOOLS`); identity and status always.
[[nodiscard]] std::vector<const tool_declaration*>
selected_tools(const config::configuration& configuration);

/// The tool of that name, or null.
[[nodiscard]] const tool_declaration* find_tool(std::string_view name);

} // namespace nats_mcp::tools
