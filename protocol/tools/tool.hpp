// SPDX-License-Identifier: MIT
// What a tool is to the rest of the program: its listing for the client, and typed arguments and
// results on both sides of it. How a tool is added: docs/howto/add-a-tool.md.
#pragma once

#include "protocol/config/configuration.hpp"
#include "protocol/error.hpp"
#include "protocol/json/value.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace nats_mcp::tools {

/// MCP's hints, initialized with MCP's defaults.
struct tool_annotations {
  bool read_only = false;
  bool destructive = true;
  bool idempotent = false;
  bool open_world = true;
};

/// Where a tool belongs. `always` tools cannot be left out; the rest follow `NATS_MCP_TOOLS`.
enum class tool_set : std::uint8_t { always, channels, agents, work, dead_letters };

/// Whether the tool must have finished before the client's next line is dispatched.
enum class dispatch_order : std::uint8_t { side_by_side, exclusive };

/// Whether the tool does anything without NATS.
enum class nats_need : std::uint8_t { none, required };

struct tool_declaration {
  std::string_view name;
  std::string_view title;
  /// Below 300 characters, the one thing a model must know first.
  std::string_view description;
  tool_annotations annotations;
  tool_set set = tool_set::always;
  dispatch_order order = dispatch_order::side_by_side;
  nats_need nats = nats_need::required;
  /// JSON Schema of the arguments.
  json::value (*input_schema)() = nullptr;
  /// JSON Schema of `structured(result)`.
  json::value (*output_schema)() = nullptr;
  /// Rows for the reference page.
  std::string (*reference)() = nullptr;
};

/// The complete Tool object of `tools/list`. Annotations equal to MCP's defaults are left out; the
/// output schema stands there only when results are structured.
[[nodiscard]] json::value listing(const tool_declaration& tool, config::output_style style);

/// The arguments of a call, checked against the tool's declaration.
/// Instantiated for every `…_arguments` struct in the file that declares its tool.
/// @returns `ec::invalid_argument` with one sentence for each thing that is wrong.
template <class Arguments>
[[nodiscard]] result<Arguments> decode_arguments(const json::value& arguments);

/// A result as `structuredContent`. Instantiated for every `…_result` struct.
template <class Result>
[[nodiscard]] json::value structured(const Result& outcome);

} // namespace nats_mcp::tools
