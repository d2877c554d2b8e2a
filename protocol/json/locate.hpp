// SPDX-License-Identifier: MIT
// Line numbers in a JSON text, for messages that send a person to the right line of a file. The
// JSON library does not keep them, so a small scanner finds them.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nats_mcp::json {

/// Where the parts of one JSON text stand.
struct locations {
  /// By RFC 6901 pointer: the line (from 1) of a member's key, or of a list's item.
  std::map<std::string, std::size_t> lines;
  /// Pointers of members that stand there twice.
  std::vector<std::string> repeated;
};

/// Scans a text that `parse` accepts. Any other text yields what was found up to its first fault,
/// and a text whose places would take megabytes those that stand first.
[[nodiscard]] locations locate(std::string_view text);

/// The line of `pointer`, or of the nearest thing around it that has one.
[[nodiscard]] std::size_t line_of(const locations& known, std::string_view pointer);

/// What is wrong with a text that is no JSON, and where.
struct syntax_fault {
  std::size_t line = 0;
  /// Such as `unexpected ',' …`. Repeats nothing of the text.
  std::string reason;
};

/// The first fault of `text`, or nothing if it is JSON.
[[nodiscard]] std::optional<syntax_fault> find_syntax_fault(std::string_view text);

} // namespace nats_mcp::json
