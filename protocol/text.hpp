// SPDX-License-Identifier: MIT
// Text that others wrote, made safe to show: valid UTF-8, no control characters that could move a
// cursor, hide a line or turn its direction round. Everything an agent reads goes through here.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace nats_mcp {

/// For a place within a line: every control character is shown escaped, line feeds and tabs
/// included. Broken UTF-8 becomes U+FFFD.
[[nodiscard]] std::string one_line(std::string_view text);

/// For a text of its own: line feeds and tabs stand as they came, other control characters are
/// shown escaped (`\u001b`, `\r`). Broken UTF-8 becomes U+FFFD.
[[nodiscard]] std::string many_lines(std::string_view text);

/// How many bytes `many_lines(text)` has.
[[nodiscard]] std::size_t shown_bytes(std::string_view text) noexcept;

/// The longest beginning of `text` of which `many_lines` makes `bytes` at most.
[[nodiscard]] std::string_view first_shown(std::string_view text, std::size_t bytes) noexcept;

/// The first `bytes` of a line as somebody sees it who reads it: blanks and backslashes before it
/// left out, any blank as a space, and without what is invisible.
[[nodiscard]] std::string beginning_as_seen(std::string_view line, std::size_t bytes);

/// Whether `text` is valid UTF-8.
[[nodiscard]] bool is_utf8(std::string_view text) noexcept;

/// How many characters (code points) the UTF-8 text has.
[[nodiscard]] std::size_t count_characters(std::string_view text) noexcept;

/// A number with its noun: `1 message`, `2 messages`. @param one the noun for one of them.
[[nodiscard]] std::string counted(std::uint64_t count, std::string_view one);

/// At most `characters` of `text`, then `…` if something was cut off.
[[nodiscard]] std::string first_characters(std::string_view text, std::size_t characters);

/// `text` without the spaces and tabs at either end.
[[nodiscard]] std::string_view trimmed(std::string_view text) noexcept;

/// Whether the two differ at most in the case of ASCII letters.
[[nodiscard]] bool equal_but_for_case(std::string_view left, std::string_view right) noexcept;

/// How many single-character changes turn one into the other; ASCII letters of either case are
/// equal.
[[nodiscard]] std::size_t edit_distance(std::string_view left, std::string_view right);

} // namespace nats_mcp
