// SPDX-License-Identifier: MIT
// Batches: one array of answers under 2025-03-26, one refusal everywhere else.
#include "protocol/limits.hpp"

#include "tests/unit/protocol/mcp/session_fixture.hpp"

namespace nats_mcp::mcp::session_batches_test {
namespace {

const std::string ping = R"({"jsonrpc":"2.0","id":"p","method":"ping"})";
const std::string pong = R"({"jsonrpc":"2.0","id":"p","result":{}})";
const std::string note = R"({"jsonrpc":"2.0","method":"notifications/x"})";

class session_batches : public session_test {
protected:
  void SetUp() override { ASSERT_EQ(shake_hands("2025-03-26"), "2025-03-26"); }

  static std::string batch_of(std::initializer_list<std::string> members) {
    std::string line = "[";
    for (const auto& member : members) {
      line += line.size() == 1 ? "" : ",";
      line += member;
    }
    return line + "]";
  }

  static std::string result_of(const std::string& id, const std::string& text) {
    return R"({"jsonrpc":"2.0","id":)" + id + R"(,"result":{"content":[{"type":"text","text":")"
           + text + R"("}]}})";
  }
};

TEST_F(session_test, refuses_a_batch_in_every_other_state_with_one_error) {
  const auto refused = [this] {
    const auto answer = answer_to('[' + ping + ',' + ping + ']');
    return answer.find(R"({"jsonrpc":"2.0","error":{"code":-32600)") == 0;
  };
  EXPECT_TRUE(refused()) << "no handshake";
  for (const auto* version : {"2024-11-05", "2025-06-18", "2025-11-25"}) {
    EXPECT_EQ(shake_hands(version), version);
    EXPECT_TRUE(refused()) << version;
  }
}

TEST_F(session_batches, are_answered_in_one_array_without_the_notifications) {
  EXPECT_EQ(ask(batch_of({ping, note, ping})), std::vector<std::string>{batch_of({pong, pong})});
}

TEST_F(session_batches, get_no_line_when_nothing_is_to_be_answered) {
  EXPECT_TRUE(tell(batch_of({note, note})).empty());
}

TEST_F(session_batches, are_refused_as_one_when_empty) {
  EXPECT_EQ(answer_to("[]").find(R"({"jsonrpc":"2.0","error":{"code":-32600)"), 0U);
}

TEST_F(session_batches, answer_each_broken_member) {
  const auto answer =
    json::parse(answer_to(batch_of({"1", ping, R"({"jsonrpc":"2.0","id":3})"}))).value();
  ASSERT_EQ(answer.size(), 3U);
  EXPECT_EQ(json::find(answer[0], "id"), nullptr);
  EXPECT_EQ(*json::find(answer[2], "id"), 3);
}

TEST_F(session_batches, may_not_contain_a_handshake) {
  const auto answer = answer_to(batch_of(
    {R"({"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25"}})"}));
  EXPECT_EQ(answer.find(R"([{"jsonrpc":"2.0","id":1,"error":{"code":-32600)"), 0U);
  EXPECT_EQ(subject.checkpoint().legacy_version, "2025-03-26");
}

TEST_F(session_batches, may_not_contain_modern_requests) {
  EXPECT_EQ(answer_to(batch_of({modern_request("1", "tools/list", "")}))
              .find(R"([{"jsonrpc":"2.0","id":1,"error":{"code":-32600)"),
            0U);
}

TEST_F(session_batches, wait_for_their_last_answer) {
  const auto effects = tell(batch_of({legacy_call("1", ""), ping, legacy_call("2", "")}));
  EXPECT_TRUE(lines_of(effects).empty());
  const auto calls = only<start_call>(effects);
  ASSERT_EQ(calls.size(), 2U);
  EXPECT_TRUE(subject.on_answer(calls[1].call, says("b"), now).empty());
  const auto sent = only<send_line>(subject.on_answer(calls[0].call, says("a"), now));
  ASSERT_EQ(sent.size(), 1U);
  EXPECT_EQ(sent[0].line, batch_of({pong, result_of("2", "b"), result_of("1", "a")}));
  EXPECT_EQ(sent[0].settles.size(), 3U);
  EXPECT_EQ(sent[0].carries, (std::vector{calls[1].call, calls[0].call}));
}

TEST_F(session_batches, owe_all_their_answers_before_anything_starts) {
  const auto effects = tell(batch_of({ping, legacy_call("1", "")}));
  ASSERT_EQ(effects.size(), 3U);
  EXPECT_EQ(std::get<owe>(effects[0]).answer.id.text, "p");
  EXPECT_EQ(std::get<owe>(effects[1]).answer.id.text, "1");
  EXPECT_EQ(std::get<owe>(effects[1]).answer.batch, std::get<owe>(effects[0]).answer.batch);
  EXPECT_TRUE(std::holds_alternative<start_call>(effects[2]));
  EXPECT_TRUE(only<owe>(tell(batch_of({ping}))).empty()) << "answered at once";
}

TEST_F(session_batches, go_out_without_a_withdrawn_member) {
  const auto effects = tell(batch_of({legacy_call("1", ""), legacy_call("2", "")}));
  const auto calls = only<start_call>(effects);
  EXPECT_TRUE(subject.on_answer(calls.at(0).call, says("a"), now).empty());
  const auto withdrawn =
    tell(R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":2}})");
  EXPECT_EQ(lines_of(withdrawn), std::vector<std::string>{batch_of({result_of("1", "a")})});
}

TEST_F(session_batches, get_no_line_when_every_member_is_withdrawn) {
  const auto effects = tell(
    batch_of({legacy_call("1", ""),
              R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}})"}));
  EXPECT_TRUE(lines_of(effects).empty());
  EXPECT_EQ(only<cancel_call>(effects).size(), 1U);
  EXPECT_EQ(subject.calls_in_flight(), 0U);
}

TEST_F(session_batches, refuse_an_id_that_is_in_use_and_still_wait_for_its_owner) {
  const auto effects =
    tell(batch_of({legacy_call("1", ""), R"({"jsonrpc":"2.0","id":1,"method":"ping"})"}));
  EXPECT_TRUE(lines_of(effects).empty());
  const auto lines =
    lines_of(subject.on_answer(only<start_call>(effects).at(0).call, says("a"), now));
  ASSERT_EQ(lines.size(), 1U);
  const auto answers = json::parse(lines[0]).value();
  ASSERT_EQ(answers.size(), 2U);
  EXPECT_NE(json::find(answers[0], "error"), nullptr);
  EXPECT_NE(json::find(answers[1], "result"), nullptr);
}

TEST_F(session_batches, never_grow_beyond_a_line) {
  std::string line = "[";
  for (std::size_t i = 0; i < limits::batch_members_max; ++i) {
    line += (i == 0 ? "" : ",") + legacy_call(std::to_string(i), "");
  }
  const auto calls = only<start_call>(tell(line + "]"));
  ASSERT_EQ(calls.size(), limits::batch_members_max);
  std::vector<std::string> lines;
  for (const auto& call : calls) {
    lines = lines_of(subject.on_answer(call.call, says(std::string(100'000, 'x')), now));
  }
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_LT(lines[0].size(), limits::line_bytes_max);
  EXPECT_EQ(json::parse(lines[0]).value().size(), limits::batch_members_max);
}

TEST_F(session_batches, that_wait_for_a_tool_owe_the_answers_to_refused_members_too) {
  const auto effects = tell(
    batch_of({legacy_call("1", ""), R"({"jsonrpc":"2.0","id":2,"method":"ping","params":7})"}));
  std::vector<owed_answer> owed;
  for (const auto& promise : only<owe>(effects)) {
    owed.push_back(promise.answer);
  }
  const auto answers = json::parse(answers_after_crash(owed).at(0)).value();
  ASSERT_EQ(answers.size(), 2U) << "the session dies before the tool answers";
  EXPECT_EQ(*json::find(answers[1], "id"), 2);
  const auto sent =
    only<send_line>(subject.on_answer(only<start_call>(effects).at(0).call, says("a"), now));
  ASSERT_EQ(sent.size(), 1U);
  EXPECT_EQ(sent[0].settles.size(), 2U);
  EXPECT_EQ(json::parse(sent[0].line).value().size(), 2U);
}

} // namespace
} // namespace nats_mcp::mcp::session_batches_test
