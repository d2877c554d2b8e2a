// SPDX-License-Identifier: MIT
// Whether a JSON value fits one of the schemas the tools publish: the keywords they use, checked
// without the field tables the schemas are made of.
#pragma once

#include "protocol/json/value.hpp"

namespace nats_mcp::fuzz {

[[nodiscard]] bool fits(const json::value& schema, const json::value& given);

} // namespace nats_mcp::fuzz
