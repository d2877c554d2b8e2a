// SPDX-License-Identifier: MIT
#include "tests/simulation/simulate/seed_range.hpp"

#include <charconv>
#include <optional>

namespace nats_mcp::simulation {

namespace {

std::optional<std::uint64_t> whole_number(std::string_view text) {
  std::uint64_t value = 0;
  const auto* end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, value);
  const bool complete = read.ec == std::errc{} && read.ptr == end;
  return complete ? std::optional{value} : std::nullopt;
}

} // namespace

result<seed_range> parse_seed_range(std::string_view text) {
  const auto dots = text.find("..");
  const auto first = whole_number(text.substr(0, dots));
  const auto last = dots == std::string_view::npos ? first : whole_number(text.substr(dots + 2));
  if (!first || !last || *first > *last) {
    return fail(ec::invalid_argument, "\"" + std::string{text}
                                        + "\" names no seeds: write a number, or two with .."
                                          " between, the smaller one first.");
  }
  return seed_range{*first, *last};
}

std::string to_text(const seed_range& range) {
  return std::to_string(range.first)
         + (range.size() == 1 ? std::string{} : ".." + std::to_string(range.last));
}

} // namespace nats_mcp::simulation
