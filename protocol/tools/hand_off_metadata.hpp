// SPDX-License-Identifier: MIT
// What the message types of the hand-off protocol carry in their metadata. Further members are
// allowed: agents agree on more than we know of.
#pragma once

#include "protocol/error.hpp"
#include "protocol/json/value.hpp"
#include "protocol/tools/direct_message_tools.hpp"

namespace nats_mcp::tools {

/// Whether the metadata has what its message type needs, and is not too large.
/// @returns `ec::invalid_argument` with one sentence for each member that is wrong.
[[nodiscard]] result<void> check_metadata(message_type type, const json::value& metadata);

} // namespace nats_mcp::tools
