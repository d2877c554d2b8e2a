// SPDX-License-Identifier: MIT
// Every kind of line a client may send after a handshake, and what comes back for it.
#include "protocol/limits.hpp"

#include "tests/unit/protocol/mcp/session_fixture.hpp"

namespace nats_mcp::mcp::session_acceptance_test {
namespace {

class session_acceptance : public session_test {
protected:
  void SetUp() override { ASSERT_EQ(shake_hands("2025-11-25"), "2025-11-25"); }
};

const std::string pong = R"({"jsonrpc":"2.0","id":1,"result":{}})";
const std::string ping = R"({"jsonrpc":"2.0","id":1,"method":"ping"})";

TEST_F(session_acceptance, answers_ping_with_the_exact_empty_result) {
  EXPECT_EQ(answer_to(ping), pong);
}

TEST_F(session_acceptance, answers_broken_json_once_and_goes_on) {
  const auto answer = answer_to("{\"jsonrpc\":");
  EXPECT_EQ(answer.find("\"id\""), std::string::npos);
  EXPECT_NE(answer.find("-32700"), std::string::npos);
  EXPECT_EQ(answer_to(ping), pong);
}

TEST_F(session_acceptance, answers_broken_utf8_once_and_goes_on) {
  EXPECT_EQ(code_of("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"\xff\"}"), -32700);
  EXPECT_EQ(answer_to(ping), pong);
}

TEST_F(session_acceptance, refuses_what_is_no_message) {
  for (const auto* line : {"7", "\"ping\"", "null", "{}", R"({"jsonrpc":"2.0"})"}) {
    EXPECT_EQ(code_of(line), -32600) << line;
  }
}

TEST_F(session_acceptance, never_treats_an_illegal_id_as_a_notification) {
  for (const auto* id : {"null", "1.5", "true", "{}"}) {
    const auto answer =
      answer_to(R"({"jsonrpc":"2.0","id":)" + std::string{id} + R"(,"method":"ping"})");
    EXPECT_NE(answer.find("-32600"), std::string::npos) << id;
    EXPECT_EQ(answer.find("\"id\""), std::string::npos) << id;
  }
}

TEST_F(session_acceptance, repeats_every_legal_id_byte_for_byte) {
  for (const std::string id :
       {"0", "-1", R"("")", R"("1")", "9007199254740993", "123456789012345678901234567890"}) {
    EXPECT_EQ(answer_to(R"({"jsonrpc":"2.0","id":)" + id + R"(,"method":"ping"})"),
              R"({"jsonrpc":"2.0","id":)" + id + R"(,"result":{}})");
  }
}

TEST_F(session_acceptance, refuses_another_jsonrpc_version_under_the_id) {
  EXPECT_NE(answer_to(R"({"jsonrpc":"1.0","id":8,"method":"ping"})")
              .find(R"("id":8,"error":{"code":-32600)"),
            std::string::npos);
}

TEST_F(session_acceptance, ignores_extra_members_everywhere) {
  EXPECT_EQ(
    answer_to(R"({"jsonrpc":"2.0","id":1,"method":"ping","x":1,"params":{"y":2,"_meta":{"z":3}}})"),
    pong);
}

TEST_F(session_acceptance, refuses_parameters_that_are_an_array) {
  EXPECT_EQ(code_of(R"({"jsonrpc":"2.0","id":1,"method":"tools/list","params":[]})"), -32602);
}

TEST_F(session_acceptance, refuses_an_id_that_is_still_unanswered_and_runs_only_the_first) {
  const auto call = start(legacy_call("5", ""));
  const auto effects = tell(legacy_call("5", ""));
  EXPECT_TRUE(only<start_call>(effects).empty());
  const auto sent = only<send_line>(effects);
  ASSERT_EQ(sent.size(), 1U);
  EXPECT_NE(sent[0].line.find(R"("id":5,"error":{"code":-32600)"), std::string::npos);
  EXPECT_TRUE(sent[0].settles.empty()) << "the first request is still owed its answer";
  EXPECT_EQ(lines_of(subject.on_answer(call, says("done"), now)).size(), 1U);
}

TEST_F(session_acceptance, tells_the_number_from_the_string_with_the_same_digits) {
  const auto number = start(legacy_call("5", ""));
  const auto text = start(legacy_call(R"("5")", ""));
  EXPECT_NE(number, text);
  EXPECT_NE(lines_of(subject.on_answer(text, says("x"), now)).at(0).find(R"("id":"5")"),
            std::string::npos);
}

TEST_F(session_acceptance, serves_an_id_again_after_its_answer) {
  const auto first = start(legacy_call("5", ""));
  EXPECT_EQ(lines_of(subject.on_answer(first, says("x"), now)).size(), 1U);
  EXPECT_NE(start(legacy_call("5", "")), first);
}

TEST_F(session_acceptance, answers_unknown_methods_and_those_of_capabilities_it_lacks) {
  for (const auto* method :
       {"no/such", "resources/list", "prompts/list", "logging/setLevel", "completion/complete",
        "resources/subscribe", "tasks/list", "server/discover", "subscriptions/listen", "",
        "notifications/initialized"}) {
    EXPECT_EQ(code_of(R"({"jsonrpc":"2.0","id":1,"method":")" + std::string{method} + "\"}"),
              -32601)
      << method;
  }
}

TEST_F(session_acceptance, ignores_notifications_known_and_unknown) {
  for (const auto* method : {"notifications/initialized", "notifications/roots/list_changed",
                             "notifications/progress", "notifications/no_such", "ping", "x"}) {
    EXPECT_TRUE(tell(R"({"jsonrpc":"2.0","method":")" + std::string{method} + "\"}").empty())
      << method;
  }
}

TEST_F(session_acceptance, ignores_responses) {
  EXPECT_TRUE(tell(R"({"jsonrpc":"2.0","id":1,"result":{}})").empty());
  EXPECT_TRUE(tell(R"({"jsonrpc":"2.0","id":1,"error":{"code":-1,"message":"no"}})").empty());
}

TEST_F(session_acceptance, reports_an_overlong_line_once) {
  const auto lines = lines_of(subject.on_overlong_line(now));
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_NE(lines[0].find("-32600"), std::string::npos);
  EXPECT_NE(lines[0].find("10485760"), std::string::npos);
}

TEST_F(session_acceptance, answers_a_line_nested_too_deeply_under_its_id) {
  const auto deep = std::string(200, '[') + std::string(200, ']');
  EXPECT_NE(answer_to(R"({"jsonrpc":"2.0","id":"d","method":"ping","params":{"a":)" + deep + "}}")
              .find(R"("id":"d","error":{"code":-32600)"),
            std::string::npos);
}

TEST_F(session_acceptance, quotes_only_the_beginning_of_an_absurd_method) {
  EXPECT_LT(
    answer_to(R"({"jsonrpc":"2.0","id":1,"method":")" + std::string(100'000, 'm') + "\"}").size(),
    1000U);
}

} // namespace
} // namespace nats_mcp::mcp::session_acceptance_test
