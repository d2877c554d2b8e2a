// SPDX-License-Identifier: MIT
// Why a direct message was not stored, in the sender's words. Pure.
#pragma once

#include "protocol/error.hpp"

#include <string_view>

namespace nats_mcp::messaging {

struct addressee {
  std::string_view handle;
  std::string_view guid;
};

/// What the sender of message `id` is told about a failed publish. The code stays as it is: an
/// outcome that is not known is said to be so, with the id to look for.
[[nodiscard]] error why_not_stored(const error& why, addressee to, std::string_view id);

} // namespace nats_mcp::messaging
