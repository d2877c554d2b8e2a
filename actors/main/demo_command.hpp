// SPDX-License-Identifier: MIT
// `nats-mcp-server demo`: two agents talk before the user's eyes, through two processes of this
// very program and a real NATS server.
#pragma once

#include "actors/main/process_environment.hpp"

namespace nats_mcp {

/// Runs the demonstration and prints it. @returns the process's exit code: 0 when every step
/// worked.
[[nodiscard]] int run_demo(const process_environment& environment);

} // namespace nats_mcp
