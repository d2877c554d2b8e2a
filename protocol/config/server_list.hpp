// SPDX-License-Identifier: MIT
// Addresses of NATS servers as users write them (`NATS_URL`), and how they may be shown.
#pragma once

#include "protocol/json/field.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace nats_mcp::config {

/// `nats://` or `tls://` (or neither), credentials if any, host, port if any; several separated by
/// commas.
[[nodiscard]] const json::text_rule& server_list_rule() noexcept;

/// The addresses of a legal list, in order, without the blanks around them.
[[nodiscard]] std::vector<std::string> split_server_list(std::string_view list);

/// The address or list of addresses without user names, passwords and tokens.
[[nodiscard]] std::string without_credentials(std::string_view list);

} // namespace nats_mcp::config
