// SPDX-License-Identifier: MIT
// The members of a structure as rows of a Markdown table, from its field table.
#pragma once

#include "protocol/json/field.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace nats_mcp::json {

/// One member for the reader, nested members written `workQueue.ackTimeout`, members of list items
/// `channels[].name`.
struct reference_row {
  std::string name;
  std::string environment;
  /// What is accepted, such as `a whole number from 1 to 1000`.
  std::string accepted;
  /// As JSON; empty = none; "required" is told apart by `need`.
  std::string initial;
  presence need = presence::optional;
  std::string doc;
};

/// The rows of `members` in order; a nested structure's rows stand in its place.
[[nodiscard]] std::vector<reference_row>
reference_rows(const std::vector<field_description>& members);

/// `text` as it stands in a cell of a Markdown table.
[[nodiscard]] std::string table_cell(std::string_view text);

} // namespace nats_mcp::json
