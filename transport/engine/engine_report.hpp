// SPDX-License-Identifier: MIT
// The one line an engine's parent says to the client that started it, through the pipe of
// `local run --report-descriptor`: the engine answers, somebody else has the store, or why not.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace nats_mcp::transport {

/// How the start of an engine went.
enum class start_outcome { ready, taken, failed };

/// The parent's line.
struct engine_report {
  start_outcome outcome = start_outcome::failed;
  /// For `failed`: a sentence for the user.
  std::string message;

  friend bool operator==(const engine_report&, const engine_report&) = default;
};

/// One line of JSON with its line end.
[[nodiscard]] std::string write_report(const engine_report& report);
/// Reads such a line, with or without its end; absent for anything else.
[[nodiscard]] std::optional<engine_report> parse_report(std::string_view line);

} // namespace nats_mcp::transport
