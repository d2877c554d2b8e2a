// SPDX-License-Identifier: MIT
#include "protocol/json/surrogates.hpp"

#include <charconv>
#include <cstddef>

namespace nats_mcp::json {

namespace {

constexpr std::size_t escape_length = 6; // \uhhhh

/// The code unit of the `\uhhhh` escape at `at`, if there is one.
std::optional<unsigned> code_unit(std::string_view text, std::size_t at) {
  if (at + escape_length > text.size() || text[at] != '\\' || text[at + 1] != 'u') {
    return std::nullopt;
  }
  unsigned unit = 0;
  const auto* first = text.data() + at + 2;
  const auto [end, failure] = std::from_chars(first, first + 4, unit, 16);
  if (failure != std::errc{} || end != first + 4) {
    return std::nullopt;
  }
  return unit;
}

bool is_high(unsigned unit) noexcept { return unit >= 0xD800 && unit <= 0xDBFF; }
bool is_low(unsigned unit) noexcept { return unit >= 0xDC00 && unit <= 0xDFFF; }

} // namespace

std::optional<std::string> replace_lone_surrogates(std::string_view text) {
  std::optional<std::string> repaired;
  for (auto at = text.find('\\'); at != std::string_view::npos; at = text.find('\\', at)) {
    const auto unit = code_unit(text, at);
    if (!unit) {
      at += 2; // another escape: its second character begins nothing
      continue;
    }
    if (is_high(*unit)) {
      const auto next = code_unit(text, at + escape_length);
      if (next && is_low(*next)) {
        at += 2 * escape_length;
        continue;
      }
    }
    if (is_high(*unit) || is_low(*unit)) {
      if (!repaired) {
        repaired.emplace(text);
      }
      repaired->replace(at, escape_length, "\\ufffd");
    }
    at += escape_length;
  }
  return repaired;
}

} // namespace nats_mcp::json
