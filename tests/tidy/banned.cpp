// SPDX-License-Identifier: MIT
#include "tests/tidy/rules.hpp"

#include <algorithm>
#include <array>
#include <regex>

namespace nats_mcp::tidy {

namespace {

/// Which text of a line a ban looks at: comments and literals are no code, but a mark for later
/// stands in a comment.
enum class sight { code, everything };

struct ban {
  /// One of them is in every line that the pattern finds. Asked first: the pattern alone would take
  /// most of a minute for the repository.
  std::vector<std::string_view> words;
  std::regex pattern;
  std::string_view name;
  std::string_view instead;
  std::vector<std::string_view> only_in;
  std::vector<std::string_view> except;
  sight where = sight::code;
};

const std::vector<std::string_view> everywhere{""};

const std::array bans{
  ban{{"sleep"},
      std::regex(R"(\bsleep_(for|until)\b|\b(u|nano)?sleep\()"),
      "sleeping",
      "a condition with a deadline (tests/support) or a delayed message",
      everywhere,
      {"transport/", "tests/support/", "tests/bench/"}},
  ban{{"_clock"},
      std::regex(R"(\b(system|steady|high_resolution)_clock::now\b)"),
      "reading a clock",
      "the `now` that is passed in, or the actor clock",
      {"protocol/", "actors/"},
      {"actors/main/"}},
  ban{{"rand"},
      std::regex(R"(\brandom_device\b|\bs?rand\()"),
      "hidden randomness",
      "the generator that is passed in",
      everywhere,
      {"transport/", "actors/main/"}},
  ban{{"getenv"},
      std::regex(R"(\bgetenv\()"),
      "getenv",
      "the environment read once in main",
      everywhere,
      {"transport/", "actors/main/", "tests/"}},
  ban{{"cout", "printf", "puts"},
      std::regex(R"(\bstd::cout\b|(^|[^a-z_])printf\(|\bputs\()"),
      "writing to standard output",
      "the session (it carries MCP only) or the log",
      everywhere,
      {"transport/stdio/", "actors/main/", "tests/"}},
  ban{{"new"},
      std::regex(R"(\bnew\s+[A-Za-z_:]|\bnew\()"),
      "new",
      "make_unique, make_counted or a handle",
      everywhere,
      {"transport/nats/"}},
  ban{{"delete"},
      std::regex(R"(\bdelete\s+[A-Za-z_*(]|\bdelete\[\])"),
      "delete",
      "an owning handle",
      everywhere,
      {"transport/nats/"}},
  ban{{"catch"},
      std::regex(R"(catch\s*\(\s*\.\.\.\s*\)\s*\{\s*\}?\s*$)"),
      "catching everything",
      "the library's own exception type at the edge, translated once",
      {"protocol/", "transport/", "actors/"},
      {"actors/supervision/actor_shell.cpp"}}, // where what a handler throws becomes an error
  ban{{"using namespace"},
      std::regex(R"(\busing namespace\b(?! std::(chrono_)?literals))"),
      "using namespace in a header",
      "full names",
      everywhere,
      {}},
  ban{{"std::function"},
      std::regex(R"(\bstd::function\b)"),
      "std::function in a message",
      "a value",
      {"actors/messages.hpp", "actors/interfaces.hpp", "protocol/jetstream/"},
      {}},
  ban{{"caf::actor"},
      std::regex(R"(\bcaf::actor\b)"),
      "the dynamic caf::actor",
      "a typed handle",
      {"actors/messages.hpp", "actors/interfaces.hpp"},
      {}},
  ban{{"detach"},
      std::regex(R"(\.detach\(\))"),
      "a detached thread",
      "a thread that is joined",
      everywhere,
      {}},
  ban{{"GTEST_SKIP", "DISABLED_", "SUCCEED"},
      std::regex(R"(\bGTEST_SKIP\b|\bDISABLED_|\bSUCCEED\(\))"),
      "a test that does not run",
      "a test that fails when it can not run",
      everywhere,
      {}},
  ban{{"FIX", "TO", "XX"},
      std::regex("\\b(FIX"
                 "ME|TO"
                 "DO|XX"
                 "X)\\b"),
      "a mark for later",
      "an issue, and a comment that names it",
      everywhere,
      {},
      sight::everything},
};

/// Bans that hold in headers only.
bool is_meant(const ban& rule, const source_file& file) {
  return rule.name != "using namespace in a header" || file.path.ends_with(".hpp");
}

bool may_break(const ban& rule, std::string_view line) {
  return std::any_of(rule.words.begin(), rule.words.end(),
                     [line](auto word) { return line.find(word) != std::string_view::npos; });
}

} // namespace

std::vector<finding> check_banned(const source_file& file) {
  std::vector<finding> findings;
  for (const auto& rule : bans) {
    if (!is_under(file.path, rule.only_in) || is_under(file.path, rule.except)
        || !is_meant(rule, file)) {
      continue;
    }
    const auto& lines = rule.where == sight::code ? file.code : file.lines;
    for (std::size_t at = 0; at < lines.size(); ++at) {
      if (may_break(rule, lines[at]) && std::regex_search(lines[at], rule.pattern)) {
        findings.push_back(
          {file.path, at + 1,
           std::string(rule.name) + " is banned, use " + std::string(rule.instead)});
      }
    }
  }
  return findings;
}

} // namespace nats_mcp::tidy
