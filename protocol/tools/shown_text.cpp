// SPDX-License-Identifier: MIT
#include "protocol/tools/shown_text.hpp"

#include "protocol/text.hpp"

#include <algorithm>
#include <array>

namespace nats_mcp::tools {

namespace {

/// How the lines of our answers begin, those of all tools.
constexpr std::array<std::string_view, 7> common_beginnings{
  "Messages from #", "No messages in #", "Next: after=", "Next: cursor=", "**", "---", "## ",
};

/// No beginning of a line of ours is longer.
constexpr std::size_t beginning_bytes_max = 64;

/// Blanks before it do not make it another line to a reader, nor do backslashes: a line that has
/// one already gets one more, so that ours can always be told apart.
std::string as_read(std::string_view line) { return beginning_as_seen(line, beginning_bytes_max); }

/// What stands around names in our lines.
constexpr std::string_view marks_around_names = "*()[]`";

bool begins(std::string_view line, std::span<const std::string_view> beginnings) noexcept {
  return std::any_of(beginnings.begin(), beginnings.end(),
                     [line](auto beginning) { return line.starts_with(beginning); });
}

std::string shown(std::string_view text, bool first_line_counts,
                  std::span<const std::string_view> beginnings) {
  const auto safe = many_lines(text);
  std::string out;
  out.reserve(safe.size());
  std::string_view rest = safe;
  for (bool look = first_line_counts;; look = true) {
    const auto end = rest.find('\n');
    const auto line = rest.substr(0, end);
    if (look && (imitates_header(line) || begins(as_read(line), beginnings))) {
      out += '\\';
    }
    out += line;
    if (end == std::string_view::npos) {
      return out;
    }
    out += '\n';
    rest.remove_prefix(end + 1);
  }
}

} // namespace

std::string shown_within_line(std::string_view text) { return shown(text, false, {}); }

std::string shown_within_line(std::string_view text, std::span<const std::string_view> beginnings) {
  return shown(text, false, beginnings);
}

std::string shown_as_lines(std::string_view text) { return shown(text, true, {}); }

std::string shown_as_lines(std::string_view text, std::span<const std::string_view> beginnings) {
  return shown(text, true, beginnings);
}

std::string shown_name(std::string_view name) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out;
  for (const char letter : one_line(name)) {
    if (marks_around_names.find(letter) == std::string_view::npos) {
      out += letter;
    } else {
      const auto code = static_cast<unsigned char>(letter);
      out += "\\u00";
      out += digits[code >> 4U];
      out += digits[code & 0xfU];
    }
  }
  return out;
}

bool imitates_header(std::string_view text) {
  const auto line = as_read(text);
  // A message's head `[2026-01-15T10:00:00Z] **handle**: ` or a note such as `[2 unread …]`.
  if (line.size() > 1 && line[0] == '[' && line[1] >= '0' && line[1] <= '9') {
    return true;
  }
  return begins(line, common_beginnings);
}

} // namespace nats_mcp::tools
