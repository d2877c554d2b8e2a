// SPDX-License-Identifier: MIT
// A client nobody should have: lines that are truncated, mutated, deep, huge, of the wrong types,
// or random bytes, from one seed.
#pragma once

#include <array>
#include <cstdint>
#include <random>
#include <string>
#include <utility>

namespace nats_mcp::testing {

class hostile_client {
public:
  /// @param tool a tool the server has; @param modern_meta the `"_meta":{…}` of a modern request.
  hostile_client(std::uint64_t seed, std::string tool, std::string modern_meta)
    : random_{seed}
    , tool_{std::move(tool)}
    , modern_meta_{std::move(modern_meta)} {
    // nop
  }

  /// The next line, without its line feed; may contain others.
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
      R"({"jsonrpc":"2.0","id":"c","method":"tools/call","params":{"name":")" + tool_
        + R"(","arguments":{"a":"ü"}}})",
      std::string{
        R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":"c"}})"},
      std::string{R"({"jsonrpc":"2.0","id":4,"method":"tools/list","params":{"cursor":"x"}})"},
      R"({"jsonrpc":"2.0","id":5,"method":"subscriptions/listen","params":{)" + modern_meta_
        + R"(,"notifications":{"toolsListChanged":true}}})",
      R"({"jsonrpc":"2.0","id":6,"method":"server/discover","params":{)" + modern_meta_ + "}}"};
    return lines[below(lines.size())];
  }

  std::mt19937_64 random_;
  std::string tool_;
  std::string modern_meta_;
};

} // namespace nats_mcp::testing
