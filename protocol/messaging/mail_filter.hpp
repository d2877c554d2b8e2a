// SPDX-License-Identifier: MIT
// What a reader of an inbox wants of the mail in it, and how much of that.
#pragma once

#include "protocol/limits.hpp"
#include "protocol/tools/direct_message_tools.hpp"

#include <cstddef>
#include <optional>
#include <string>

namespace nats_mcp::messaging {

/// Which messages a reader wants; what is absent does not matter.
struct mail_filter {
  std::optional<tools::message_type> type;
  std::optional<std::string> sender_guid;

  [[nodiscard]] bool admits(const tools::direct_message& message) const;
  /// Whether there are messages it does not admit.
  [[nodiscard]] bool wants_some() const noexcept { return type || sender_guid; }
};

/// How much one answer may hold. A first message larger than `bytes` is shown alone.
struct mail_portion {
  std::size_t messages = 1;
  std::size_t bytes = limits::read_bytes_max;
};

} // namespace nats_mcp::messaging
