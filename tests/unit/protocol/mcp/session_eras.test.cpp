// SPDX-License-Identifier: MIT
// Which rules a request is under: era by era, before and after the handshake.
#include "tests/unit/protocol/mcp/session_fixture.hpp"

namespace nats_mcp::mcp::session_eras_test {
namespace {

class session_eras : public session_test {};

const std::string ping = R"({"jsonrpc":"2.0","id":1,"method":"ping"})";
const std::string list = R"({"jsonrpc":"2.0","id":1,"method":"tools/list"})";

TEST_F(session_eras, agree_on_every_legacy_version_and_never_on_a_modern_one) {
  for (const auto* version : {"2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"}) {
    EXPECT_EQ(shake_hands(version), version);
  }
  EXPECT_EQ(shake_hands("2026-07-28"), "2025-11-25");
  EXPECT_EQ(shake_hands("1999-01-01"), "2025-11-25");
}

TEST_F(session_eras, write_the_handshake_exactly) {
  EXPECT_EQ(
    answer_to(
      R"({"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-06-18"}})"),
    R"({"jsonrpc":"2.0","id":0,"result":{"protocolVersion":"2025-06-18","serverInfo":)"
    R"({"name":"nats-mcp-server","version":"1.0"},"capabilities":{"tools":{}}}})");
}

TEST_F(session_eras, save_the_version_before_they_say_it) {
  const auto effects = tell(
    R"({"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-06-18"}})");
  ASSERT_EQ(effects.size(), 2U);
  EXPECT_TRUE(std::holds_alternative<save_state>(effects[0]));
  EXPECT_EQ(subject.checkpoint().legacy_version, "2025-06-18");
}

TEST_F(session_eras, refuse_a_handshake_without_a_version) {
  EXPECT_EQ(code_of(R"({"jsonrpc":"2.0","id":0,"method":"initialize"})"), -32602);
  EXPECT_EQ(
    code_of(R"({"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":1}})"),
    -32602);
  EXPECT_EQ(subject.checkpoint().legacy_version, "");
}

TEST_F(session_eras, answer_a_second_handshake_anew) {
  EXPECT_EQ(shake_hands("2025-11-25"), "2025-11-25");
  EXPECT_EQ(shake_hands("2024-11-05"), "2024-11-05");
  EXPECT_EQ(subject.checkpoint().legacy_version, "2024-11-05");
}

TEST_F(session_eras, answer_ping_before_any_handshake) {
  EXPECT_EQ(answer_to(ping), R"({"jsonrpc":"2.0","id":1,"result":{}})");
}

TEST_F(session_eras, ask_for_an_envelope_or_a_handshake_before_anything_else) {
  for (const auto* method : {"tools/list", "tools/call", "server/discover", "no/such"}) {
    const auto answer =
      answer_to(R"({"jsonrpc":"2.0","id":1,"method":")" + std::string{method} + "\"}");
    EXPECT_NE(answer.find("-32602"), std::string::npos) << method;
    EXPECT_NE(answer.find("io.modelcontextprotocol/protocolVersion"), std::string::npos) << method;
  }
}

TEST_F(session_eras, serve_requests_before_the_initialized_notification) {
  EXPECT_EQ(shake_hands("2025-11-25"), "2025-11-25");
  EXPECT_EQ(code_of(list), 0);
}

TEST_F(session_eras, serve_any_modern_request_as_the_first_message) {
  EXPECT_EQ(code_of(modern_request("1", "tools/list", "")), 0);
  session fresh{two_tools(), {}};
  EXPECT_EQ(
    only<start_call>(fresh.on_line(modern_request("1", "tools/call", R"(,"name":"echo")"), now))
      .size(),
    1U);
}

TEST_F(session_eras, discover_without_deciding_anything) {
  EXPECT_EQ(
    answer_to(modern_request(R"("probe")", "server/discover", "")),
    R"({"jsonrpc":"2.0","id":"probe","result":{"resultType":"complete","supportedVersions":)"
    R"(["2026-07-28"],"capabilities":{"tools":{}},"ttlMs":3600000,"cacheScope":"public","_meta":)"
    R"({"io.modelcontextprotocol/serverInfo":{"name":"nats-mcp-server","version":"1.0"}}}})");
  EXPECT_EQ(subject.checkpoint(), session_checkpoint{});
  EXPECT_EQ(shake_hands("2025-11-25"), "2025-11-25");
}

TEST_F(session_eras, shake_hands_even_after_modern_traffic) {
  EXPECT_EQ(code_of(modern_request("1", "tools/list", "")), 0);
  EXPECT_EQ(shake_hands("2025-06-18"), "2025-06-18");
  EXPECT_EQ(code_of(modern_request("1", "tools/list", "")), 0) << "and modern goes on";
}

TEST_F(session_eras, have_no_removed_method_under_a_modern_envelope) {
  EXPECT_EQ(shake_hands("2025-11-25"), "2025-11-25");
  for (const auto* method : {"initialize", "ping", "logging/setLevel", "resources/subscribe",
                             "resources/unsubscribe", "no/such"}) {
    EXPECT_EQ(code_of(modern_request("1", method, "")), -32601) << method;
  }
}

TEST_F(session_eras, check_the_version_of_every_single_modern_request) {
  EXPECT_EQ(code_of(modern_request("1", "tools/list", "")), 0);
  for (const std::string version : {"2027-01-15", "2025-11-25"}) {
    const auto answer = answer_to(
      R"({"jsonrpc":"2.0","id":5,"method":"tools/list","params":{"_meta":{)"
      R"("io.modelcontextprotocol/clientCapabilities":{},"io.modelcontextprotocol/protocolVersion":")"
      + version + R"("}}})");
    EXPECT_NE(answer.find(R"("code":-32022)"), std::string::npos);
    EXPECT_NE(answer.find(R"("data":{"supported":["2026-07-28"],"requested":")" + version + "\"}"),
              std::string::npos);
  }
}

TEST_F(session_eras, remember_no_envelope_from_an_earlier_request) {
  EXPECT_EQ(code_of(modern_request("1", "tools/list", "")), 0);
  EXPECT_EQ(code_of(R"({"jsonrpc":"2.0","id":2,"method":"tools/list","params":{"_meta":{)"
                    R"("io.modelcontextprotocol/protocolVersion":"2026-07-28"}}})"),
            -32602);
}

TEST_F(session_eras, judge_the_version_before_the_method) {
  EXPECT_EQ(code_of(R"({"jsonrpc":"2.0","id":2,"method":"no/such","params":{"_meta":{)"
                    R"("io.modelcontextprotocol/clientCapabilities":{},)"
                    R"("io.modelcontextprotocol/protocolVersion":"2031-01-01"}}})"),
            -32022);
}

TEST_F(session_eras, include_instructions_when_there_are_any) {
  auto options = two_tools();
  options.instructions = "Start with echo.";
  session talkative{options, {}};
  for (const auto& line :
       {modern_request("1", "server/discover", ""),
        std::string{
          R"({"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"x"}})"}}) {
    EXPECT_NE(
      lines_of(talkative.on_line(line, now)).at(0).find(R"("instructions":"Start with echo.")"),
      std::string::npos);
  }
}

class legacy_only_session : public session_test {
protected:
  legacy_only_session() {
    auto options = two_tools();
    options.legacy_only = true;
    subject = session{options, {}};
  }
};

TEST_F(legacy_only_session, refuses_discover_at_once) {
  EXPECT_EQ(code_of(modern_request("1", "server/discover", "")), -32601);
  EXPECT_EQ(code_of(modern_request("1", "subscriptions/listen", R"(,"notifications":{})")), -32601);
}

TEST_F(legacy_only_session, reads_modern_envelopes_as_extra_members) {
  EXPECT_EQ(code_of(modern_request("1", "tools/list", "")), -32602) << "no handshake yet";
  EXPECT_EQ(shake_hands("2025-11-25"), "2025-11-25");
  EXPECT_EQ(answer_to(modern_request("1", "tools/list", "")).find("resultType"), std::string::npos);
}

TEST_F(session_eras, go_on_after_a_restart_where_the_checkpoint_says) {
  EXPECT_EQ(shake_hands("2025-03-26"), "2025-03-26");
  session restarted{two_tools(), subject.checkpoint()};
  EXPECT_EQ(lines_of(restarted.on_line(list, now)).at(0).find("error"), std::string::npos);
  EXPECT_EQ(lines_of(restarted.on_line('[' + ping + ']', now)),
            std::vector<std::string>{R"([{"jsonrpc":"2.0","id":1,"result":{}}])"});
}

} // namespace
} // namespace nats_mcp::mcp::session_eras_test
