// SPDX-License-Identifier: MIT
#include "protocol/text.hpp"

#include "protocol/json/utf8.hpp"

#include <algorithm>
#include <array>
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

struct range {
  char32_t first;
  char32_t last;
};

/// Control characters, line separators, what turns the direction of text, and what is invisible and
/// yet read by a machine, such as the tag characters. What joins letters and emoji stays.
constexpr std::array disturbing{
  range{0x0000, 0x001f}, range{0x007f, 0x009f},   range{0x00ad, 0x00ad},   range{0x034f, 0x034f},
  range{0x061c, 0x061c}, range{0x115f, 0x1160},   range{0x17b4, 0x17b5},   range{0x180b, 0x180f},
  range{0x200b, 0x200b}, range{0x200e, 0x200f},   range{0x2028, 0x202e},   range{0x2060, 0x206f},
  range{0x3164, 0x3164}, range{0xfe00, 0xfe0d},   range{0xfeff, 0xfeff},   range{0xffa0, 0xffa0},
  range{0xfff9, 0xfffb}, range{0x1d173, 0x1d17a}, range{0xe0000, 0xe007f}, range{0xe0100, 0xe01ef},
};
/// Spaces of any width.
constexpr std::array blank{
  range{U'\t', U'\t'},   range{U' ', U' '},     range{0x00a0, 0x00a0},
  range{0x1680, 0x1680}, range{0x2000, 0x200a}, range{0x202f, 0x202f},
  range{0x205f, 0x205f}, range{0x2800, 0x2800}, range{0x3000, 0x3000},
};
/// What joins letters and emoji, and is not seen where there are none.
constexpr std::array joining{range{0x200c, 0x200d}, range{0xfe0e, 0xfe0f}};

template <std::size_t Count>
bool is_in(char32_t code, const std::array<range, Count>& ranges) noexcept {
  return std::any_of(ranges.begin(), ranges.end(),
                     [code](const range& one) { return code >= one.first && code <= one.last; });
}

bool disturbs(char32_t code) noexcept { return is_in(code, disturbing); }

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

/// What `many_lines` makes of one character, in bytes.
std::size_t bytes_shown(const character& one) noexcept {
  if (!one.valid) {
    return 3; // U+FFFD
  }
  if (!disturbs(one.code) || one.code == U'\n' || one.code == U'\t') {
    return one.length;
  }
  return one.code == U'\r' ? 2 : one.code > 0xffff ? 10 : 6;
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

std::size_t shown_bytes(std::string_view text) noexcept {
  std::size_t bytes = 0;
  while (!text.empty()) {
    const auto plain = plain_length(text);
    bytes += plain;
    text.remove_prefix(plain);
    if (!text.empty()) {
      const auto next = front(text);
      bytes += bytes_shown(next);
      text.remove_prefix(next.length);
    }
  }
  return bytes;
}

std::string_view first_shown(std::string_view text, std::size_t bytes) noexcept {
  std::size_t taken = 0;
  for (std::size_t shown = 0; taken < text.size();) {
    const auto next = front(text.substr(taken));
    shown += bytes_shown(next);
    if (shown > bytes) {
      break;
    }
    taken += next.length;
  }
  return text.substr(0, taken);
}

std::string beginning_as_seen(std::string_view line, std::size_t bytes) {
  std::string out;
  while (!line.empty() && out.size() < bytes) {
    const auto next = front(line);
    const bool space = next.valid && is_in(next.code, blank);
    if (space || next.code == U'\\') {
      out += out.empty() ? "" : space ? " " : "\\";
    } else if (!next.valid || !is_in(next.code, joining)) {
      out += line.substr(0, next.length);
    }
    line.remove_prefix(next.length);
  }
  return out;
}

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
