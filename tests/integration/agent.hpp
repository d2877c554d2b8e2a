// SPDX-License-Identifier: MIT
// One agent as its MCP client sees it: the shipped binary in a project folder of its own, spoken to
// in tool calls.
#pragma once

#include "protocol/json/member.hpp"
#include "protocol/json/value.hpp"

#include "tests/support/server_process.hpp"
#include "tests/support/temporary_directory.hpp"

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace nats_mcp::testing {

/// What a tool call came to.
struct tool_outcome {
  bool is_error = false;
  /// The tool's own text.
  std::string text;
  /// Every text that stands below it.
  std::string notices{};
};

class agent {
public:
  struct options {
    std::string nats_url;
    /// Both agents of a project name the same.
    std::string channel_namespace = "demo";
    std::map<std::string, std::string> environment;
    /// What starts the binary, with its own arguments; empty = nothing stands between.
    std::vector<std::string> launcher{};
    /// More of each channel in the configuration, such as `, "maxMessages": 10`.
    std::string channel_members{};
  };

  /// Starts the process and shakes hands.
  explicit agent(const options& choice)
    : process_{process_options(choice, project_)} {
    const auto hello =
      process_.request("initialize", {{"protocolVersion", "2025-11-25"},
                                      {"capabilities", json::value::object()},
                                      {"clientInfo", {{"name", "test"}, {"version", "1"}}}});
    process_.notify("notifications/initialized");
  }

  /// Calls a tool and waits for its answer.
  tool_outcome call(std::string_view tool, const json::value& arguments) {
    return outcome_of(process_.request("tools/call", parameters(tool, arguments)));
  }

  /// Calls a tool; `answer` waits for it.
  json::value post(std::string_view tool, const json::value& arguments) {
    return process_.post("tools/call", parameters(tool, arguments));
  }

  /// Registers; the GUID. Throws when that fails.
  std::string register_as(const json::value& arguments) {
    const auto outcome = call("register_agent", arguments);
    if (outcome.is_error) {
      throw std::runtime_error(outcome.text);
    }
    constexpr std::string_view mark = "- GUID: ";
    return outcome.text.substr(outcome.text.find(mark) + mark.size(), 36);
  }

  tool_outcome answer(const json::value& id, std::chrono::milliseconds within) {
    return outcome_of(process_.response_to(id, within));
  }

  [[nodiscard]] server_process& process() noexcept { return process_; }
  [[nodiscard]] const server_process& process() const noexcept { return process_; }

private:
  static json::value parameters(std::string_view tool, const json::value& arguments) {
    return {{"name", tool}, {"arguments", arguments}};
  }

  static tool_outcome outcome_of(const json::value& response) {
    const auto* result = json::find(response, "result");
    if (result == nullptr) {
      return {true, json::write(response)};
    }
    tool_outcome out{json::true_member(*result, "isError"), {}};
    for (const auto& block : *json::find(*result, "content")) {
      (out.text.empty() ? out.text : out.notices) += json::text_member(block, "text");
    }
    return out;
  }

  static server_options process_options(const options& choice, temporary_directory& project) {
    project.write(".mcp-config.json",
                  R"({"namespace": ")" + choice.channel_namespace
                    + R"(", "channels": [{"name": "planning", "description": "Plans")"
                    + choice.channel_members + R"(}, {"name": "review", "description": "Reviews")"
                    + choice.channel_members + "}]}");
    server_options out;
    out.environment = choice.environment;
    out.environment["NATS_URL"] = choice.nats_url;
    out.environment.try_emplace("LOG_LEVEL", "WARN");
    out.working_directory = project.path();
    if (!choice.launcher.empty()) {
      out.arguments.assign(choice.launcher.begin() + 1, choice.launcher.end());
      out.arguments.push_back(out.binary);
      out.binary = choice.launcher.front();
    }
    return out;
  }

  temporary_directory project_;
  server_process process_;
};

} // namespace nats_mcp::testing
