// SPDX-License-Identifier: MIT
// Growing delays with jitter, for reconnecting, restarting and repeating. Pure: the random bits
// come from the caller, so a simulation replays them.
#pragma once

#include <chrono>
#include <cstdint>

namespace nats_mcp {

/// Delays that double from `first` to `longest`, each shortened by up to `jitter_percent` so that
/// many processes that failed together do not come back together.
class backoff {
public:
  struct options {
    std::chrono::milliseconds first{100};
    std::chrono::milliseconds longest{5000};
    /// 0 … 100.
    unsigned jitter_percent = 20;
  };

  explicit backoff(options choice) noexcept
    : options_{choice} {
    // nop
  }

  /// The delay before the next attempt. @param random any 64 uniformly distributed bits.
  [[nodiscard]] std::chrono::milliseconds next(std::uint64_t random) noexcept;

  /// After a success: the next delay is `first` again.
  void reset() noexcept { failures_ = 0; }

  /// Delays handed out since the last reset.
  [[nodiscard]] unsigned failures() const noexcept { return failures_; }

private:
  options options_;
  unsigned failures_ = 0;
};

} // namespace nats_mcp
