// SPDX-License-Identifier: MIT
// A session with two tools and the words the session tests speak: lines in, effects out.
#pragma once

#include "protocol/mcp/session.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace nats_mcp::mcp {

inline const std::string modern_meta =
  R"("_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28",)"
  R"("io.modelcontextprotocol/clientCapabilities":{}})";

inline listed_tool tool_named(const std::string& name) {
  return {name, json::value{{"name", name}, {"inputSchema", {{"type", "object"}}}}};
}

inline session_options two_tools() {
  session_options options;
  options.server = {"nats-mcp-server", "", "1.0"};
  options.tools = {tool_named("echo"), tool_named("wait")};
  return options;
}

/// Two resources, a template and two prompts besides.
inline session_options with_resources() {
  auto options = two_tools();
  for (const auto* uri : {"x://inbox", "x://news"}) {
    options.resources.push_back({uri, json::value{{"uri", uri}, {"name", uri}}});
  }
  options.resource_templates.push_back(json::value{{"uriTemplate", "x://{name}"}, {"name", "any"}});
  options.prompts.push_back({"greet",
                             "Greet",
                             "Says hello.",
                             {{"whom", "Who is greeted.", true}, {"how", "In which way.", false}},
                             [](const prompt_arguments& given) {
                               const auto how = given.find("how");
                               return "Greet " + given.at("whom")
                                      + (how == given.end() ? "." : " " + how->second + ".");
                             }});
  options.prompts.push_back(
    {"check", "Check", "Looks.", {}, [](const prompt_arguments&) { return "Look."; }});
  return options;
}

/// The effects of one kind, in order.
template <class Effect>
std::vector<Effect> only(const std::vector<effect>& effects) {
  std::vector<Effect> some;
  for (const auto& any : effects) {
    if (const auto* one = std::get_if<Effect>(&any)) {
      some.push_back(*one);
    }
  }
  return some;
}

/// The lines written, without the effects that only settle.
inline std::vector<std::string> lines_of(const std::vector<effect>& effects) {
  std::vector<std::string> lines;
  for (auto& sent : only<send_line>(effects)) {
    if (!sent.line.empty()) {
      lines.push_back(std::move(sent.line));
    }
  }
  return lines;
}

inline tool_answer says(std::string text) {
  tool_answer answer;
  answer.texts.push_back(std::move(text));
  return answer;
}

class session_test : public ::testing::Test {
protected:
  explicit session_test(session_options options = two_tools())
    : subject{std::move(options), {}} {}

  std::vector<effect> tell(std::string_view line) { return subject.on_line(line, now); }

  std::vector<std::string> ask(std::string_view line) { return lines_of(tell(line)); }

  /// The single line that answers this one.
  std::string answer_to(std::string_view line) {
    const auto lines = ask(line);
    EXPECT_EQ(lines.size(), 1U) << line;
    return lines.empty() ? std::string{} : lines.front();
  }

  /// The error code of the single answer; 0 when it is no error.
  int code_of(std::string_view line) {
    const auto answer = json::parse(answer_to(line)).value();
    const auto* error = json::find(answer, "error");
    return error == nullptr ? 0 : json::find(*error, "code")->get<int>();
  }

  /// The handshake of a client that asks for this version; what it was given.
  std::string shake_hands(std::string_view version) {
    const auto answer = json::parse(answer_to(
      R"({"jsonrpc":"2.0","id":"hello","method":"initialize","params":{"protocolVersion":")"
      + std::string{version} + R"(","capabilities":{},"clientInfo":{"name":"t","version":"1"}}})"));
    return json::find(*json::find(*answer, "result"), "protocolVersion")->get<std::string>();
  }

  /// Starts a call and returns its number.
  call_id start(std::string_view line) {
    const auto started = only<start_call>(tell(line));
    EXPECT_EQ(started.size(), 1U) << line;
    return started.empty() ? call_id{} : started.front().call;
  }

  static std::string legacy_call(const std::string& id, const std::string& more) {
    return R"({"jsonrpc":"2.0","id":)" + id
           + R"(,"method":"tools/call","params":{"name":"echo","arguments":{"a":1})" + more + "}}";
  }

  static std::string modern_request(const std::string& id, const std::string& method,
                                    const std::string& more) {
    return R"({"jsonrpc":"2.0","id":)" + id + R"(,"method":")" + method + R"(","params":{)"
           + modern_meta + more + "}}";
  }

  session subject;
  monotonic_time now{std::chrono::hours{1}};
};

} // namespace nats_mcp::mcp
