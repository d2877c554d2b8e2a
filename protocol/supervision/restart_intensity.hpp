// SPDX-License-Identifier: MIT
// How often a child may be restarted before its supervisor stops believing in it: OTP's intensity
// per period, as a sliding window. Pure; `now` is an argument.
#pragma once

#include "protocol/limits.hpp"
#include "protocol/time.hpp"

#include <chrono>
#include <cstddef>
#include <deque>

namespace nats_mcp::supervision {

/// Counts restarts in a window that slides with `now`. Holds at most `restarts_max + 1` times.
class restart_intensity {
public:
  struct options {
    /// Restarts allowed within one period; the next one is one too many.
    std::size_t restarts_max = limits::restarts_max;
    std::chrono::milliseconds period = limits::restart_period;
  };

  explicit restart_intensity(options choice) noexcept
    : options_{choice} {
    // nop
  }

  /// Counts one restart at `now`, which never goes back.
  /// @returns whether the limit still holds.
  [[nodiscard]] bool admit(monotonic_time now);

  /// Forgets everything counted.
  void clear() noexcept { recent_.clear(); }

  /// Restarts counted in the period that ended with the last `admit`.
  [[nodiscard]] std::size_t recent() const noexcept { return recent_.size(); }

private:
  options options_;
  std::deque<monotonic_time> recent_;
};

} // namespace nats_mcp::supervision
