// SPDX-License-Identifier: MIT
// How the shipped binary starts and ends: at once, with NATS down, leaving nothing behind.
#include "tests/integration/agent.hpp"
#include "tests/support/hostile_client.hpp"
#include "tests/support/nats_server.hpp"

#include <gtest/gtest.h>

#include <csignal>

namespace nats_mcp::testing {
namespace {

using namespace std::chrono_literals;
using clock = std::chrono::steady_clock;

std::string nobody_listens() { return "nats://127.0.0.1:" + std::to_string(unused_port()); }

TEST(life_cycle, answers_the_handshake_and_local_tools_with_nats_down) {
  agent one{{nobody_listens(), "demo", {}}};
  EXPECT_FALSE(one.call("set_handle", {{"handle", "a"}}).is_error);
  EXPECT_FALSE(one.call("list_channels", json::value::object()).is_error);
  const auto status = one.call("server_status", json::value::object());
  EXPECT_FALSE(status.is_error);
  EXPECT_NE(status.text.find("channels"), std::string::npos) << status.text;
}

TEST(life_cycle, ends_with_zero_at_the_end_of_input) {
  agent one{{nobody_listens(), "demo", {}}};
  one.process().close_input();
  const auto began = clock::now();
  const auto ended = one.process().wait_exit(5s);
  ASSERT_TRUE(ended);
  EXPECT_EQ(ended->code, 0);
  EXPECT_LT(clock::now() - began, 2s);
}

TEST(life_cycle, answers_what_is_in_flight_before_it_ends) {
  agent one{{nobody_listens(), "demo", {{"NATS_MCP_CALL_TIMEOUT", "60000"}}}};
  one.call("set_handle", {{"handle", "a"}});
  const auto sending = one.post("send_message", {{"channel", "planning"}, {"message", "x"}});
  one.process().close_input();
  EXPECT_TRUE(one.answer(sending, 5s).is_error);
  const auto ended = one.process().wait_exit(5s);
  ASSERT_TRUE(ended);
  EXPECT_EQ(ended->code, 0);
}

TEST(life_cycle, ends_soon_after_a_signal_even_while_a_call_waits) {
  nats_server nats;
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) {
    agent one{{nats.url(), "demo", {}}};
    one.post("wait_for_messages", {{"timeout", 60000}});
    one.call("get_my_handle", json::value::object());
    const auto began = clock::now();
    one.process().signal(number);
    const auto ended = one.process().wait_exit(5s);
    ASSERT_TRUE(ended) << number;
    EXPECT_EQ(ended->code, 0) << number;
    EXPECT_LT(clock::now() - began, 1s) << number;
  }
}

TEST(life_cycle, tells_every_tool_what_is_wrong_with_the_configuration) {
  temporary_directory project;
  project.write(".mcp-config.json", "{\n  \"chanels\": []\n}\n");
  server_options options;
  options.environment["NATS_URL"] = nobody_listens();
  options.environment["LOG_LEVEL"] = "ERROR";
  options.working_directory = project.path();
  server_process process{options};
  process.request("initialize", {{"protocolVersion", "2025-11-25"},
                                 {"capabilities", json::value::object()},
                                 {"clientInfo", {{"name", "test"}, {"version", "1"}}}});
  const auto answer = process.request("tools/call", {{"name", "get_my_handle"}});
  const auto text = json::write(answer);
  EXPECT_NE(text.find("\"isError\":true"), std::string::npos) << text;
  EXPECT_NE(text.find(".mcp-config.json:2"), std::string::npos) << text;
  EXPECT_NE(text.find("channels"), std::string::npos) << text;
}

TEST(life_cycle, survives_a_hundred_thousand_hostile_lines) {
  constexpr int line_count = 100'000;
  agent one{{nobody_listens(), "demo", {{"NATS_MCP_CALL_TIMEOUT", "1000"}}}};
  hostile_client client{20'261'122, "get_my_handle",
                        R"("_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28",)"
                        R"("io.modelcontextprotocol/clientCapabilities":{}})"};
  for (int i = 0; i < line_count; ++i) {
    ASSERT_TRUE(one.process().send(client.line())) << "line " << i;
  }
  ASSERT_TRUE(one.process().send(R"({"jsonrpc":"2.0","id":"alive?","method":"ping"})"));
  const auto pong = one.process().response_to("alive?", 60s);
  EXPECT_EQ(json::write(pong), R"({"jsonrpc":"2.0","id":"alive?","result":{}})");
}

} // namespace
} // namespace nats_mcp::testing
