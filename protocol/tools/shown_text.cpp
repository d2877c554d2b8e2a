// SPDX-License-Identifier: MIT
#include "protocol/tools/shown_text.hpp"

#include "protocol/text.hpp"

#include <algorithm>
#include <array>

namespace nats_mcp::tools {

namespace {

/// How the lines of our answers begin, those of all tools.
constexpr std::array<std::string_view, 6> beginnings{
  "Messages from #", "No messages in #", "Next: after=", "**", "---", "## ",
};

std::string shown(std::string_view text, bool first_line_counts) {
  const auto safe = many_lines(text);
  std::string out;
  out.reserve(safe.size());
  std::string_view rest = safe;
  for (bool look = first_line_counts;; look = true) {
    const auto end = rest.find('\n');
    const auto line = rest.substr(0, end);
    if (look && imitates_header(line)) {
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

std::string shown_within_line(std::string_view text) { return shown(text, false); }

std::string shown_as_lines(std::string_view text) { return shown(text, true); }

bool imitates_header(std::string_view line) noexcept {
  // Blanks before it do not make it another line to a reader, nor do backslashes: a line that has
  // one already gets one more, so that ours can always be told apart.
  line.remove_prefix(std::min(line.find_first_not_of(" \t\\"), line.size()));
  if (line.empty()) {
    return false;
  }
  // A message's head `[2026-01-15T10:00:00Z] **handle**: ` or a note such as `[2 unread …]`.
  if (line.size() > 1 && line[0] == '[' && line[1] >= '0' && line[1] <= '9') {
    return true;
  }
  return std::any_of(beginnings.begin(), beginnings.end(), [line](auto beginning) {
    return line.substr(0, beginning.size()) == beginning;
  });
}

} // namespace nats_mcp::tools
