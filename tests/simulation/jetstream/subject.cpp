// SPDX-License-Identifier: MIT
#include "tests/simulation/jetstream/subject.hpp"

#include <algorithm>
#include <cstddef>

namespace nats_mcp::simulation {

std::vector<std::string_view> tokens_of(std::string_view subject) {
  std::vector<std::string_view> tokens;
  std::size_t begin = 0;
  while (true) {
    const auto dot = subject.find('.', begin);
    tokens.push_back(subject.substr(begin, dot == subject.npos ? subject.npos : dot - begin));
    if (dot == subject.npos) {
      return tokens;
    }
    begin = dot + 1;
  }
}

bool is_literal(std::string_view subject) {
  const auto tokens = tokens_of(subject);
  return std::none_of(tokens.begin(), tokens.end(),
                      [](auto token) { return token == "*" || token == ">"; });
}

bool is_valid_pattern(std::string_view pattern) {
  const auto tokens = tokens_of(pattern);
  for (std::size_t at = 0; at < tokens.size(); ++at) {
    if (tokens[at].empty() || tokens[at].find_first_of(" \t\r\n") != std::string_view::npos
        || (tokens[at] == ">" && at + 1 != tokens.size())) {
      return false;
    }
  }
  return true;
}

bool matches(std::string_view pattern, std::string_view subject) {
  // Called for every message and subscription: walks both texts without taking them apart.
  while (true) {
    if (pattern == ">") {
      return !subject.empty();
    }
    const auto pattern_dot = pattern.find('.');
    const auto subject_dot = subject.find('.');
    const auto wanted = pattern.substr(0, pattern_dot);
    if (wanted != "*" && wanted != subject.substr(0, subject_dot)) {
      return false;
    }
    if (pattern_dot == pattern.npos || subject_dot == subject.npos) {
      return pattern_dot == subject_dot;
    }
    pattern.remove_prefix(pattern_dot + 1);
    subject.remove_prefix(subject_dot + 1);
  }
}

bool is_subset(std::string_view inner, std::string_view outer) {
  const auto small = tokens_of(inner);
  const auto large = tokens_of(outer);
  for (std::size_t at = 0; at < large.size(); ++at) {
    if (at >= small.size()) {
      return false;
    }
    if (large[at] == ">") {
      return true;
    }
    if (small[at] == ">" || (large[at] != "*" && large[at] != small[at])) {
      return false;
    }
  }
  return small.size() == large.size();
}

bool overlap(std::string_view left, std::string_view right) {
  const auto one = tokens_of(left);
  const auto two = tokens_of(right);
  const auto common = std::min(one.size(), two.size());
  for (std::size_t at = 0; at < common; ++at) {
    if (one[at] == ">" || two[at] == ">") {
      return true;
    }
    if (one[at] != "*" && two[at] != "*" && one[at] != two[at]) {
      return false;
    }
  }
  return one.size() == two.size();
}

} // namespace nats_mcp::simulation
