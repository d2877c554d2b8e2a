// SPDX-License-Identifier: MIT
// What every fuzz target holds the codecs to, whatever bytes come in. A promise that is broken ends
// the process, so that libFuzzer keeps the input and the replay of the corpus fails. The checks
// share no code with what they check.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace nats_mcp::fuzz {

/// Says which promise was broken and by what, and aborts.
[[noreturn]] void broken(std::string_view promise, std::string_view seen);

/// @param seen what broke it; shown escaped.
inline void require(bool kept, std::string_view promise, std::string_view seen) {
  if (!kept) {
    broken(promise, seen);
  }
}

/// Whether the text is UTF-8 and can be shown: nothing in it moves a cursor, turns the direction of
/// text or is invisible. Line feeds and tabs are allowed.
[[nodiscard]] bool is_showable(std::string_view text) noexcept;

/// The same, and all of it on one line.
[[nodiscard]] bool is_showable_line(std::string_view text) noexcept;

/// Whether the text is one line of UTF-8 JSON as it may stand on a wire: no raw control character.
[[nodiscard]] bool is_json_line(std::string_view text);

/// Whether NATS takes the text for one token: neither empty nor a wildcard, no dot, no blank, no
/// control character, ASCII alone.
[[nodiscard]] bool is_subject_token(std::string_view text) noexcept;

/// Whether all tokens of the text are; how a subject of ours looks that is published to.
[[nodiscard]] bool is_plain_subject(std::string_view text) noexcept;

/// Longest sentence of one failure that codecs may make, in bytes.
inline constexpr std::size_t sentence_bytes_max = 4096;

/// A sentence for a reader: it says something, can be shown, and is at most `bytes_max` long.
void require_sentence(std::string_view text, std::size_t bytes_max);

/// What an answer or a log shows.
void require_showable(std::string_view text, std::string_view promise);

/// Takes a fuzzer's bytes apart: what decides in front, what is read behind.
class input {
public:
  explicit input(std::string_view bytes) noexcept
    : rest_{bytes} {
    // nop
  }

  /// The next byte; 0 at the end.
  std::uint8_t byte() noexcept;
  /// One of `count` possibilities. @pre count > 0
  std::size_t choice(std::size_t count) noexcept { return byte() % count; }
  /// Up to the next line feed, which goes too.
  std::string_view line() noexcept;
  /// Up to the next line that is `%%`, which goes too.
  std::string_view section() noexcept;
  [[nodiscard]] std::string_view rest() const noexcept { return rest_; }
  [[nodiscard]] bool at_end() const noexcept { return rest_.empty(); }

private:
  std::string_view up_to(std::string_view mark) noexcept;

  std::string_view rest_;
};

} // namespace nats_mcp::fuzz
