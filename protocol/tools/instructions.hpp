// SPDX-License-Identifier: MIT
// What the server tells a client's model about itself. Clients that load tools on demand show only
// this and the tools' names at first, so it says which tasks the tools serve and when to look for
// them.
#pragma once

#include <string_view>

namespace nats_mcp::tools {

/// At most 2 000 characters: clients cut more off.
[[nodiscard]] std::string_view instructions() noexcept;

} // namespace nats_mcp::tools
