// SPDX-License-Identifier: MIT
#include "protocol/json/utf8.hpp"

#include <cstdint>

namespace nats_mcp::json {

std::size_t sequence_length(std::string_view text) noexcept {
  const auto byte = [text](std::size_t index) { return static_cast<std::uint8_t>(text[index]); };
  const auto follows = [&](std::size_t index, std::uint8_t low, std::uint8_t high) {
    return index < text.size() && byte(index) >= low && byte(index) <= high;
  };
  if (text.empty()) {
    return 0;
  }
  const auto first = byte(0);
  if (first < 0x80) {
    return 1;
  }
  if (first >= 0xC2 && first <= 0xDF) {
    return follows(1, 0x80, 0xBF) ? 2 : 0;
  }
  if (first >= 0xE0 && first <= 0xEF) {
    const std::uint8_t low = first == 0xE0 ? 0xA0 : 0x80;
    const std::uint8_t high = first == 0xED ? 0x9F : 0xBF;
    return follows(1, low, high) && follows(2, 0x80, 0xBF) ? 3 : 0;
  }
  if (first >= 0xF0 && first <= 0xF4) {
    const std::uint8_t low = first == 0xF0 ? 0x90 : 0x80;
    const std::uint8_t high = first == 0xF4 ? 0x8F : 0xBF;
    return follows(1, low, high) && follows(2, 0x80, 0xBF) && follows(3, 0x80, 0xBF) ? 4 : 0;
  }
  return 0;
}

std::string shortened(std::string_view text, std::size_t bytes_max) {
  if (text.size() <= bytes_max) {
    return std::string{text};
  }
  auto end = bytes_max;
  while (end > 0 && (static_cast<std::uint8_t>(text[end]) & 0xC0U) == 0x80U) {
    --end;
  }
  return std::string{text.substr(0, end)} + "…";
}

} // namespace nats_mcp::json
