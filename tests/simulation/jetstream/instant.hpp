// SPDX-License-Identifier: MIT
// The modelled server's own time. It is handed in with every call: the model has no clock.
#pragma once

#include <chrono>
#include <string>

namespace nats_mcp::simulation {

/// The server's civil time, as precise as its time stamps.
using instant = std::chrono::sys_time<std::chrono::nanoseconds>;

/// RFC 3339 with as many of nine fraction digits as needed, the way the server writes it.
[[nodiscard]] std::string to_text(instant time);

} // namespace nats_mcp::simulation
