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

/// Blanks before it do not make it another line to a reader, nor do backslashes: a line that has
/// one already gets one more, so that ours can always be told apart.
std::string_view as_read(std::string_view line) noexcept {
  line.remove_prefix(std::min(line.find_first_not_of(" \t\\"), line.size()));
  return line;
}

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

bool imitates_header(std::string_view line) noexcept {
  line = as_read(line);
  // A message's head `[2026-01-15T10:00:00Z] **handle**: ` or a note such as `[2 unread …]`.
  if (line.size() > 1 && line[0] == '[' && line[1] >= '0' && line[1] <= '9') {
    return true;
  }
  return begins(line, common_beginnings);
}

} // namespace nats_mcp::tools
