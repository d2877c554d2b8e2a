// SPDX-License-Identifier: MIT
#include "protocol/messaging/stranger_payload.hpp"

#include "protocol/limits.hpp"
#include "protocol/text.hpp"

namespace nats_mcp::messaging {

namespace {

/// With an offset and nanoseconds; longer ones are noise.
constexpr std::size_t timestamp_characters_max = 35;

} // namespace

std::string shown_payload(std::string_view payload) {
  if (!is_utf8(payload)) {
    return "(unreadable: " + std::to_string(payload.size()) + " bytes that are no text)";
  }
  return first_characters(payload, limits::foreign_payload_shown_max);
}

std::string shown_timestamp(std::string_view written, wall_time stored_at) {
  return written.size() <= timestamp_characters_max && parse_rfc3339(written)
           ? std::string{written}
           : to_rfc3339(stored_at);
}

} // namespace nats_mcp::messaging
