// SPDX-License-Identifier: MIT
// Decides the era of one request (MCP 2026-07-28, basic/versioning). Per message, never per
// connection: clients probe with one era, fall back to the other on the same pipe, and mix both.
#pragma once

#include "protocol/json/value.hpp"
#include "protocol/mcp/version.hpp"

#include <string_view>

namespace nats_mcp::mcp {

/// The `_meta` key whose presence makes a request modern.
inline constexpr std::string_view protocol_version_key = "io.modelcontextprotocol/protocolVersion";

/// The era of a request with these parameters. The key alone decides, whatever its value.
[[nodiscard]] era era_of(const json::value& params) noexcept;

} // namespace nats_mcp::mcp
