// SPDX-License-Identifier: MIT
// Text of other agents inside our answers: data, never interpreted, and never able to pass for a
// line of ours. Every renderer takes foreign text through here.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace nats_mcp::tools {

/// A foreign text that begins in the middle of one of our lines. Its further lines stand as they
/// came unless they imitate one of our headers: those get a leading `\`. Control characters are
/// escaped.
[[nodiscard]] std::string shown_within_line(std::string_view text);
/// @param beginnings of more lines that count as ours.
[[nodiscard]] std::string shown_within_line(std::string_view text,
                                            std::span<const std::string_view> beginnings);

/// A foreign text that begins a line of its own: its first line is looked at too.
[[nodiscard]] std::string shown_as_lines(std::string_view text);
/// The same in an answer whose other lines begin in these ways as well.
[[nodiscard]] std::string shown_as_lines(std::string_view text,
                                         std::span<const std::string_view> beginnings);

/// A name somebody goes by, in the middle of one of our lines: what could end it there (`*`, `(`,
/// `)`, `[`, `]`, a backtick) is shown escaped like a control character. Handles hold none of that.
[[nodiscard]] std::string shown_name(std::string_view name);

/// Whether a line could be taken for one that an answer of ours contains.
[[nodiscard]] bool imitates_header(std::string_view text);

} // namespace nats_mcp::tools
