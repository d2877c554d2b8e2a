// SPDX-License-Identifier: MIT
// What the MCP session and the tools say to each other. Nothing here knows an era: the envelopes
// decide how a value looks on the wire.
#pragma once

#include "protocol/json/value.hpp"

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
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

/// The form of every resource's text.
inline constexpr std::string_view resource_mime_type = "text/markdown";

/// One entry of resources/list.
struct listed_resource {
  std::string uri;
  /// The complete Resource object, valid in every revision.
  json::value description;
};

/// What the user gave a prompt, by name.
using prompt_arguments = std::map<std::string, std::string, std::less<>>;

struct prompt_argument {
  std::string name;
  std::string description;
  bool required = false;
};

/// One entry of prompts/list and the text it stands for.
struct listed_prompt {
  std::string name;
  std::string title;
  std::string description;
  std::vector<prompt_argument> arguments;
  /// The words of the user to the model. Asks nobody and never fails.
  std::function<std::string(const prompt_arguments&)> text;
};

/// A hint that there is something to look at, for the model of a client that listens to Claude
/// Code's channels. The newest about one thing replaces those before it.
struct client_hint {
  /// What it is about; names it towards us.
  std::string about;
  std::string content;
  /// Attributes the model sees; keys of letters, digits and underscores.
  std::vector<std::pair<std::string, std::string>> meta;

  friend bool operator==(const client_hint&, const client_hint&) = default;
};

/// What the server offers besides tools.
struct server_capabilities {
  bool resources = false;
  bool prompts = false;
  bool claude_channel = false;
};

/// Who a program says it is.
struct implementation {
  std::string name;
  /// Empty = none.
  std::string title;
  std::string version;
};

} // namespace nats_mcp::mcp
