// SPDX-License-Identifier: MIT
// What a NATS server says of itself to an ordinary user, from 2.10 on: `$SYS.REQ.USER.INFO`. Older
// ones do not answer; then it is not known.
#pragma once

#include "protocol/time.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace nats_mcp::jetstream {

struct server_identity {
  /// Such as `2.10.27`; empty = not told.
  std::string version;
  /// The server's clock when it answered.
  std::optional<wall_time> time;
};

/// Where to ask.
inline constexpr std::string_view server_identity_subject = "$SYS.REQ.USER.INFO";

/// Reads the answer; what cannot be read is not known.
[[nodiscard]] server_identity parse_server_identity(std::string_view body);

} // namespace nats_mcp::jetstream
