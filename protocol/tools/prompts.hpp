// SPDX-License-Identifier: MIT
// The prompts: texts a person sends to the model with one command (in Claude Code
// `/mcp__nats__check_messages`). They say which tools to call; they do nothing themselves.
#pragma once

#include "protocol/config/configuration.hpp"
#include "protocol/mcp/types.hpp"

#include <vector>

namespace nats_mcp::tools {

/// What this configuration offers; the texts name only tools it offers too.
[[nodiscard]] std::vector<mcp::listed_prompt>
selected_prompts(const config::configuration& configuration);

} // namespace nats_mcp::tools
