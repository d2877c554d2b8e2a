// SPDX-License-Identifier: MIT
#include "protocol/messaging/stranger_payload.hpp"

#include "protocol/limits.hpp"
#include "protocol/text.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace nats_mcp::messaging {

namespace {

/// With an offset and nanoseconds; longer ones are noise.
constexpr std::size_t timestamp_characters_max = 35;
/// One message alone always fits, as text and structured as well: JSON makes two bytes of a quote,
/// and a line that imitates ours gets a backslash.
constexpr std::size_t text_bytes_max = 2 * 1024 * 1024;
static_assert(4 * text_bytes_max < limits::line_bytes_max);

} // namespace

std::string shown_payload(std::string_view payload) {
  if (!is_utf8(payload)) {
    return "(unreadable: " + std::to_string(payload.size()) + " bytes that are no text)";
  }
  return first_characters(payload, limits::foreign_payload_shown_max);
}

std::string fitting_text(std::string text) {
  if (text.size() <= text_bytes_max / growth_max || shown_bytes(text) <= text_bytes_max) {
    return text;
  }
  const auto all = text.size();
  text.resize(first_shown(text, text_bytes_max).size());
  const auto shown = std::to_string(text.size());
  return text + "\n(cut off: " + shown + " of " + std::to_string(all) + " bytes)";
}

std::size_t room_taken_by(std::string_view payload) noexcept {
  return std::min(shown_bytes(payload), limits::read_bytes_max);
}

std::string shown_timestamp(std::string_view written, wall_time stored_at) {
  return written.size() <= timestamp_characters_max && parse_rfc3339(written)
           ? std::string{written}
           : to_rfc3339(stored_at);
}

} // namespace nats_mcp::messaging
