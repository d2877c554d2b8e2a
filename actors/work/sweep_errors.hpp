// SPDX-License-Identifier: MIT
// What a failure met by a sweep means for the rest of it.
#pragma once

#include "protocol/error.hpp"

namespace nats_mcp {

/// NATS is away, not answering, or refuses everybody: the next thing would fare no better.
[[nodiscard]] inline bool concerns_all(const error& why) noexcept {
  switch (why.code) {
    case ec::jetstream_error:
    case ec::permission_denied:
    case ec::malformed:
    case ec::limit_exceeded:
    case ec::conflict:
    case ec::not_found:
      return false;
    default:
      return true;
  }
}

} // namespace nats_mcp
