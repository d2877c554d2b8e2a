// SPDX-License-Identifier: MIT
// prompts/list and prompts/get.
#include "protocol/limits.hpp"

#include "tests/unit/protocol/mcp/session_fixture.hpp"

namespace nats_mcp::mcp::session_prompts_test {
namespace {

class session_prompts : public session_test {
protected:
  session_prompts()
    : session_test{with_resources()} {}

  static std::string prompt(const std::string& more) {
    return modern_request("1", "prompts/get", more);
  }

  std::string refusal(const std::string& more) {
    const auto answer = json::parse(answer_to(prompt(more))).value();
    const auto* error = json::find(answer, "error");
    EXPECT_NE(error, nullptr) << more;
    EXPECT_EQ(error == nullptr ? 0 : json::find(*error, "code")->get<int>(), -32602) << more;
    return error == nullptr ? "" : json::find(*error, "message")->get<std::string>();
  }
};

TEST_F(session_prompts, are_listed_with_their_arguments) {
  EXPECT_EQ(answer_to(modern_request("1", "prompts/list", "")),
            R"({"jsonrpc":"2.0","id":1,"result":{"resultType":"complete","prompts":[)"
            R"({"name":"greet","title":"Greet","description":"Says hello.","arguments":[)"
            R"({"name":"whom","description":"Who is greeted.","required":true},)"
            R"({"name":"how","description":"In which way."}]},)"
            R"({"name":"check","title":"Check","description":"Looks."}],)"
            R"("ttlMs":300000,"cacheScope":"public","_meta":)"
            R"({"io.modelcontextprotocol/serverInfo":{"name":"nats-mcp-server",)"
            R"("version":"1.0"}}}})");
}

TEST_F(session_prompts, become_one_message_of_the_user) {
  shake_hands("2025-06-18");
  EXPECT_EQ(answer_to(R"({"jsonrpc":"2.0","id":1,"method":"prompts/get","params":)"
                      R"({"name":"greet","arguments":{"whom":"the \"crew\""}}})"),
            R"({"jsonrpc":"2.0","id":1,"result":{"description":"Says hello.","messages":[)"
            R"({"role":"user","content":{"type":"text","text":"Greet the \"crew\"."}}]}})");
  const auto modern =
    answer_to(prompt(R"(,"name":"greet","arguments":{"how":"warmly","whom":"all"})"));
  EXPECT_NE(modern.find("Greet all warmly."), std::string::npos);
  EXPECT_NE(modern.find(R"("resultType":"complete")"), std::string::npos);
  EXPECT_EQ(modern.find("ttlMs"), std::string::npos) << "no result that may be kept";
}

TEST_F(session_prompts, refuse_what_does_not_fit_them) {
  EXPECT_NE(refusal("").find("params.name"), std::string::npos);
  EXPECT_NE(refusal(R"(,"name":"nothing")").find("\"nothing\""), std::string::npos);
  EXPECT_NE(refusal(R"(,"name":"greet")").find("needs the argument whom"), std::string::npos);
  EXPECT_NE(refusal(R"(,"name":"greet","arguments":{"whom":7})").find("arguments.whom"),
            std::string::npos);
  EXPECT_NE(refusal(R"(,"name":"greet","arguments":[])").find("params.arguments"),
            std::string::npos);
  EXPECT_NE(refusal(R"(,"name":"greet","arguments":{"whom":"x","when":"now"})")
              .find(R"(no argument "when"; its arguments: whom, how)"),
            std::string::npos);
  EXPECT_NE(refusal(R"(,"name":"check","arguments":{"x":"y"})").find("its arguments: none"),
            std::string::npos);
  EXPECT_NE(refusal(R"(,"name":"greet","arguments":{"whom":")"
                    + std::string(limits::prompt_argument_bytes_max + 1, 'x') + R"("})")
              .find("at most"),
            std::string::npos);
}

} // namespace
} // namespace nats_mcp::mcp::session_prompts_test
