// SPDX-License-Identifier: MIT
// The bridge between a tool's structs, their field tables and its declaration. Included only by the
// files that declare tools.
#pragma once

#include "protocol/json/field_table.hpp"
#include "protocol/json/schema.hpp"
#include "protocol/tools/tool.hpp"

#include <string>
#include <vector>

namespace nats_mcp::tools {

/// The problems of a call's arguments as one text: what is wrong with which argument, what is
/// allowed.
[[nodiscard]] error wrong_arguments(const std::vector<json::problem>& problems);

/// The arguments as a Markdown table, or a sentence that there are none.
[[nodiscard]] std::string arguments_reference(const std::vector<json::field_description>& members);

template <class Arguments>
result<Arguments> decode_arguments(const json::value& arguments) {
  Arguments out{};
  std::vector<json::problem> problems;
  if (!json::described<Arguments>::fields().decode(arguments, {}, problems, out)) {
    return tl::make_unexpected(wrong_arguments(problems));
  }
  return out;
}

template <class Result>
json::value structured(const Result& outcome) {
  return json::described<Result>::fields().encode(outcome);
}

/// Completes a declaration with what follows from the tool's structs.
template <class Arguments, class Result>
[[nodiscard]] tool_declaration declared(tool_declaration tool) {
  tool.input_schema = [] {
    return json::object_schema(json::described<Arguments>::fields().descriptions(),
                               json::schema_reader::caller);
  };
  tool.output_schema = [] {
    return json::object_schema(json::described<Result>::fields().descriptions(),
                               json::schema_reader::checker);
  };
  tool.reference = [] {
    return arguments_reference(json::described<Arguments>::fields().descriptions());
  };
  return tool;
}

} // namespace nats_mcp::tools
