// SPDX-License-Identifier: MIT
#include "tests/tidy/rules.hpp"

#include <array>
#include <regex>

namespace nats_mcp::tidy {

namespace {

/// Files under `inside` and not under `except` may not include what starts with one of `targets`.
struct direction {
  std::vector<std::string_view> inside;
  std::vector<std::string_view> except;
  std::vector<std::string_view> targets;
  std::string_view advice;
};

const std::array directions{
  direction{{"protocol/"},
            {},
            {"transport/", "actors/"},
            "protocol/ stands below all others: pass the value in"},
  direction{{"transport/"},
            {},
            {"actors/"},
            "transport/ stands below actors/: call back with a value of protocol/"},
  direction{{"protocol/", "transport/"}, {}, {"caf/"}, "CAF belongs to actors/"},
  direction{{""},
            {"transport/nats/", "tests/bench/"},
            {"nats.h", "nats/"},
            "nats.c is included only under transport/nats/: use the gateway"},
  direction{{""},
            {"protocol/json/"},
            {"nlohmann/"},
            "the JSON library is touched only under protocol/json/: use protocol/json/value.hpp"},
  direction{{""},
            {"transport/log/"},
            {"spdlog/"},
            "spdlog is included only under transport/log/: use its own header"},
  direction{{""},
            {"transport/http/", "tests/"},
            {"httplib.h"},
            "cpp-httplib is included only under transport/http/: use its own headers"},
  direction{
    {"protocol/", "transport/", "actors/"}, {}, {"tests/"}, "the product does not know its tests"},
};

} // namespace

std::vector<finding> check_layers(const source_file& file) {
  static const std::regex include(R"(^\s*#\s*include\s*[<"]([^>"]+)[>"])");
  std::vector<finding> findings;
  for (std::size_t at = 0; at < file.lines.size(); ++at) {
    std::smatch match;
    if (!std::regex_search(file.lines[at], match, include)) {
      continue;
    }
    const auto target = match[1].str();
    for (const auto& rule : directions) {
      if (is_under(file.path, rule.inside) && !is_under(file.path, rule.except)
          && is_under(target, rule.targets)) {
        findings.push_back(
          {file.path, at + 1, "include of " + target + " is banned, " + std::string(rule.advice)});
      }
    }
  }
  return findings;
}

} // namespace nats_mcp::tidy
