// SPDX-License-Identifier: MIT
// How many tool calls a session may make: so many a second in the long run, and a number of them at
// once. An agent never meets it; a program in an endless loop does, before the others do
// (docs/decisions/0024-a-rate-for-calls.md). Pure, without memory of single calls.
#pragma once

#include "protocol/time.hpp"

#include <chrono>
#include <cstdint>

namespace nats_mcp::mcp {

class call_rate {
public:
  /// So much of the long run's rate may be used at once.
  static constexpr std::chrono::seconds burst_period{60};

  /// @param per_second 0: any number.
  explicit call_rate(std::uint32_t per_second) noexcept;

  /// Takes one call, if there is one. @returns how long it is until there is one; zero: taken.
  [[nodiscard]] std::chrono::nanoseconds take(monotonic_time now) noexcept;

  [[nodiscard]] std::uint32_t per_second() const noexcept { return per_second_; }
  /// How many calls there may be at once, at most.
  [[nodiscard]] std::uint64_t burst() const noexcept;

private:
  std::uint32_t per_second_;
  /// What one call uses up.
  std::chrono::nanoseconds interval_;
  /// When everything that was taken has been paid for.
  monotonic_time paid_at_{};
};

} // namespace nats_mcp::mcp
