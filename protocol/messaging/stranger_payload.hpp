// SPDX-License-Identifier: MIT
// What a reader is shown where a payload is not one of ours, or not in every member: anybody may
// write to a stream, and what is stored there is shown, never hidden.
#pragma once

#include "protocol/time.hpp"

#include <string>
#include <string_view>

namespace nats_mcp::messaging {

/// The sender shown for a payload that names none.
inline constexpr std::string_view unknown_sender = "unknown";

/// The payload as a text, shortened; a sentence in its place when it is no text.
[[nodiscard]] std::string shown_payload(std::string_view payload);

/// The sender's time stamp as it was written if it is one, else the server's.
[[nodiscard]] std::string shown_timestamp(std::string_view written, wall_time stored_at);

} // namespace nats_mcp::messaging
