// SPDX-License-Identifier: MIT
// Which entries of our buckets that nobody of us wrote are worth a line in the log. Anybody with
// the permission may put anything there, and every reader passes over it; whoever looks after the
// system should know, once, however often it is read or written.
#pragma once

#include "protocol/logging/event.hpp"

#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace nats_mcp::logging {

class stranger_journal {
public:
  /// @returns what to log, if anything: `storage.unreadable`, once per key; for the last of
  /// `limits::unreadable_told_max` keys it says that others are not told of.
  [[nodiscard]] std::optional<event> on(std::string_view bucket, std::string_view key,
                                        std::size_t value_bytes);

private:
  std::set<std::string, std::less<>> told_;
};

} // namespace nats_mcp::logging
