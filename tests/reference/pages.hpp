// SPDX-License-Identifier: MIT
// The pages under docs/reference, made from the declarations, so that they cannot say anything
// else.
#pragma once

#include <string>

namespace nats_mcp::reference {

/// docs/reference/tools.md.
[[nodiscard]] std::string tools_page();

/// docs/reference/configuration.md.
[[nodiscard]] std::string configuration_page();

/// docs/reference/config.schema.json.
[[nodiscard]] std::string configuration_schema_file();

} // namespace nats_mcp::reference
