// SPDX-License-Identifier: MIT
// Server-sent events as they stand in the stream of a response (WHATWG HTML, "Server-sent events"),
// with ids by which a page that comes back gets only what it missed. Pure.
#pragma once

#include "protocol/coordination/overview.hpp"
#include "protocol/time.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace nats_mcp::http {

/// What a stream begins with: how soon to come back after a loss.
[[nodiscard]] std::string stream_opening();

/// @param incarnation of the server, so that an id of another one is known as such.
[[nodiscard]] std::string stream_event(std::string_view incarnation, std::uint64_t number,
                                       const coordination::overview_event& event);

/// An event without id that says what time it is; also shows that somebody is there.
[[nodiscard]] std::string stream_beat(wall_time now);

/// The number in the id of this incarnation's event; nothing for another one's, or none.
[[nodiscard]] std::optional<std::uint64_t> event_number(std::string_view incarnation,
                                                        std::string_view id);

} // namespace nats_mcp::http
