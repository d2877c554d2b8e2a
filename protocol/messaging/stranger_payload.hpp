// SPDX-License-Identifier: MIT
// What a reader is shown where a payload is not one of ours, or not in every member: anybody may
// write to a stream, and what is stored there is shown, never hidden.
#pragma once

#include "protocol/time.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace nats_mcp::messaging {

/// The sender shown for a payload that names none.
inline constexpr std::string_view unknown_sender = "unknown";

/// What one byte of a payload may become when it is shown, at most: `\u007f`.
inline constexpr std::size_t growth_max = 6;

/// The payload as a text, shortened; a sentence in its place when it is no text.
[[nodiscard]] std::string shown_payload(std::string_view payload);

/// The text of a message as far as an answer has room for it: what is behind is cut off, and a note
/// says so.
[[nodiscard]] std::string fitting_text(std::string text);

/// How much of an answer a message with this payload takes, in bytes.
[[nodiscard]] std::size_t room_taken_by(std::string_view payload) noexcept;

/// The sender's time stamp as it was written if it is one, else the server's.
[[nodiscard]] std::string shown_timestamp(std::string_view written, wall_time stored_at);

} // namespace nats_mcp::messaging
