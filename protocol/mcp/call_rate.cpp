// SPDX-License-Identifier: MIT
#include "protocol/mcp/call_rate.hpp"

#include <algorithm>

namespace nats_mcp::mcp {

namespace {

constexpr std::uint64_t second_ns = 1'000'000'000;

/// Rounded up, so that there are never more calls than allowed.
constexpr std::chrono::nanoseconds interval_of(std::uint32_t per_second) noexcept {
  return std::chrono::nanoseconds{
    per_second == 0 ? 0 : static_cast<std::int64_t>((second_ns + per_second - 1) / per_second)};
}

} // namespace

call_rate::call_rate(std::uint32_t per_second) noexcept
  : per_second_{per_second}
  , interval_{interval_of(per_second)} {
  // nop
}

std::chrono::nanoseconds call_rate::take(monotonic_time now) noexcept {
  if (per_second_ == 0) {
    return std::chrono::nanoseconds{0};
  }
  const auto paid = std::max(paid_at_, now) + interval_;
  if (const auto wait = paid - now - burst_period; wait.count() > 0) {
    return wait;
  }
  paid_at_ = paid;
  return std::chrono::nanoseconds{0};
}

std::uint64_t call_rate::burst() const noexcept {
  return static_cast<std::uint64_t>(burst_period.count()) * per_second_;
}

} // namespace nats_mcp::mcp
