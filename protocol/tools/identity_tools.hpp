// SPDX-License-Identifier: MIT
// The identity tools: under which handle this agent speaks. They need no NATS.
#pragma once

#include "protocol/error.hpp"
#include "protocol/tools/tool.hpp"

#include <string>
#include <vector>

namespace nats_mcp::tools {

struct set_handle_arguments {
  std::string handle;
};

struct set_handle_result {
  std::string handle;
};

struct get_my_handle_arguments {};

struct get_my_handle_result {
  /// Empty: none was set yet.
  std::string handle;
};

/// The answer of a tool that needs a handle to one who has none.
[[nodiscard]] error no_handle();

[[nodiscard]] std::string render(const set_handle_result& outcome);
[[nodiscard]] std::string render(const get_my_handle_result& outcome);

/// The declarations, in the order of the listing.
[[nodiscard]] std::vector<tool_declaration> identity_tools();

} // namespace nats_mcp::tools
