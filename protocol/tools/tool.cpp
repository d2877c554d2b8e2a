// SPDX-License-Identifier: MIT
#include "protocol/tools/tool.hpp"

#include "protocol/json/reference.hpp"
#include "protocol/text.hpp"
#include "protocol/tools/tool_fields.hpp"

#include <algorithm>

namespace nats_mcp::tools {

namespace {

/// More than a model needs to see what it did wrong; a call has room for thousands.
constexpr std::size_t problems_told_max = 20;

void put_hint(json::value& out, const char* name, bool hint, bool otherwise) {
  if (hint != otherwise) {
    out[name] = hint;
  }
}

json::value annotations_of(const tool_annotations& hints) {
  constexpr tool_annotations otherwise;
  auto out = json::value::object();
  put_hint(out, "readOnlyHint", hints.read_only, otherwise.read_only);
  if (!hints.read_only) { // MCP: the two mean nothing for a tool that only reads
    put_hint(out, "destructiveHint", hints.destructive, otherwise.destructive);
    put_hint(out, "idempotentHint", hints.idempotent, otherwise.idempotent);
  }
  put_hint(out, "openWorldHint", hints.open_world, otherwise.open_world);
  return out;
}

std::string sentence(const json::problem& one) {
  std::string out;
  if (!one.headline.empty()) {
    out += one.headline + ". ";
  }
  out += one.key.empty() ? "The arguments as a whole" : "Argument \"" + one.key + "\"";
  out += " " + one.reason;
  if (one.advice.empty()) {
    return out + ".";
  }
  // A question or an example ends as it is; both begin a sentence here.
  auto advice = one.advice;
  if (advice.front() >= 'a' && advice.front() <= 'z') {
    advice.front() = static_cast<char>(advice.front() - 'a' + 'A');
  }
  out += ". " + advice;
  return advice.back() == '?' ? out : out + ".";
}

} // namespace

json::value listing(const tool_declaration& tool, config::output_style style) {
  auto out = json::value::object();
  out["name"] = std::string{tool.name};
  out["title"] = std::string{tool.title};
  out["description"] = std::string{tool.description};
  out["inputSchema"] = tool.input_schema();
  if (style == config::output_style::structured) {
    out["outputSchema"] = tool.output_schema();
  }
  if (auto annotations = annotations_of(tool.annotations); !annotations.empty()) {
    out["annotations"] = std::move(annotations);
  }
  return out;
}

error wrong_arguments(const std::vector<json::problem>& problems) {
  std::string text;
  const auto told = std::min(problems.size(), problems_told_max);
  for (std::size_t at = 0; at < told; ++at) {
    text += (text.empty() ? "" : "\n") + sentence(problems[at]);
  }
  if (told < problems.size()) {
    text += "\nThere is more: " + counted(problems.size() - told, "problem") + " beyond these.";
  }
  return {ec::invalid_argument, std::move(text), 0};
}

std::string arguments_reference(const std::vector<json::field_description>& members) {
  if (members.empty()) {
    return "No arguments.\n";
  }
  std::string out = "| argument | | accepts | default | meaning |\n|---|---|---|---|---|\n";
  for (const auto& row : json::reference_rows(members)) {
    out += "| `" + row.name + "` | "
           + (row.need == json::presence::required ? "required" : "optional") + " | "
           + json::table_cell(row.accepted) + " | "
           + (row.initial.empty() ? "" : "`" + json::table_cell(row.initial) + "`") + " | "
           + json::table_cell(row.doc) + " |\n";
  }
  return out;
}

} // namespace nats_mcp::tools
