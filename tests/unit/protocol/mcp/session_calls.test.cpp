// SPDX-License-Identifier: MIT
// Tool calls from the request to the answer: parameters, results, progress, withdrawal, the bound.
#include "protocol/limits.hpp"

#include "tests/unit/protocol/mcp/session_fixture.hpp"

namespace nats_mcp::mcp::session_calls_test {
namespace {

using namespace std::chrono_literals;

class session_calls : public session_test {
protected:
  void SetUp() override { ASSERT_EQ(shake_hands("2025-11-25"), "2025-11-25"); }

  std::string answered(call_id call, const tool_answer& answer) {
    const auto lines = lines_of(subject.on_answer(call, answer, now));
    return lines.size() == 1 ? lines.front() : std::string{};
  }

  static std::string cancel(const std::string& id) {
    return R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":)" + id
           + R"(,"reason":"AbortError: user-cancel"}})";
  }
};

TEST_F(session_calls, owe_an_answer_before_they_start) {
  const auto effects = tell(legacy_call("5", ""));
  ASSERT_EQ(effects.size(), 2U);
  const auto* promise = std::get_if<owe>(&effects[0]);
  const auto* started = std::get_if<start_call>(&effects[1]);
  ASSERT_NE(promise, nullptr);
  ASSERT_NE(started, nullptr);
  EXPECT_EQ(promise->answer,
            (owed_answer{{jsonrpc::request_id::kind::integer, "5"}, era::legacy, std::nullopt}));
  EXPECT_EQ(started->tool, "echo");
  EXPECT_EQ(json::write(started->arguments), R"({"a":1})");
  EXPECT_FALSE(started->wants_progress);
  EXPECT_EQ(subject.calls_in_flight(), 1U);
}

TEST_F(session_calls, settle_what_they_owe_with_their_answer) {
  const auto sent =
    only<send_line>(subject.on_answer(start(legacy_call("5", "")), says("hi"), now));
  ASSERT_EQ(sent.size(), 1U);
  EXPECT_EQ(sent[0].line,
            R"({"jsonrpc":"2.0","id":5,"result":{"content":[{"type":"text","text":"hi"}]}})");
  EXPECT_EQ(sent[0].settles,
            (std::vector{jsonrpc::request_id{jsonrpc::request_id::kind::integer, "5"}}));
  EXPECT_EQ(subject.calls_in_flight(), 0U);
}

TEST_F(session_calls, are_named_by_the_line_that_carries_their_answer) {
  const auto call = start(legacy_call("5", ""));
  EXPECT_EQ(only<send_line>(subject.on_answer(call, says("hi"), now)).at(0).carries,
            std::vector{call});
  const auto long_one = start(legacy_call("6", ""));
  const auto huge = says(std::string(limits::line_bytes_max, 'x'));
  EXPECT_TRUE(only<send_line>(subject.on_answer(long_one, huge, now)).at(0).carries.empty());
}

TEST_F(session_calls, count_from_the_number_they_are_given) {
  auto options = two_tools();
  options.first_call = 100;
  session later{options, subject.checkpoint()};
  EXPECT_EQ(only<start_call>(later.on_line(legacy_call("1", ""), now)).at(0).call, call_id{100});
  EXPECT_EQ(only<start_call>(later.on_line(legacy_call("2", ""), now)).at(0).call, call_id{101});
}

TEST_F(session_calls, take_missing_arguments_for_none) {
  const auto started = only<start_call>(
    tell(R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"wait"}})"));
  ASSERT_EQ(started.size(), 1U);
  EXPECT_EQ(started[0].arguments, json::value::object());
}

TEST_F(session_calls, are_refused_for_parameters_of_the_wrong_form) {
  for (const auto* params : {"{}", R"({"name":7})", R"({"name":"echo","arguments":[]})",
                             R"({"name":"echo","arguments":null})", R"({"name":"ECHO"})",
                             R"({"name":"echo","_meta":{"progressToken":1.5}})",
                             R"({"name":"echo","_meta":{"progressToken":null}})"}) {
    EXPECT_EQ(code_of(R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":)"
                      + std::string{params} + "}"),
              -32602)
      << params;
  }
  EXPECT_EQ(subject.calls_in_flight(), 0U);
}

TEST_F(session_calls, name_an_unknown_tool) {
  EXPECT_NE(
    answer_to(R"({"jsonrpc":"2.0","id":4,"method":"tools/call","params":{"name":"job_strat"}})")
      .find(R"("code":-32602,"message":"Unknown tool: job_strat)"),
    std::string::npos);
}

TEST_F(session_calls, say_when_a_tool_failed) {
  auto failed = says("no");
  failed.is_error = true;
  EXPECT_EQ(
    answered(start(legacy_call("1", "")), failed),
    R"({"jsonrpc":"2.0","id":1,"result":{"content":[{"type":"text","text":"no"}],"isError":true}})");
}

TEST_F(session_calls, carry_structured_facts_beside_the_text) {
  auto answer = says("a is 1");
  answer.structured = json::value{{"a", 1}};
  EXPECT_EQ(answered(start(legacy_call("1", "")), answer),
            R"({"jsonrpc":"2.0","id":1,"result":{"content":[{"type":"text","text":"a is 1"}],)"
            R"("structuredContent":{"a":1}}})");
}

TEST_F(session_calls, repeat_structured_facts_as_text_when_there_is_none) {
  tool_answer answer;
  answer.structured = json::value::array({1, 2});
  EXPECT_EQ(answered(start(legacy_call("1", "")), answer),
            R"({"jsonrpc":"2.0","id":1,"result":{"content":[{"type":"text","text":"[1,2]"}]}})")
    << "a legacy client takes only objects as structured content";
  EXPECT_NE(answered(start(modern_request("1", "tools/call", R"(,"name":"echo")")), answer)
              .find(R"("structuredContent":[1,2])"),
            std::string::npos);
}

TEST_F(session_calls, answer_modern_requests_in_the_modern_form) {
  EXPECT_EQ(
    answered(start(modern_request("1", "tools/call", R"(,"name":"echo")")), says("hi")),
    R"({"jsonrpc":"2.0","id":1,"result":{"resultType":"complete","content":[{"type":"text",)"
    R"("text":"hi"}],"_meta":{"io.modelcontextprotocol/serverInfo":{"name":"nats-mcp-server",)"
    R"("version":"1.0"}}}})");
}

TEST_F(session_calls, show_an_empty_answer_as_empty_content) {
  EXPECT_EQ(answered(start(legacy_call("1", "")), {}),
            R"({"jsonrpc":"2.0","id":1,"result":{"content":[]}})");
}

TEST_F(session_calls, keep_broken_text_of_a_tool_from_breaking_the_line) {
  const auto line = answered(start(legacy_call("1", "")), says("a\nb\xff\0c"));
  EXPECT_EQ(line.find('\n'), std::string::npos);
  EXPECT_TRUE(json::parse(line));
}

TEST_F(session_calls, replace_an_answer_that_fits_into_no_message) {
  const auto line =
    answered(start(legacy_call("1", "")), says(std::string(limits::line_bytes_max, 'x')));
  EXPECT_LT(line.size(), 1000U);
  EXPECT_NE(line.find("\"isError\":true"), std::string::npos);
  EXPECT_NE(line.find("The answer of echo has"), std::string::npos);
}

TEST_F(session_calls, ignore_a_second_answer_and_one_to_nobody) {
  const auto call = start(legacy_call("1", ""));
  EXPECT_EQ(subject.on_answer(call, says("x"), now).size(), 1U);
  EXPECT_TRUE(subject.on_answer(call, says("x"), now).empty());
  EXPECT_TRUE(subject.on_answer(call_id{999}, says("x"), now).empty());
}

TEST_F(session_calls, pass_progress_on_under_the_clients_token) {
  for (const std::string token : {"2", R"("2")"}) {
    const auto call = start(legacy_call("7", R"(,"_meta":{"progressToken":)" + token + "}"));
    EXPECT_EQ(lines_of(subject.on_progress(call, {3, 9, "linking"}, now)),
              std::vector<std::string>{
                R"({"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":)"
                + token + R"(,"progress":3,"total":9,"message":"linking"}})"});
    now += 1s;
    EXPECT_EQ(lines_of(subject.on_progress(call, {3.5, std::nullopt, ""}, now)),
              std::vector<std::string>{
                R"({"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":)"
                + token + R"(,"progress":3.5}})"});
    EXPECT_EQ(subject.on_answer(call, says("x"), now).size(), 1U);
    EXPECT_TRUE(subject.on_progress(call, {4, std::nullopt, ""}, now + 1s).empty());
  }
}

TEST_F(session_calls, tell_the_tool_whether_progress_is_wanted) {
  EXPECT_TRUE(only<start_call>(tell(legacy_call("1", R"(,"_meta":{"progressToken":0})")))
                .at(0)
                .wants_progress);
  const auto quiet = start(legacy_call("2", ""));
  EXPECT_TRUE(subject.on_progress(quiet, {1, std::nullopt, ""}, now).empty());
}

TEST_F(session_calls, end_silently_when_they_are_withdrawn) {
  const auto call = start(legacy_call("4", R"(,"_meta":{"progressToken":1})"));
  const auto effects = tell(cancel("4"));
  ASSERT_EQ(effects.size(), 2U);
  EXPECT_EQ(std::get<send_line>(effects[0]).line, "");
  EXPECT_EQ(std::get<send_line>(effects[0]).settles.at(0).text, "4");
  EXPECT_EQ(std::get<cancel_call>(effects[1]).call, call);
  EXPECT_TRUE(subject.on_progress(call, {1, std::nullopt, ""}, now).empty());
  EXPECT_TRUE(subject.on_answer(call, says("late"), now).empty());
}

TEST_F(session_calls, are_withdrawn_by_type_and_value_of_the_id) {
  const auto call = start(legacy_call("4", ""));
  for (const auto* other : {R"("4")", "5", "null", "4.0", "{}"}) {
    EXPECT_TRUE(tell(cancel(other)).empty()) << other;
  }
  EXPECT_TRUE(tell(R"({"jsonrpc":"2.0","method":"notifications/cancelled"})").empty());
  EXPECT_EQ(subject.on_answer(call, says("x"), now).size(), 1U);
  EXPECT_TRUE(tell(cancel("4")).empty()) << "answered already";
}

TEST_F(session_calls, are_withdrawn_under_an_id_beyond_64_bits) {
  const std::string id = "123456789012345678901234567890";
  const auto call = start(legacy_call(id, ""));
  EXPECT_EQ(only<cancel_call>(tell(cancel(id))).at(0).call, call);
}

TEST_F(session_calls, are_answered_busy_beyond_the_bound_and_served_again_below_it) {
  call_id last{};
  for (std::size_t i = 0; i < limits::calls_in_flight_max; ++i) {
    last = start(legacy_call(std::to_string(i), ""));
  }
  const auto effects = tell(legacy_call(R"("more")", ""));
  EXPECT_TRUE(only<start_call>(effects).empty());
  EXPECT_TRUE(only<owe>(effects).empty());
  const auto line = lines_of(effects).at(0);
  EXPECT_NE(line.find("Busy: 4096 tool calls"), std::string::npos);
  EXPECT_NE(line.find("\"isError\":true"), std::string::npos);
  EXPECT_EQ(answer_to(R"({"jsonrpc":"2.0","id":"p","method":"ping"})"),
            R"({"jsonrpc":"2.0","id":"p","result":{}})");
  EXPECT_EQ(subject.on_answer(last, says("x"), now).size(), 1U);
  EXPECT_EQ(only<start_call>(tell(legacy_call(R"("more")", ""))).size(), 1U);
}

} // namespace
} // namespace nats_mcp::mcp::session_calls_test
