// SPDX-License-Identifier: MIT
// `nats-mcp-server` without a command: the MCP server itself, on standard input and output.
#pragma once

#include "actors/main/process_environment.hpp"

namespace nats_mcp {

/// Serves one client until it closes our input or a signal comes. Standard output carries nothing
/// but MCP from the first moment on.
/// @returns the process's exit code: 0 after an orderly end, 1 when it could not start.
[[nodiscard]] int serve(const process_environment& environment);

} // namespace nats_mcp
