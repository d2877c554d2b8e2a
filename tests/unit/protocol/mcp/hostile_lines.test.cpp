// SPDX-License-Identifier: MIT
// 100 000 lines no client should send: truncated, mutated, deep, huge, of the wrong types, random
// bytes. The session lives, writes only valid lines and answers the next ping.
#include "protocol/jsonrpc/framing.hpp"

#include "tests/unit/protocol/mcp/session_fixture.hpp"

#include <array>
#include <random>

namespace nats_mcp::mcp {
namespace {

class hostile_client {
public:
  explicit hostile_client(std::uint64_t seed)
    : random_{seed} {
    // nop
  }

  std::string line() {
    switch (below(8)) {
      case 0:
        return garbage(below(200));
      case 1:
        return truncated(sample());
      case 2:
        return mutated(sample());
      case 3:
        return std::string(below(3000), "[{\"a"[below(4)]);
      case 4:
        return wrongly_typed();
      case 5:
        return '[' + sample() + ',' + mutated(sample()) + ']';
      case 6:
        return below(2000) == 0 ? std::string(11 * 1024 * 1024, 'x') : spliced(sample(), sample());
      default:
        return sample();
    }
  }

private:
  std::size_t below(std::size_t bound) { return random_() % bound; }

  std::string garbage(std::size_t length) {
    std::string bytes(length, '\0');
    for (auto& byte : bytes) {
      byte = static_cast<char>(below(256));
    }
    return bytes;
  }

  std::string truncated(std::string text) {
    text.resize(below(text.size()));
    return text;
  }

  std::string mutated(std::string text) {
    for (auto count = below(4) + 1; count > 0; --count) {
      text[below(text.size())] = static_cast<char>(below(256));
    }
    return text;
  }

  std::string spliced(const std::string& first, const std::string& second) {
    return first.substr(0, below(first.size())) + second.substr(below(second.size()));
  }

  std::string scalar() {
    const std::array values{
      "null",  "true", "1.5",  "-0",     "1e400",       "\"\\ud800\"",
      "[]",    "{}",   "\"\"", "[[[]]]", "{\"id\":{}}", "99999999999999999999",
      "\"x\"", "7"};
    return values[below(values.size())];
  }

  std::string wrongly_typed() {
    return R"({"jsonrpc":)" + (below(4) == 0 ? scalar() : R"("2.0")") + R"(,"id":)" + scalar()
           + R"(,"method":)" + (below(2) == 0 ? scalar() : R"("tools/call")") + R"(,"params":)"
           + (below(2) == 0
                ? scalar()
                : R"({"name":)" + scalar() + R"(,"arguments":)" + scalar() + R"(,"_meta":)"
                    + (below(2) == 0
                         ? scalar()
                         : R"({"progressToken":)" + scalar()
                             + R"(,"io.modelcontextprotocol/protocolVersion":)" + scalar() + "}")
                    + "}")
           + "}";
  }

  std::string sample() {
    const std::array lines{
      std::string{R"({"jsonrpc":"2.0","id":1,"method":"ping"})"},
      std::string{
        R"({"jsonrpc":"2.0","id":2,"method":"initialize","params":{"protocolVersion":"2025-03-26"}})"},
      std::string{
        R"({"jsonrpc":"2.0","id":"c","method":"tools/call","params":{"name":"echo","arguments":{"a":"ü"}}})"},
      std::string{
        R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":"c"}})"},
      std::string{R"({"jsonrpc":"2.0","id":4,"method":"tools/list","params":{"cursor":"x"}})"},
      R"({"jsonrpc":"2.0","id":5,"method":"subscriptions/listen","params":{)" + modern_meta
        + R"(,"notifications":{"toolsListChanged":true}}})",
      R"({"jsonrpc":"2.0","id":6,"method":"server/discover","params":{)" + modern_meta + "}}"};
    return lines[below(lines.size())];
  }

  std::mt19937_64 random_;
};

TEST(hostile_lines, leave_the_session_alive_and_its_output_valid) {
  constexpr int line_count = 100'000;
  hostile_client client{20'260'728};
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
} // namespace nats_mcp::mcp
