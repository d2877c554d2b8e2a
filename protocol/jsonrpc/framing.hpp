// SPDX-License-Identifier: MIT
// Newline framing (MCP, basic/transports: stdio): byte chunks of any size in, lines out. Forgiving
// about what is around a message (carriage returns, blank lines, a byte order mark at the very
// start); what is inside is the parser's business. Used by one thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nats_mcp::jsonrpc {

/// What the client sent up to a line feed.
struct framed_line {
  enum class state : std::uint8_t {
    /// `text` is the line, without its end and never blank.
    complete,
    /// Longer than limits::line_bytes_max: its bytes are gone, `text` is empty.
    overlong,
  };

  state condition = state::complete;
  std::string text;

  friend bool operator==(const framed_line&, const framed_line&) = default;
};

/// Cuts a stream of bytes into lines. Holds at most one line of limits::line_bytes_max bytes.
class framing {
public:
  /// Takes the next bytes; returns the lines they complete, in order. An overlong line is reported
  /// as soon as it is known to be one, once, and skipped up to its line feed.
  [[nodiscard]] std::vector<framed_line> feed(std::string_view chunk);

  /// The stream has ended: the last line, if it had no line feed.
  [[nodiscard]] std::optional<framed_line> end_of_stream();

private:
  void append(std::string_view part, std::vector<framed_line>& lines);
  [[nodiscard]] std::optional<framed_line> complete();

  std::string partial_;
  bool skipping_ = false;
  bool first_line_ = true;
};

} // namespace nats_mcp::jsonrpc
