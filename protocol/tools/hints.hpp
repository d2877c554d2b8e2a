// SPDX-License-Identifier: MIT
// The words of the hints for clients that listen to Claude Code's channels (docs/push.md). A hint
// says only that something is there; no word of another agent is in it, so nobody can speak to the
// model this way.
#pragma once

#include "protocol/mcp/types.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace nats_mcp::tools {

/// What hints about mail are about.
inline constexpr std::string_view mail_hint_subject = "inbox";

/// There are this many unread direct messages, at least 1.
[[nodiscard]] mcp::client_hint mail_hint(std::uint64_t unread);

/// Somebody else wrote to the channel.
[[nodiscard]] mcp::client_hint channel_hint(const std::string& channel);

/// What the instructions say about hints, where there are any.
[[nodiscard]] std::string_view hint_instructions() noexcept;

} // namespace nats_mcp::tools
