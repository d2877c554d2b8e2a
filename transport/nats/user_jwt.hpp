// SPDX-License-Identifier: MIT
// What a NATS user's JWT says of itself. Nobody looks at its signature here, the server does; but
// the server's refusal does not tell an expired one from one it never knew.
#pragma once

#include "protocol/time.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace nats_mcp::transport {

struct user_jwt {
  /// The public key (`U…`) it is for.
  std::string subject;
  /// `user`, if whoever made it meant it for one.
  std::string type;
  /// The account (`A…`) or signing key that signed it.
  std::string issuer;
  /// Not valid before and after; absent = no such bound.
  std::optional<wall_time> begins;
  std::optional<wall_time> expires;
};

/// Reads the claims of a JWT. @returns nothing for what is none.
[[nodiscard]] std::optional<user_jwt> read_user_jwt(std::string_view text);

} // namespace nats_mcp::transport
