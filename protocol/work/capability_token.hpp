// SPDX-License-Identifier: MIT
// A capability as a token of a subject (docs/wire.md, "Work"): any text becomes a token that no
// wildcard and no dot can hide in, and that can be read back.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace nats_mcp::work {

/// ASCII letters in lower case, every byte outside `[a-z0-9_-]` as `=` and two upper-case hex
/// digits. Two capabilities share a token exactly when they are `equal_but_for_case`.
[[nodiscard]] std::string capability_token(std::string_view capability);

/// The capability in lower case; nothing for what `capability_token` never writes, personal tokens
/// included.
[[nodiscard]] std::optional<std::string> capability_of(std::string_view token);

/// What personal tokens begin with. No capability token does: it has capital letters only behind a
/// `=`. Nor may it be an `@`: between the nodes of a cluster nats-server puts one between the
/// subject for acknowledgements and the message's own, and a message whose subject has another one
/// in it arrives with both cut in the wrong place.
inline constexpr std::string_view personal_token_begin = "AGENT-";
/// `AGENT-<guid>`: in place of a capability, work for one agent alone.
[[nodiscard]] std::string personal_token(std::string_view guid);

} // namespace nats_mcp::work
