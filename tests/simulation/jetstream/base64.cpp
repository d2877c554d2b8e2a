// SPDX-License-Identifier: MIT
#include "tests/simulation/jetstream/base64.hpp"

#include <cstddef>
#include <cstdint>

namespace nats_mcp::simulation {

std::string to_base64(std::string_view bytes) {
  constexpr std::string_view alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    const auto left = bytes.size() - at;
    std::uint32_t group = 0;
    for (std::size_t offset = 0; offset < 3; ++offset) {
      group <<= 8U;
      if (offset < left) {
        group |= static_cast<unsigned char>(bytes[at + offset]);
      }
    }
    for (std::size_t digit = 0; digit < 4; ++digit) {
      const auto value = (group >> (18U - 6U * digit)) & 63U;
      out += digit <= left ? alphabet[value] : '=';
    }
  }
  return out;
}

} // namespace nats_mcp::simulation
