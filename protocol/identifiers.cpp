// SPDX-License-Identifier: MIT
#include "protocol/identifiers.hpp"

#include <array>
#include <string_view>

namespace nats_mcp {

std::string make_uuid(const random_source& random) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::array<std::uint64_t, 2> bits{random(), random()};
  bits[0] = (bits[0] & 0xffffffffffff0fffU) | 0x0000000000004000U; // version 4
  bits[1] = (bits[1] & 0x3fffffffffffffffU) | 0x8000000000000000U; // variant 10
  std::string text;
  text.reserve(36);
  for (int nibble = 0; nibble < 32; ++nibble) {
    if (nibble == 8 || nibble == 12 || nibble == 16 || nibble == 20) {
      text += '-';
    }
    const auto shift = static_cast<unsigned>(60 - 4 * (nibble % 16));
    text += digits[(bits[static_cast<std::size_t>(nibble / 16)] >> shift) & 0xfU];
  }
  return text;
}

} // namespace nats_mcp
