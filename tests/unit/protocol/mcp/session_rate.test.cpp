// SPDX-License-Identifier: MIT
// A client that calls tools without end is told so in words, and everything that is no tool call
// goes on.
#include "protocol/json/member.hpp"

#include "tests/unit/protocol/mcp/session_fixture.hpp"

namespace nats_mcp::mcp::session_rate_test {
namespace {

using namespace std::chrono_literals;

session_options limited() {
  auto options = with_resources();
  options.calls_per_second = 1;
  return options;
}

class session_rate : public session_test {
protected:
  session_rate()
    : session_test{limited()} {
    shake_hands("2025-03-26");
  }

  /// Makes every call there is at once.
  void use_up(int count = 60) {
    for (int i = 0; i < count; ++i) {
      start(legacy_call(std::to_string(++last_id_), ""));
    }
  }

  json::value result_of(std::string_view line) {
    const auto answer = json::parse(answer_to(line)).value();
    const auto* result = json::find(answer, "result");
    EXPECT_NE(result, nullptr) << json::write(answer);
    return result == nullptr ? json::value::object() : *result;
  }

  int last_id_ = 1000;
};

TEST_F(session_rate, refuses_a_call_too_many_in_words_and_no_error_of_the_protocol) {
  use_up();
  now += 250ms;
  const auto effects = tell(legacy_call("1", ""));
  EXPECT_TRUE(only<start_call>(effects).empty());
  EXPECT_TRUE(only<owe>(effects).empty());
  const auto result = *json::find(json::parse(lines_of(effects).at(0)).value(), "result");
  EXPECT_TRUE(json::true_member(result, "isError"));
  EXPECT_EQ(json::text_member(json::find(result, "content")->front(), "text"),
            "Too many calls: this session may make 1 a second in the long run, and 60 at once. "
            "echo was not started and nothing happened. Try again in 0.8 seconds. "
            "NATS_MCP_CALL_RATE allows more to who needs it.");
}

TEST_F(session_rate, starts_the_call_when_the_time_it_named_has_passed) {
  use_up();
  EXPECT_NE(answer_to(legacy_call("1", "")).find("Try again in 1.0 seconds."), std::string::npos);
  now += 1s;
  EXPECT_EQ(only<start_call>(tell(legacy_call("2", ""))).size(), 1U);
}

TEST_F(session_rate, keeps_its_words_in_both_eras) {
  use_up();
  const auto result = result_of(modern_request("1", "tools/call", R"(,"name":"echo")"));
  EXPECT_TRUE(json::true_member(result, "isError"));
  EXPECT_EQ(json::text_member(result, "resultType"), "complete");
}

TEST_F(session_rate, refuses_single_members_of_a_batch) {
  use_up(59);
  const auto effects = tell("[" + legacy_call("1", "") + "," + legacy_call("2", "") + "]");
  const auto started = only<start_call>(effects);
  ASSERT_EQ(started.size(), 1U) << "the last one";
  const auto lines = lines_of(subject.on_answer(started.front().call, says("done"), now));
  ASSERT_EQ(lines.size(), 1U);
  const auto answers = json::parse(lines.front()).value();
  ASSERT_EQ(answers.size(), 2U);
  EXPECT_NE(lines.front().find("Too many calls"), std::string::npos);
  EXPECT_NE(lines.front().find("done"), std::string::npos);
}

TEST_F(session_rate, is_not_used_up_by_anything_else) {
  for (int i = 0; i < 100; ++i) {
    const auto id = std::to_string(i);
    EXPECT_EQ(code_of(R"({"jsonrpc":"2.0","id":)" + id + R"(,"method":"ping"})"), 0);
    EXPECT_EQ(code_of(R"({"jsonrpc":"2.0","id":)" + id + R"(,"method":"tools/list"})"), 0);
    EXPECT_EQ(code_of(R"({"jsonrpc":"2.0","id":)" + id
                      + R"(,"method":"tools/call","params":{"name":"no such tool"}})"),
              -32602);
  }
  use_up();
}

TEST_F(session_rate, stops_nothing_but_tool_calls) {
  use_up();
  EXPECT_EQ(code_of(R"({"jsonrpc":"2.0","id":1,"method":"ping"})"), 0);
  EXPECT_EQ(code_of(R"({"jsonrpc":"2.0","id":2,"method":"tools/list"})"), 0);
  EXPECT_EQ(code_of(R"({"jsonrpc":"2.0","id":3,"method":"prompts/get","params":{"name":"check"}})"),
            0);
  EXPECT_EQ(shake_hands("2025-11-25"), "2025-11-25");
  const auto withdrawn =
    tell(R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1001}})");
  EXPECT_EQ(only<cancel_call>(withdrawn).size(), 1U);
  const auto reading = only<read_resource>(
    tell(R"({"jsonrpc":"2.0","id":4,"method":"resources/read","params":{"uri":"x://inbox"}})"));
  EXPECT_EQ(reading.size(), 1U);
}

TEST_F(session_rate, does_not_count_the_time_a_call_waits) {
  const auto waiting = start(legacy_call("1", ""));
  use_up(59);
  now += 1h;
  EXPECT_EQ(lines_of(subject.on_answer(waiting, says("at last"), now)).size(), 1U);
  use_up();
}

class unlimited_session : public session_test {};

TEST_F(unlimited_session, starts_every_call) {
  shake_hands("2025-11-25");
  for (int i = 0; i < 10'000; ++i) {
    const auto call = start(legacy_call(std::to_string(i), ""));
    ASSERT_EQ(lines_of(subject.on_answer(call, says("ok"), now)).size(), 1U);
  }
}

} // namespace
} // namespace nats_mcp::mcp::session_rate_test
