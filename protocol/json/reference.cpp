// SPDX-License-Identifier: MIT
#include "protocol/json/reference.hpp"

#include "protocol/json/field_check.hpp"

namespace nats_mcp::json {

namespace {

reference_row row_of(const field_description& field, const std::string& prefix) {
  reference_row row;
  row.name = prefix + std::string{field.rules.name};
  row.environment = field.rules.environment;
  row.accepted = accepted(field);
  if (field.default_value) {
    row.initial = write(*field.default_value);
  }
  row.need = field.rules.need;
  row.doc = field.rules.doc;
  return row;
}

void add_rows(const std::vector<field_description>& members, const std::string& prefix,
              std::vector<reference_row>& rows) {
  for (const auto& field : members) {
    const auto name = prefix + std::string{field.rules.name};
    if (field.type == field_type::object) {
      add_rows(*field.members, name + ".", rows);
      continue;
    }
    auto row = row_of(field, prefix);
    const bool of_objects =
      field.type == field_type::list && field.items.front().type == field_type::object;
    if (of_objects) {
      row.initial.clear(); // too long for a cell; the page tells it in words
    }
    rows.push_back(std::move(row));
    if (of_objects) {
      add_rows(*field.items.front().members, name + "[].", rows);
    }
  }
}

} // namespace

std::vector<reference_row> reference_rows(const std::vector<field_description>& members) {
  std::vector<reference_row> rows;
  add_rows(members, {}, rows);
  return rows;
}

std::string table_cell(std::string_view text) {
  std::string out;
  std::size_t backslashes = 0;
  for (const char letter : text) {
    if (letter == '|') {
      // Those before it must not escape the escape.
      out.append(backslashes + 1, '\\');
    }
    backslashes = letter == '\\' ? backslashes + 1 : 0;
    out += letter == '\n' ? ' ' : letter;
  }
  return out;
}

} // namespace nats_mcp::json
