// SPDX-License-Identifier: MIT
// subscriptions/listen: acknowledged, open until withdrawn, alive through a restart.
#include "protocol/limits.hpp"

#include "tests/unit/protocol/mcp/session_fixture.hpp"

namespace nats_mcp::mcp::session_streams_test {
namespace {

class session_streams : public session_test {
protected:
  static std::string listen(const std::string& id) {
    return modern_request(
      id, "subscriptions/listen",
      R"(,"notifications":{"toolsListChanged":true,"resourceSubscriptions":["a:b"]})");
  }

  static std::string cancel(const std::string& id) {
    return R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":)" + id
           + "}}";
  }
};

TEST_F(session_streams, are_saved_and_then_acknowledged_with_what_is_offered) {
  const auto effects = tell(listen(R"("listen:0")"));
  ASSERT_EQ(effects.size(), 3U);
  EXPECT_TRUE(std::holds_alternative<save_state>(effects[1]));
  EXPECT_EQ(
    std::get<send_line>(effects[2]).line,
    R"({"jsonrpc":"2.0","method":"notifications/subscriptions/acknowledged","params":{"_meta":)"
    R"({"io.modelcontextprotocol/subscriptionId":"listen:0"},"notifications":{}}})");
  EXPECT_EQ(subject.calls_in_flight(), 0U);
}

TEST_F(session_streams, may_be_several_at_once_each_under_its_own_id) {
  EXPECT_NE(answer_to(listen("1")).find(R"(subscriptionId":1})"), std::string::npos);
  EXPECT_NE(answer_to(listen(R"("1")")).find(R"(subscriptionId":"1"})"), std::string::npos);
  EXPECT_EQ(subject.checkpoint().streams.size(), 2U);
}

TEST_F(session_streams, need_a_filter) {
  EXPECT_EQ(code_of(modern_request("1", "subscriptions/listen", "")), -32602);
  EXPECT_EQ(code_of(modern_request("1", "subscriptions/listen",
                                   R"(,"notifications":{"toolsListChanged":0})")),
            -32602);
  EXPECT_TRUE(subject.checkpoint().streams.empty());
}

TEST_F(session_streams, keep_their_id_while_they_are_open) {
  EXPECT_EQ(ask(listen("1")).size(), 1U);
  EXPECT_EQ(code_of(listen("1")), -32600);
  EXPECT_EQ(subject.checkpoint().streams.size(), 1U);
}

TEST_F(session_streams, end_silently_when_they_are_withdrawn) {
  EXPECT_EQ(ask(listen("1")).size(), 1U);
  const auto effects = tell(cancel("1"));
  EXPECT_TRUE(lines_of(effects).empty());
  EXPECT_EQ(only<save_state>(effects).size(), 1U);
  EXPECT_EQ(only<send_line>(effects).at(0).settles.at(0).text, "1");
  EXPECT_TRUE(subject.checkpoint().streams.empty());
  EXPECT_TRUE(subject.finish("The server is stopping.").empty());
}

TEST_F(session_streams, get_their_result_when_the_server_ends) {
  EXPECT_EQ(ask(listen(R"("listen:0")")).size(), 1U);
  EXPECT_EQ(
    lines_of(subject.finish("The server is stopping.")),
    std::vector<std::string>{
      R"({"jsonrpc":"2.0","id":"listen:0","result":{"resultType":"complete","_meta":)"
      R"({"io.modelcontextprotocol/subscriptionId":"listen:0",)"
      R"("io.modelcontextprotocol/serverInfo":{"name":"nats-mcp-server","version":"1.0"}}}})"});
}

TEST_F(session_streams, owe_their_result_to_whoever_is_left_at_the_end) {
  const auto owed = only<owe>(tell(listen("1")));
  ASSERT_EQ(owed.size(), 1U);
  EXPECT_TRUE(owed[0].answer.outlives_its_session());
  const auto sent = only<send_line>(subject.finish("The server is stopping."));
  ASSERT_EQ(sent.size(), 1U);
  EXPECT_EQ(owed[0].answer.at_the_end, sent[0].line);
  EXPECT_EQ(sent[0].settles, std::vector{owed[0].answer.id});
}

TEST_F(session_streams, stay_open_through_a_restart) {
  EXPECT_EQ(ask(listen("1")).size(), 1U);
  session restarted{two_tools(), subject.checkpoint()};
  EXPECT_EQ(
    lines_of(restarted.on_line(listen("1"), now)).at(0).find(R"({"jsonrpc":"2.0","id":1,"error")"),
    0U);
  EXPECT_EQ(lines_of(restarted.finish("The server is stopping.")).size(), 1U);
}

TEST_F(session_streams, are_refused_beyond_the_bound) {
  for (std::size_t i = 0; i < limits::listen_streams_max; ++i) {
    EXPECT_EQ(ask(listen(std::to_string(i))).size(), 1U);
  }
  EXPECT_EQ(code_of(listen(R"("more")")), -32603);
  EXPECT_TRUE(ask(cancel("0")).empty());
  EXPECT_EQ(code_of(listen(R"("more")")), 0);
}

} // namespace
} // namespace nats_mcp::mcp::session_streams_test
