// SPDX-License-Identifier: MIT
// `STREAM.MSG.GET` answers payloads and headers in base64.
#pragma once

#include <string>
#include <string_view>

namespace nats_mcp::simulation {

/// RFC 4648, with padding.
[[nodiscard]] std::string to_base64(std::string_view bytes);

} // namespace nats_mcp::simulation
