// SPDX-License-Identifier: MIT
#include "tests/fuzz/promises.hpp"

#include "protocol/json/value.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <string>

namespace nats_mcp::fuzz {

namespace {

struct code_range {
  char32_t first;
  char32_t last;
};

/// Unicode's categories Cc, Zl and Zp, what turns the direction of text, and what nobody sees but
/// between letters and emoji that it joins.
constexpr std::array not_shown{
  code_range{0x0000, 0x001f},     code_range{0x007f, 0x009f},   code_range{0x00ad, 0x00ad},
  code_range{0x034f, 0x034f},     code_range{0x061c, 0x061c},   code_range{0x115f, 0x1160},
  code_range{0x17b4, 0x17b5},     code_range{0x180b, 0x180f},   code_range{0x200b, 0x200b},
  code_range{0x200e, 0x200f},     code_range{0x2028, 0x202e},   code_range{0x2060, 0x206f},
  code_range{0x3164, 0x3164},     code_range{0xfe00, 0xfe0d},   code_range{0xfeff, 0xfeff},
  code_range{0xffa0, 0xffa0},     code_range{0xfff9, 0xfffb},   code_range{0x1d173, 0x1d17a},
  code_range{0xe0000, 0xe007f},   code_range{0xe0100, 0xe01ef}, code_range{0xd800, 0xdfff},
  code_range{0x110000, 0x1fffff},
};

/// Calls `visit` with every character but printable ASCII. @returns false where the text is no
/// UTF-8, or `visit` does.
template <class Visitor>
bool all_characters(std::string_view text, Visitor visit) noexcept {
  for (std::size_t at = 0; at < text.size();) {
    const auto lead = static_cast<unsigned char>(text[at]);
    if (lead >= 0x20 && lead < 0x7f) { // nearly all there is
      ++at;
      continue;
    }
    const std::size_t length = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    if ((lead >= 0x80 && lead < 0xc0) || lead >= 0xf8 || at + length > text.size()) {
      return false;
    }
    char32_t code = length == 1 ? lead : lead & (0x7fU >> length);
    for (const char next : text.substr(at + 1, length - 1)) {
      if ((static_cast<unsigned char>(next) & 0xc0U) != 0x80U) {
        return false;
      }
      code = code * 64 + (static_cast<unsigned char>(next) & 0x3fU);
    }
    constexpr std::array<char32_t, 5> least{0, 0, 0x80, 0x800, 0x10000};
    if (code < least[length] || (code >= 0xd800 && code <= 0xdfff) || code > 0x10ffff
        || !visit(code)) {
      return false;
    }
    at += length;
  }
  return true;
}

bool is_shown(char32_t code) noexcept {
  return std::none_of(not_shown.begin(), not_shown.end(), [code](const code_range& range) {
    return code >= range.first && code <= range.last;
  });
}

std::string escaped(std::string_view bytes) {
  std::string out;
  for (const char letter : bytes) {
    std::array<char, 8> buffer{};
    const auto code = static_cast<unsigned>(static_cast<unsigned char>(letter));
    if (code >= 0x20 && code < 0x7f) {
      out += letter;
    } else {
      std::snprintf(buffer.data(), buffer.size(), "\\x%02x", code);
      out += buffer.data();
    }
  }
  return out;
}

} // namespace

void broken(std::string_view promise, std::string_view seen) {
  std::fprintf(stderr, "BROKEN PROMISE: %s\n  seen: %s\n", std::string{promise}.c_str(),
               escaped(seen).c_str());
  std::abort();
}

bool is_showable(std::string_view text) noexcept {
  return all_characters(
    text, [](char32_t code) { return code == U'\n' || code == U'\t' || is_shown(code); });
}

bool is_showable_line(std::string_view text) noexcept { return all_characters(text, is_shown); }

bool is_json_line(std::string_view text) {
  return all_characters(text, [](char32_t code) { return code >= 0x20 && code != 0x7f; })
         && json::value::accept(text);
}

bool is_subject_token(std::string_view text) noexcept {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char letter) {
    return letter > 0x20 && letter < 0x7f && letter != '.' && letter != '*' && letter != '>';
  });
}

bool is_plain_subject(std::string_view text) noexcept {
  for (;;) {
    const auto dot = text.find('.');
    if (!is_subject_token(text.substr(0, dot))) {
      return false;
    }
    if (dot == std::string_view::npos) {
      return true;
    }
    text.remove_prefix(dot + 1);
  }
}

void require_sentence(std::string_view text, std::size_t bytes_max) {
  require(!text.empty(), "a failure says why", text);
  require(is_showable(text), "a failure's sentence can be shown", text);
  require(text.size() <= bytes_max, "a failure's sentence is no longer than it may be", text);
}

void require_showable(std::string_view text, std::string_view promise) {
  require(is_showable(text), promise, text);
}

std::uint8_t input::byte() noexcept {
  if (rest_.empty()) {
    return 0;
  }
  const auto out = static_cast<std::uint8_t>(rest_.front());
  rest_.remove_prefix(1);
  return out;
}

std::string_view input::line() noexcept { return up_to("\n"); }

std::string_view input::section() noexcept { return up_to("\n%%\n"); }

std::string_view input::up_to(std::string_view mark) noexcept {
  const auto end = rest_.find(mark);
  const auto out = rest_.substr(0, end);
  rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end + mark.size());
  return out;
}

} // namespace nats_mcp::fuzz
