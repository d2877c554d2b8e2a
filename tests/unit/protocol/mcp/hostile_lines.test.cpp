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

} // namespace
} // namespace nats_mcp::mcp::hostile_lines_test
