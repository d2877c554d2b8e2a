// SPDX-License-Identifier: MIT
// 100 000 lines no client should send: truncated, mutated, deep, huge, of the wrong types, random
// bytes. The session lives, writes only valid lines and answers the next ping.
#include "protocol/jsonrpc/framing.hpp"

#include "tests/support/hostile_client.hpp"
#include "tests/unit/protocol/mcp/session_fixture.hpp"

namespace nats_mcp::mcp::hostile_lines_test {
namespace {

TEST(hostile_lines, leave_the_session_alive_and_its_output_valid) {
  constexpr int line_count = 100'000;
  testing::hostile_client client{20'260'728, "echo", modern_meta};
  jsonrpc::framing framing;
  session subject{two_tools(), {}};
  const monotonic_time now{};
  std::size_t written = 0;
  const auto drive = [&](const std::string& bytes) {
    std::vector<std::string> lines;
    for (const auto& framed : framing.feed(bytes)) {
      auto effects = framed.condition == jsonrpc::framed_line::state::complete
                       ? subject.on_line(framed.text, now)
                       : subject.on_overlong_line(now);
      for (const auto& started : only<start_call>(effects)) {
        for (auto& effect :
             subject.on_answer(started.call, says(json::write(started.arguments)), now)) {
          effects.push_back(std::move(effect));
        }
      }
      for (auto& line : lines_of(effects)) {
        EXPECT_TRUE(json::parse(line)) << line;
        EXPECT_EQ(line.find('\n'), std::string::npos);
        lines.push_back(std::move(line));
      }
      (void)owed_by(framed.text);
    }
    written += lines.size();
    return lines;
  };
  for (int i = 0; i < line_count; ++i) {
    drive(client.line() + '\n');
  }
  EXPECT_GT(written, static_cast<std::size_t>(line_count) / 2);
  EXPECT_EQ(drive("\n{\"jsonrpc\":\"2.0\",\"id\":\"alive?\",\"method\":\"ping\"}\n"),
            std::vector<std::string>{R"({"jsonrpc":"2.0","id":"alive?","result":{}})"});
}

TEST(hostile_lines, are_repeated_without_what_a_terminal_obeys) {
  session subject{with_resources(), {}};
  const std::string hostile = R"(\u001b]0;x\u0007\u202e)";
  const auto message_of = [&](const std::string& method, const std::string& params) {
    const auto lines = lines_of(subject.on_line(
      R"({"jsonrpc":"2.0","id":1,"method":")" + method + R"(","params":{)" + params + "}}", {}));
    const auto answer = json::parse(lines.at(0)).value();
    return json::find(*json::find(answer, "error"), "message")->get<std::string>();
  };
  for (const auto& message :
       {message_of("tools/call", modern_meta + R"(,"name":")" + hostile + '"'),
        message_of("resources/read", modern_meta + R"(,"uri":")" + hostile + '"'),
        message_of("prompts/get", modern_meta + R"(,"name":")" + hostile + '"'),
        message_of("prompts/get",
                   modern_meta + R"(,"name":"greet","arguments":{")" + hostile + R"(":"x"})"),
        message_of(hostile, modern_meta),
        message_of("ping", R"("_meta":{"io.modelcontextprotocol/protocolVersion":")" + hostile
                             + R"(","io.modelcontextprotocol/clientCapabilities":{}})")}) {
    EXPECT_NE(message.find(hostile), std::string::npos) << "escaped and not raw: " << message;
  }
}

} // namespace
} // namespace nats_mcp::mcp::hostile_lines_test
