// SPDX-License-Identifier: MIT
// resources/list, resources/read and their bounds: every read has one answer, whatever becomes of
// it.
#include "protocol/limits.hpp"

#include "tests/unit/protocol/mcp/session_fixture.hpp"

namespace nats_mcp::mcp::session_resources_test {
namespace {

class session_resources : public session_test {
protected:
  session_resources()
    : session_test{with_resources()} {}

  static std::string legacy(const std::string& id, const std::string& method,
                            const std::string& params) {
    return R"({"jsonrpc":"2.0","id":)" + id + R"(,"method":")" + method + R"(","params":{)" + params
           + "}}";
  }

  static std::string legacy_read(const std::string& id) {
    return legacy(id, "resources/read", R"("uri":"x://inbox")");
  }

  static std::string modern_read(const std::string& id) {
    return modern_request(id, "resources/read", R"(,"uri":"x://inbox")");
  }

  call_id begin(const std::string& line) {
    const auto started = only<read_resource>(tell(line));
    EXPECT_EQ(started.size(), 1U);
    return started.empty() ? call_id{} : started.front().call;
  }
};

TEST_F(session_resources, are_advertised_in_both_eras_together_with_subscriptions_and_prompts) {
  constexpr auto capabilities =
    R"("capabilities":{"tools":{},"resources":{"subscribe":true},"prompts":{}})";
  EXPECT_NE(
    answer_to(legacy("0", "initialize", R"("protocolVersion":"2025-11-25")")).find(capabilities),
    std::string::npos);
  EXPECT_NE(answer_to(modern_request("1", "server/discover", "")).find(capabilities),
            std::string::npos);
}

TEST_F(session_resources, do_not_exist_where_there_are_none) {
  session bare{two_tools(), {}};
  for (const auto* method : {"resources/list", "resources/read", "resources/templates/list",
                             "prompts/list", "prompts/get"}) {
    const auto lines = lines_of(bare.on_line(modern_request("1", method, ""), now));
    EXPECT_NE(lines.at(0).find("-32601"), std::string::npos) << method;
  }
}

TEST_F(session_resources, are_listed_with_their_template) {
  shake_hands("2025-11-25");
  EXPECT_EQ(answer_to(legacy("1", "resources/list", "")),
            R"({"jsonrpc":"2.0","id":1,"result":{"resources":[{"uri":"x://inbox",)"
            R"("name":"x://inbox"},{"uri":"x://news","name":"x://news"}]}})");
  EXPECT_EQ(answer_to(modern_request("2", "resources/templates/list", "")),
            R"({"jsonrpc":"2.0","id":2,"result":{"resultType":"complete","resourceTemplates":)"
            R"([{"uriTemplate":"x://{name}","name":"any"}],"ttlMs":300000,"cacheScope":"public",)"
            R"("_meta":{"io.modelcontextprotocol/serverInfo":{"name":"nats-mcp-server",)"
            R"("version":"1.0"}}}})");
  EXPECT_NE(answer_to(modern_request("3", "resources/list", ""))
              .find(R"("ttlMs":300000,"cacheScope":"private")"),
            std::string::npos)
    << "it names the channels of one project";
  EXPECT_EQ(code_of(legacy("4", "resources/list", R"("cursor":"x")")), -32602);
}

TEST_F(session_resources, are_owed_read_and_answered_as_markdown) {
  shake_hands("2025-11-25");
  const auto effects = tell(legacy_read("1"));
  ASSERT_EQ(effects.size(), 2U);
  EXPECT_EQ(std::get<owe>(effects[0]).answer.id.text, "1");
  const auto& read = std::get<read_resource>(effects[1]);
  EXPECT_EQ(read.uri, "x://inbox");
  EXPECT_EQ(subject.calls_in_flight(), 1U);
  const auto answered = only<send_line>(subject.on_resource(read.call, "No *news*.", now));
  ASSERT_EQ(answered.size(), 1U);
  EXPECT_EQ(answered[0].line, R"({"jsonrpc":"2.0","id":1,"result":{"contents":[{"uri":"x://inbox",)"
                              R"("mimeType":"text/markdown","text":"No *news*."}]}})");
  EXPECT_EQ(answered[0].settles.size(), 1U);
  EXPECT_EQ(subject.calls_in_flight(), 0U);
  EXPECT_TRUE(subject.on_resource(read.call, "again", now).empty());
}

TEST_F(session_resources, are_never_to_be_kept_by_a_modern_client) {
  const auto call = begin(modern_read("1"));
  EXPECT_NE(lines_of(subject.on_resource(call, "text", now))
              .at(0)
              .find(R"(}],"ttlMs":0,"cacheScope":"private","_meta":{)"),
            std::string::npos);
}

TEST_F(session_resources, that_are_unknown_are_named_and_nothing_is_read) {
  shake_hands("2025-11-25");
  for (const auto& line : {legacy("1", "resources/read", R"("uri":"x://INBOX")"),
                           legacy("1", "resources/subscribe", R"("uri":"x://INBOX")"),
                           legacy("1", "resources/unsubscribe", R"("uri":"x://INBOX")"),
                           modern_request("1", "resources/read", R"(,"uri":"x://INBOX")")}) {
    EXPECT_EQ(answer_to(line),
              R"({"jsonrpc":"2.0","id":1,"error":{"code":-32602,"message":"Resource not found: )"
              R"(x://INBOX. resources/list names the resources there are.","data":)"
              R"({"uri":"x://INBOX"}}})");
  }
  EXPECT_EQ(code_of(modern_request("2", "resources/read", "")), -32602);
  EXPECT_EQ(code_of(modern_request("3", "resources/read", R"(,"uri":7)")), -32602);
  EXPECT_EQ(subject.calls_in_flight(), 0U);
}

TEST_F(session_resources, that_cannot_be_read_are_errors_that_say_why) {
  const auto call = begin(modern_read("1"));
  const auto answered = only<send_line>(
    subject.on_resource(call, fail(ec::unavailable, "The inbox is restarting."), now));
  EXPECT_EQ(answered.at(0).line, R"({"jsonrpc":"2.0","id":1,"error":{"code":-32603,)"
                                 R"("message":"The inbox is restarting."}})");
  EXPECT_EQ(answered.at(0).settles.size(), 1U);
}

TEST_F(session_resources, that_are_longer_than_a_line_are_errors) {
  const auto call = begin(modern_read("1"));
  const auto lines =
    lines_of(subject.on_resource(call, std::string(limits::line_bytes_max, 'x'), now));
  EXPECT_LT(lines.at(0).size(), 1000U);
  EXPECT_NE(lines.at(0).find("-32603"), std::string::npos);
}

TEST_F(session_resources, are_not_answered_after_they_were_withdrawn) {
  const auto call = begin(modern_read("1"));
  const auto effects =
    tell(R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}})");
  EXPECT_EQ(only<cancel_call>(effects).size(), 1U);
  EXPECT_EQ(only<send_line>(effects).at(0).settles.size(), 1U);
  EXPECT_TRUE(subject.on_resource(call, "late", now).empty());
}

TEST_F(session_resources, are_answered_when_the_conversation_ends) {
  const auto call = begin(modern_read("1"));
  const auto lines = lines_of(subject.finish("The server is stopping."));
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_NE(lines[0].find(R"("error":{"code":-32603,"message":"The server is stopping.")"),
            std::string::npos);
  EXPECT_TRUE(subject.on_resource(call, "late", now).empty());
  EXPECT_EQ(code_of(modern_read("2")), -32603);
}

TEST_F(session_resources, count_as_calls_in_flight) {
  for (std::size_t i = 0; i < limits::calls_in_flight_max; ++i) {
    (void)begin(modern_read(std::to_string(i)));
  }
  EXPECT_EQ(code_of(modern_read(R"("more")")), -32603);
}

TEST_F(session_resources, do_not_take_the_answers_of_tools_nor_the_other_way_round) {
  const auto read = begin(modern_read("1"));
  EXPECT_TRUE(subject.on_answer(read, says("a tool"), now).empty());
  const auto call = start(modern_request("2", "tools/call", R"(,"name":"echo")"));
  EXPECT_TRUE(subject.on_resource(call, "a resource", now).empty());
  EXPECT_EQ(subject.calls_in_flight(), 2U);
}

TEST_F(session_resources, may_be_members_of_a_batch) {
  shake_hands("2025-03-26");
  const auto effects = tell('[' + legacy_read("1") + ',' + legacy_read("2") + ']');
  EXPECT_EQ(only<owe>(effects).size(), 2U);
  const auto reads = only<read_resource>(effects);
  ASSERT_EQ(reads.size(), 2U);
  EXPECT_TRUE(subject.on_resource(reads[1].call, "two", now).empty());
  const auto answered =
    only<send_line>(subject.on_resource(reads[0].call, fail(ec::timeout, "No."), now));
  ASSERT_EQ(answered.size(), 1U);
  EXPECT_EQ(json::parse(answered[0].line)->size(), 2U);
  EXPECT_EQ(answered[0].settles.size(), 2U);
}

} // namespace
} // namespace nats_mcp::mcp::session_resources_test
