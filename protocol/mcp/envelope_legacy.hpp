// SPDX-License-Identifier: MIT
// What surrounds the facts up to 2025-11-25: the handshake, and results that are plain objects. One
// form serves all four revisions, since their schemas allow members they do not know.
#pragma once

#include "protocol/mcp/types.hpp"

#include <string>
#include <string_view>

namespace nats_mcp::mcp {

/// `{members}`; with no members the exact empty result `{}`.
void append_legacy_result(std::string& out, std::string_view members);

/// The members of the result of `initialize`.
[[nodiscard]] std::string initialize_members(std::string_view version, const implementation& server,
                                             const server_capabilities& offered,
                                             std::string_view instructions);

} // namespace nats_mcp::mcp
