// SPDX-License-Identifier: MIT
// Time as values. Nothing here knows what time it is: `now` is always an argument, read from a
// clock only in `transport/`, in `main` and from the actor clock.
#pragma once

#include "protocol/error.hpp"

#include <chrono>
#include <string>
#include <string_view>

namespace nats_mcp {

/// A point on the process's monotonic clock: deadlines, timers. The actor clock counts in the same
/// type.
using monotonic_time = std::chrono::steady_clock::time_point;

/// A point in civil time, UTC, to the millisecond: what stands in payloads and answers.
using wall_time = std::chrono::time_point<std::chrono::system_clock, std::chrono::milliseconds>;

/// RFC 3339 in UTC with milliseconds, such as `2025-01-15T10:00:00.000Z`.
[[nodiscard]] std::string to_rfc3339(wall_time time);

/// Reads RFC 3339 with any offset and any number of fraction digits (kept to the millisecond).
/// @returns `ec::malformed` for anything else, leap seconds and dates that do not exist included.
[[nodiscard]] result<wall_time> parse_rfc3339(std::string_view text);

/// Reads a duration such as `7d`, `24h`, `30m`, `45s` or `500ms`; one unit, a whole number above
/// zero.
[[nodiscard]] result<std::chrono::milliseconds> parse_duration(std::string_view text);

/// The shortest text that `parse_duration` reads back, such as `7d` or `90s`.
[[nodiscard]] std::string to_text(std::chrono::milliseconds duration);

} // namespace nats_mcp
