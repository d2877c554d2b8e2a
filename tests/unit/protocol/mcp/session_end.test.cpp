// SPDX-License-Identifier: MIT
// The end of a conversation: nobody is left waiting.
#include "tests/unit/protocol/mcp/session_fixture.hpp"

namespace nats_mcp::mcp::session_end_test {
namespace {

class session_end : public session_test {
protected:
  void SetUp() override { ASSERT_EQ(shake_hands("2025-03-26"), "2025-03-26"); }
};

TEST_F(session_end, answers_and_cancels_every_running_call_in_order) {
  const auto first = start(legacy_call("1", ""));
  const auto second = start(modern_request("2", "tools/call", R"(,"name":"wait")"));
  const auto effects = subject.finish("The server is stopping.");
  const auto sent = only<send_line>(effects);
  ASSERT_EQ(sent.size(), 2U);
  EXPECT_EQ(sent[0].line,
            R"({"jsonrpc":"2.0","id":1,"result":{"content":[{"type":"text","text":"The server is )"
            R"(stopping."}],"isError":true}})");
  EXPECT_NE(sent[1].line.find(R"("id":2,"result":{"resultType":"complete")"), std::string::npos);
  EXPECT_EQ(sent[1].settles.at(0).text, "2");
  const auto cancelled = only<cancel_call>(effects);
  ASSERT_EQ(cancelled.size(), 2U);
  EXPECT_EQ(cancelled[0].call, first);
  EXPECT_EQ(cancelled[1].call, second);
  EXPECT_EQ(subject.calls_in_flight(), 0U);
}

TEST_F(session_end, completes_open_batches) {
  EXPECT_TRUE(ask('[' + legacy_call("1", "") + ',' + legacy_call("2", "") + ']').empty());
  const auto lines = lines_of(subject.finish("The server is stopping."));
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_EQ(json::parse(lines[0]).value().size(), 2U);
}

TEST_F(session_end, ignores_what_comes_from_tools_afterwards) {
  const auto call = start(legacy_call("1", R"(,"_meta":{"progressToken":1})"));
  EXPECT_EQ(lines_of(subject.finish("The server is stopping.")).size(), 1U);
  EXPECT_TRUE(subject.on_answer(call, says("late"), now).empty());
  EXPECT_TRUE(subject.on_progress(call, {1, std::nullopt, ""}, now).empty());
  EXPECT_TRUE(subject.finish("The server is stopping.").empty());
}

TEST_F(session_end, starts_nothing_more_but_still_answers) {
  EXPECT_TRUE(subject.finish("The server is stopping.").empty());
  const auto effects = tell(legacy_call("1", ""));
  EXPECT_TRUE(only<start_call>(effects).empty());
  EXPECT_NE(lines_of(effects).at(0).find("The server is stopping."), std::string::npos);
  EXPECT_EQ(code_of(modern_request("2", "subscriptions/listen", R"(,"notifications":{})")), -32603);
  EXPECT_EQ(code_of(R"({"jsonrpc":"2.0","id":3,"method":"ping"})"), 0);
}

} // namespace
} // namespace nats_mcp::mcp::session_end_test
