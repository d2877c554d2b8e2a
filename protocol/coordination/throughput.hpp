// SPDX-License-Identifier: MIT
// What was done in each minute of the last hour, by the server's clock. Pure and bounded.
#pragma once

#include "protocol/time.hpp"

#include <cstdint>
#include <map>
#include <vector>

namespace nats_mcp::coordination {

struct minute_counts {
  std::uint64_t offered = 0;
  std::uint64_t claimed = 0;
  std::uint64_t completed = 0;
  /// Attempts that failed, fell silent or were given back.
  std::uint64_t failed = 0;
  std::uint64_t dead = 0;

  friend bool operator==(const minute_counts&, const minute_counts&) = default;
};

struct minute {
  /// Its beginning.
  wall_time at{};
  minute_counts counts;
};

class throughput {
public:
  /// One more of `what` at that time; what is older than an hour before the newest is left out.
  void add(std::uint64_t minute_counts::*what, wall_time at);
  /// Sixty minutes, the oldest first; the last one is under way.
  [[nodiscard]] std::vector<minute> last_hour(wall_time server_now) const;

private:
  /// By minutes since the beginning of time.
  std::map<std::int64_t, minute_counts> minutes_;
};

} // namespace nats_mcp::coordination
