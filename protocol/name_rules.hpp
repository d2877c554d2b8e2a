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

/// A UUID as this system writes them: 36 characters, lower case.
[[nodiscard]] const json::text_rule& guid_rule() noexcept;

/// 1 to 64 bytes of any text. Bytes, since a capability becomes a token of a subject; no pattern
/// can say that. Capabilities are compared with `equal_but_for_case`.
[[nodiscard]] const json::text_rule& capability_rule() noexcept;

/// `_INBOX` and more of the same token: nothing else begins so.
[[nodiscard]] const json::text_rule& inbox_prefix_rule() noexcept;

/// `^[a-z0-9-]{1,64}$`, and none of the names the system keeps for itself.
[[nodiscard]] const json::text_rule& namespace_rule() noexcept;

} // namespace nats_mcp
