// SPDX-License-Identifier: MIT
#include "protocol/json/flat_object.hpp"

#include "protocol/json/utf8.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace nats_mcp::json {

namespace {

/// Larger objects are not what this is for.
constexpr std::size_t members_max = 16;
/// Of what fits 64 bits. The parser refuses numbers beyond every exponent.
constexpr std::size_t digits_max = 20;

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

/// What a character stands for after a backslash; NUL for all that is not plain.
char unescaped(char c) noexcept {
  switch (c) {
    case '"':
    case '\\':
    case '/':
      return c;
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    default:
      return '\0';
  }
}

class flat_reader {
public:
  explicit flat_reader(std::string_view text) noexcept
    : rest_{text} {
    // nop
  }

  bool take(char expected) noexcept {
    if (rest_.empty() || rest_.front() != expected) {
      return false;
    }
    rest_.remove_prefix(1);
    return true;
  }

  /// NATS writes a space behind it.
  bool take_comma() noexcept {
    const bool taken = take(',');
    if (taken) {
      rest_.remove_prefix(std::min(rest_.find_first_not_of(' '), rest_.size()));
    }
    return taken;
  }

  [[nodiscard]] bool at_end() const noexcept { return rest_.empty(); }

  bool read(flat_member& member) {
    std::string key;
    if (const auto whole = rest_; string(key)) {
      member.key = whole.substr(1, key.size());
      return member.key == key && take(':') && value(member);
    }
    return false;
  }

private:
  bool value(flat_member& member) {
    member.is_string = !rest_.empty() && rest_.front() == '"';
    return member.is_string ? string(member.text) : digits(member.text);
  }

  bool string(std::string& out) {
    if (!take('"')) {
      return false;
    }
    std::size_t at = 0;
    std::size_t copied = 0; // everything before it is in `out`
    while (at < rest_.size()) {
      const char c = rest_[at];
      if (c == '"') {
        out.append(rest_, copied, at - copied);
        rest_.remove_prefix(at + 1);
        return true;
      }
      if (c == '\\') {
        const char meant = at + 1 < rest_.size() ? unescaped(rest_[at + 1]) : '\0';
        if (meant == '\0') {
          return false;
        }
        out.append(rest_, copied, at - copied);
        out += meant;
        at += 2;
        copied = at;
        continue;
      }
      const auto length = character_length(at);
      if (length == 0) {
        return false;
      }
      at += length;
    }
    return false;
  }

  /// Bytes of the character at `at`; 0 when none may stand there unescaped.
  [[nodiscard]] std::size_t character_length(std::size_t at) const noexcept {
    const auto first = static_cast<unsigned char>(rest_[at]);
    if (first < 0x80) {
      return first < ' ' ? 0 : 1;
    }
    return sequence_length(rest_.substr(at));
  }

  bool digits(std::string& out) {
    const auto end = static_cast<std::size_t>(std::find_if_not(rest_.begin(), rest_.end(), is_digit)
                                              - rest_.begin());
    if (end == 0 || end > digits_max || (end > 1 && rest_.front() == '0')) {
      return false;
    }
    out = rest_.substr(0, end);
    rest_.remove_prefix(end);
    return true;
  }

  std::string_view rest_;
};

} // namespace

std::optional<std::vector<flat_member>> read_flat_object(std::string_view text) {
  flat_reader reader{text};
  std::vector<flat_member> members;
  if (!reader.take('{')) {
    return std::nullopt;
  }
  do {
    if (members.size() == members_max || !reader.read(members.emplace_back())) {
      return std::nullopt;
    }
  } while (reader.take_comma());
  if (!reader.take('}') || !reader.at_end()) {
    return std::nullopt;
  }
  return members;
}

std::string* find_text(std::vector<flat_member>& members, std::string_view key) {
  const auto found = std::find_if(members.rbegin(), members.rend(),
                                  [key](const flat_member& each) { return each.key == key; });
  return found == members.rend() || !found->is_string ? nullptr : &found->text;
}

} // namespace nats_mcp::json
