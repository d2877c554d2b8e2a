// SPDX-License-Identifier: MIT
#include "protocol/work/capability_token.hpp"

#include <cstddef>
#include <cstdint>

namespace nats_mcp::work {

namespace {

constexpr char escape = '=';
constexpr std::string_view hex_digits = "0123456789ABCDEF";

char lower(char letter) noexcept {
  return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}

/// Stands for itself in a token.
bool is_plain(char letter) noexcept {
  return (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9') || letter == '_'
         || letter == '-';
}

/// The byte behind an escape at the front of `text`; nothing where there is none, or none that
/// would have been written.
std::optional<char> escaped_byte(std::string_view text) noexcept {
  if (text.size() < 3) {
    return std::nullopt;
  }
  const auto high = hex_digits.find(text[1]);
  const auto low = hex_digits.find(text[2]);
  if (high == std::string_view::npos || low == std::string_view::npos) {
    return std::nullopt;
  }
  const auto byte = static_cast<char>(high << 4U | low);
  return is_plain(lower(byte)) ? std::nullopt : std::optional{byte};
}

} // namespace

std::string capability_token(std::string_view capability) {
  std::string out;
  out.reserve(capability.size());
  for (const char given : capability) {
    const char letter = lower(given);
    if (is_plain(letter)) {
      out += letter;
    } else {
      const auto byte = static_cast<std::uint8_t>(letter);
      out += escape;
      out += hex_digits[byte >> 4U];
      out += hex_digits[byte & 0xfU];
    }
  }
  return out;
}

std::optional<std::string> capability_of(std::string_view token) {
  if (token.empty()) {
    return std::nullopt;
  }
  std::string out;
  while (!token.empty()) {
    const char letter = token.front();
    std::size_t length = 1;
    if (letter == escape) {
      const auto byte = escaped_byte(token);
      if (!byte) {
        return std::nullopt;
      }
      out += *byte;
      length = 3;
    } else if (is_plain(letter)) {
      out += letter;
    } else {
      return std::nullopt;
    }
    token.remove_prefix(length);
  }
  return out;
}

std::string personal_token(std::string_view guid) {
  return std::string{personal_token_begin}.append(guid);
}

} // namespace nats_mcp::work
