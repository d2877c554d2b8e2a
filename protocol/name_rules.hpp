// SPDX-License-Identifier: MIT
// The rules for names that users choose and that become NATS subjects, each in one place for tool
// arguments, configuration and wire.
#pragma once

#include "protocol/json/field.hpp"

#include <string_view>

namespace nats_mcp {

/// `^[a-z0-9-]{1,64}$`; broken, the seed's sentence on channel names comes first.
[[nodiscard]] const json::text_rule& channel_name_rule() noexcept;

/// `^[a-z0-9-]{1,64}$`.
[[nodiscard]] const json::text_rule& handle_rule() noexcept;

/// `^[a-z0-9-]{1,64}$`, and none of the names the system keeps for itself.
[[nodiscard]] const json::text_rule& namespace_rule() noexcept;

} // namespace nats_mcp
