// SPDX-License-Identifier: MIT
#include "protocol/config/configuration_fields.hpp"
#include "protocol/json/reference.hpp"

#include "tests/reference/pages.hpp"

namespace nats_mcp::reference {

namespace {

std::string code(const std::string& text) {
  return text.empty() ? text : "`" + json::table_cell(text) + "`";
}

std::string row_text(const json::reference_row& row) {
  return "| " + code(row.name) + " | " + code(row.environment) + " | "
         + json::table_cell(row.accepted) + " | "
         + (row.need == json::presence::required ? "required" : code(row.initial)) + " | "
         + json::table_cell(row.doc) + " |\n";
}

} // namespace

std::string configuration_page() {
  std::string out =
    "# Configuration\n\n"
    "Generated from `protocol/config/configuration_fields.cpp`; do not edit.\n\n"
    "A value is taken from the first of these that has it:\n\n"
    "1. the environment (an empty variable counts as not set),\n"
    "2. `.mcp-config.json` in the project's directory or up to five directories above it; the "
    "nearest counts,\n"
    "3. `~/.nats-mcp/config.json`,\n"
    "4. the default.\n\n"
    "The project's directory is the working directory, or `MCP_PROJECT_PATH` if that is set. "
    "Everything can be left out.\n"
    "Editors check the files against [config.schema.json](config.schema.json) if they begin with "
    "a `$schema` that leads there.\n\n"
    "An unknown key, a wrong type or a bad value is an error: the server starts, and every tool "
    "answers with file, line, key,\n"
    "reason and a suggestion. `nats-mcp-server doctor` prints the same, and where each value came "
    "from.\n\n"
    "Lists in variables are separated by commas; booleans are `true` or `false`. Times are "
    "milliseconds, except `maxAge`.\n\n"
    "| key | variable | accepts | default | meaning |\n|---|---|---|---|---|\n";
  for (const auto& row :
       json::reference_rows(json::described<config::configuration>::fields().descriptions())) {
    out += row_text(row);
  }
  out += "\nWithout `channels`, these are there:\n\n";
  for (const auto& channel : config::default_channels()) {
    out += "* `" + channel.name + "`: " + channel.description + "\n";
  }
  return out;
}

std::string configuration_schema_file() {
  constexpr int indentation = 2;
  return config::configuration_schema().dump(indentation) + "\n";
}

} // namespace nats_mcp::reference
