// SPDX-License-Identifier: MIT
// What is logged, as a value, and its two forms as text. Pure: the time is an argument, and nothing
// leaves this file with a credential in it.
#pragma once

#include "protocol/error.hpp"
#include "protocol/time.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace nats_mcp::logging {

enum class level : std::uint8_t { debug, info, warning, error };

/// The level as LOG_LEVEL writes it: DEBUG, INFO, WARN, ERROR.
[[nodiscard]] std::string_view to_string(level value) noexcept;

/// Reads LOG_LEVEL without regard to case.
[[nodiscard]] std::optional<level> parse_level(std::string_view text) noexcept;

enum class format : std::uint8_t { json, text };

/// Reads LOG_FORMAT: "json" or "text", without regard to case.
[[nodiscard]] std::optional<format> parse_format(std::string_view text) noexcept;

/// A named value of an event. Sizes, ids and durations (with the unit in the name) belong here;
/// payloads do not.
struct field {
  std::string name;
  std::variant<std::string, std::int64_t, double, bool> value;
};

/// One thing that happened.
struct event {
  level severity = level::info;
  /// Where, such as "gateway".
  std::string component;
  /// What, for machines: stable, dotted, lower case, such as "gateway.disconnected".
  std::string id;
  /// What, for people; one sentence.
  std::string message;
  std::vector<field> fields;
};

/// One JSON object on one line, without line feed: `time`, `level`, `component`, `event`,
/// `message`, then the fields (inside `fields`). At most `limits::log_text_bytes_max` bytes of any
/// one text.
[[nodiscard]] std::string to_json_line(const event& happened, wall_time time);

/// One line for people, without line feed: `<time> <LEVEL> <component> <id>: <message> name=value
/// …`.
[[nodiscard]] std::string to_text_line(const event& happened, wall_time time);

} // namespace nats_mcp::logging
