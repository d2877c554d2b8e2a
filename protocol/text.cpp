// SPDX-License-Identifier: MIT
#include "protocol/text.hpp"

#include "protocol/json/utf8.hpp"

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <utility>
#include <vector>

namespace nats_mcp {

namespace {

enum class breaks : bool { escape, keep };

struct character {
  char32_t code = 0;
  /// Bytes it takes; 1 for a byte that is no UTF-8.
  std::size_t length = 1;
  bool valid = false;
};

/// The character at the front of `text`, which is not empty.
character front(std::string_view text) noexcept {
  const auto length = json::sequence_length(text);
  if (length == 0) {
    return {};
  }
  const auto lead = static_cast<std::uint8_t>(text[0]);
  char32_t code = length == 1 ? lead : lead & (0xffU >> (length + 1));
  for (const char next : text.substr(1, length - 1)) {
    code = (code << 6U) | (static_cast<std::uint8_t>(next) & 0x3fU);
  }
  return {code, length, true};
}

/// Control characters, line separators, what turns the direction of text, and what is invisible and
/// yet read by a machine, such as the tag characters.
bool disturbs(char32_t code) noexcept {
  return code < 0x20 || (code >= 0x7f && code <= 0x9f) || code == 0x061c || code == 0x200e
         || code == 0x200f || (code >= 0x2028 && code <= 0x202e)
         || (code >= 0x2060 && code <= 0x206f) || code == 0xfeff
         || (code >= 0xfff9 && code <= 0xfffb) || (code >= 0xe0000 && code <= 0xe007f);
}

void write_escaped(std::string& out, char32_t code) {
  constexpr std::string_view digits = "0123456789abcdef";
  switch (code) {
    case U'\n':
      out += "\\n";
      return;
    case U'\r':
      out += "\\r";
      return;
    case U'\t':
      out += "\\t";
      return;
    default:
      out += code > 0xffff ? "\\U" : "\\u";
      for (int shift = code > 0xffff ? 28 : 12; shift >= 0; shift -= 4) {
        out += digits[(code >> static_cast<unsigned>(shift)) & 0xfU];
      }
  }
}

/// How many bytes at the front are printable ASCII.
std::size_t plain_length(std::string_view text) noexcept {
  const auto end = std::find_if(text.begin(), text.end(),
                                [](char letter) { return letter < 0x20 || letter > 0x7e; });
  return static_cast<std::size_t>(end - text.begin());
}

std::string shown(std::string_view text, breaks line_breaks) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    // Nearly everything anybody writes: taken over in one piece.
    const auto plain = plain_length(text.substr(at));
    out += text.substr(at, plain);
    at += plain;
    if (at == text.size()) {
      break;
    }
    const auto rest = text.substr(at);
    const auto next = front(rest);
    at += next.length;
    const bool is_break = next.code == U'\n' || next.code == U'\t';
    if (!next.valid) {
      out += "\xef\xbf\xbd"; // U+FFFD
    } else if (disturbs(next.code) && !(is_break && line_breaks == breaks::keep)) {
      write_escaped(out, next.code);
    } else {
      out += rest.substr(0, next.length);
    }
  }
  return out;
}

char lower(char letter) noexcept {
  return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}

} // namespace

std::string one_line(std::string_view text) { return shown(text, breaks::escape); }

std::string many_lines(std::string_view text) { return shown(text, breaks::keep); }

bool is_utf8(std::string_view text) noexcept {
  while (!text.empty()) {
    const auto next = front(text);
    if (!next.valid) {
      return false;
    }
    text.remove_prefix(next.length);
  }
  return true;
}

std::size_t count_characters(std::string_view text) noexcept {
  // Every byte but the continuation bytes begins a character.
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char byte) {
    return (static_cast<std::uint8_t>(byte) & 0xc0U) != 0x80U;
  }));
}

std::string first_characters(std::string_view text, std::size_t characters) {
  std::size_t end = 0;
  for (std::size_t count = 0; count < characters && end < text.size(); ++count) {
    end += front(text.substr(end)).length;
  }
  return std::string{text.substr(0, end)} + (end < text.size() ? "…" : "");
}

std::string counted(std::uint64_t count, std::string_view one) {
  return std::to_string(count).append(1, ' ').append(one).append(count == 1 ? "" : "s");
}

std::string_view trimmed(std::string_view text) noexcept {
  const auto begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) {
    return {};
  }
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

bool equal_but_for_case(std::string_view left, std::string_view right) noexcept {
  return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                    [](char a, char b) { return lower(a) == lower(b); });
}

std::size_t edit_distance(std::string_view left, std::string_view right) {
  std::vector<std::size_t> row(right.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t line = 0; line < left.size(); ++line) {
    auto diagonal = std::exchange(row[0], line + 1);
    for (std::size_t column = 0; column < right.size(); ++column) {
      const std::size_t change = lower(left[line]) == lower(right[column]) ? 0 : 1;
      const auto best = std::min({row[column] + 1, row[column + 1] + 1, diagonal + change});
      diagonal = std::exchange(row[column + 1], best);
    }
  }
  return row[right.size()];
}

} // namespace nats_mcp
