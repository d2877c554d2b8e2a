// SPDX-License-Identifier: MIT
// Arguments and results of the tools that share work, as values, and the texts made of them. Their
// declarations stand in work_…_tools.cpp and work_…_fields.cpp; the actors see only these structs.
#pragma once

#include "protocol/tools/work_holding_tools.hpp"
#include "protocol/tools/work_lookup_tools.hpp"
#include "protocol/tools/work_offer_tools.hpp"

#include <vector>

namespace nats_mcp::tools {

/// The declarations, in the order of the listing.
[[nodiscard]] std::vector<tool_declaration> work_tools();

} // namespace nats_mcp::tools
