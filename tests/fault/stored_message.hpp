// SPDX-License-Identifier: MIT
// What a stream holds, asked of nats-server without our gateway.
#pragma once

#include "tests/integration/raw_nats.hpp"

#include <optional>
#include <string>

namespace nats_mcp::testing {

/// The payload of the last message with this subject; nothing if the server says that there is
/// none. Throws `std::runtime_error` when it says neither, as a server does that has just started.
[[nodiscard]] std::optional<std::string> read_last(raw_nats& nats, const std::string& stream,
                                                   const std::string& subject);

} // namespace nats_mcp::testing
