// SPDX-License-Identifier: MIT
// JSON Schema (2020-12) of a structure, from its field table. Objects are closed and have no
// combinators, since MCP clients flatten or drop tools whose schemas do.
#pragma once

#include "protocol/json/field.hpp"

#include <vector>

namespace nats_mcp::json {

/// Who reads the schema, and so how much stands in it.
enum class schema_reader : std::uint8_t {
  /// A model about to call a tool: everything it needs, nothing it pays tokens for in vain.
  caller,
  /// A program that checks results: no defaults.
  checker,
  /// A person's editor: examples and environment twins too.
  editor,
};

/// The schema of an object with these members.
[[nodiscard]] value object_schema(const std::vector<field_description>& members,
                                  schema_reader reader);

} // namespace nats_mcp::json
