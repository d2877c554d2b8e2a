// SPDX-License-Identifier: MIT
// This program's version, from the build.
#pragma once

#include <string_view>

namespace nats_mcp {

/// Such as `0.1.0`.
[[nodiscard]] constexpr std::string_view version() noexcept { return NATS_MCP_VERSION; }

} // namespace nats_mcp
