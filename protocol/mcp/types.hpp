// SPDX-License-Identifier: MIT
// What the MCP session and the tools say to each other. Nothing here knows an era: the envelopes
// decide how a value looks on the wire.
#pragma once

#include "protocol/json/value.hpp"

#include <optional>
#include <string>
#include <vector>

namespace nats_mcp::mcp {

/// What a tool has to say to the model.
struct tool_answer {
  /// One text block each.
  std::vector<std::string> texts;
  /// The same facts for programs. Legacy clients get it only when it is an object; without a text
  /// its JSON also becomes the text.
  std::optional<json::value> structured;
  /// The tool could not do what was asked; the texts say why and what to do.
  bool is_error = false;
};

/// How far a running call is. `progress` has to grow from report to report.
struct progress_report {
  double progress = 0;
  std::optional<double> total;
  /// Empty = none.
  std::string message;
};

/// One entry of tools/list.
struct listed_tool {
  std::string name;
  /// The complete Tool object, valid in every revision.
  json::value description;
};

/// Who a program says it is.
struct implementation {
  std::string name;
  /// Empty = none.
  std::string title;
  std::string version;
};

} // namespace nats_mcp::mcp
