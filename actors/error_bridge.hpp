// SPDX-License-Identifier: MIT
// `nats_mcp::error` inside a `caf::error` and back: the only place that knows how our codes travel
// between actors.
#pragma once

#include "protocol/error.hpp"

#include <caf/atom.hpp>
#include <caf/error.hpp>
#include <caf/make_message.hpp>
#include <caf/message.hpp>

#include <string>
#include <string_view>

CAF_ERROR_CODE_ENUM(nats_mcp::ec, "natsmcp")

namespace nats_mcp {

/// The same failure, ready to be delivered to a requester.
[[nodiscard]] caf::error to_caf(const error& failure);

/// What an actor ends with when `what` was thrown in it. Whoever waits for an answer reads a
/// sentence that `from_caf` makes of it; its supervisor reads `what` itself.
[[nodiscard]] caf::error crash_to_caf(std::string what);

/// The text given to `crash_to_caf`, or null when `failure` was not made by it.
[[nodiscard]] const std::string* crash_text(const caf::error& failure);

/// The failure as an `error`. CAF's own codes become `crashed` or `unavailable` and name `part`,
/// the actor the request was sent to, such as "channels".
[[nodiscard]] error from_caf(const caf::error& failure, std::string_view part);

} // namespace nats_mcp
