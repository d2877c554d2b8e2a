// SPDX-License-Identifier: MIT
// Changes inputs at random, from one seed: what fuzz_replay does without libFuzzer, which is the
// better of the two where there is clang.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>

namespace nats_mcp::fuzz {

class mutation {
public:
  explicit mutation(std::uint64_t seed)
    : random_{seed} {
    // nop
  }

  [[nodiscard]] std::size_t below(std::size_t bound) { return random_() % bound; }

  /// `bytes` with one to eight changes, some of them pieces of `other`.
  [[nodiscard]] std::string changed(std::string bytes, const std::string& other) {
    for (auto count = below(8) + 1; count > 0; --count) {
      change(bytes, other);
    }
    return bytes;
  }

private:
  void change(std::string& bytes, const std::string& other) {
    const auto at = below(bytes.size() + 1);
    const auto length = below(16) + 1;
    switch (below(6)) {
      case 0:
        bytes.insert(at, 1, static_cast<char>(below(256)));
        return;
      case 1:
        bytes.erase(at, length);
        return;
      case 2:
        bytes.insert(at, bytes.substr(below(bytes.size() + 1), length));
        return;
      case 3:
        bytes.insert(at, other.substr(below(other.size() + 1), 4 * length));
        return;
      case 4:
        bytes.insert(at, telling[below(telling.size())]);
        return;
      default:
        if (at < bytes.size()) {
          bytes[at] = static_cast<char>(below(256));
        }
    }
  }

  /// What somebody makes something of.
  static constexpr std::array<std::string_view, 18> telling{
    "\n",   "\r\n",       "\x1b[2J", "\xe2\x80\xae",         "\xc2\x9b", "\xff", ".",
    "*",    ">",          "\"",      "18446744073709551615", "-1",       "1e9",  "null",
    "[[[[", "{\"id\":1}", "\\ud83d", "2026-01-15T10:00:00Z"};

  std::mt19937_64 random_;
};

} // namespace nats_mcp::fuzz
