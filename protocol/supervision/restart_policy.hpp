// SPDX-License-Identifier: MIT
// What a supervisor does when a child ended: leave it, start it again after a delay, or give it up
// and try much later. Pure: `now` and the random bits are arguments, the answer is a value.
//
// OTP ends the supervisor when the intensity is exceeded and lets the level above decide. Here the
// level above would be an MCP client that never starts a dead server again, so only the one part is
// given up: it is reported unavailable and tried again with growing delay while the others work on.
// That is also why the intensity is counted for each child and not for the whole supervisor.
#pragma once

#include "protocol/backoff.hpp"
#include "protocol/limits.hpp"
#include "protocol/supervision/child_policy.hpp"
#include "protocol/supervision/restart_intensity.hpp"
#include "protocol/time.hpp"

#include <chrono>
#include <cstdint>
#include <optional>

namespace nats_mcp::supervision {

/// Decides for one child over all its incarnations.
class restart_policy {
public:
  struct options {
    supervision::restart restart = supervision::restart::permanent;
    restart_intensity::options intensity;
    /// Delays before ordinary restarts.
    backoff::options restart_delay{limits::restart_delay_min, limits::restart_delay_max, 20};
    /// Delays before the tries that follow after giving up.
    backoff::options retry_delay{limits::retry_delay_min, limits::retry_delay_max, 20};
  };

  enum class action : std::uint8_t { leave, restart, give_up };

  struct decision {
    action what = action::leave;
    /// Until the next start; zero with `leave`.
    std::chrono::milliseconds delay{0};
  };

  explicit restart_policy(options choice) noexcept;

  /// An incarnation runs since `now`.
  void started(monotonic_time now) noexcept { started_at_ = now; }

  /// The incarnation ended at `now`, or could not be started (`ending::abnormal`). One that ran for
  /// a whole period is forgiven what happened before it. A child that was given up is on probation:
  /// the next end within its first period gives it up again, for longer.
  /// @param random any 64 uniformly distributed bits.
  [[nodiscard]] decision ended(ending how, monotonic_time now, std::uint64_t random);

private:
  options options_;
  restart_intensity intensity_;
  backoff restart_delay_;
  backoff retry_delay_;
  std::optional<monotonic_time> started_at_;
  bool on_probation_ = false;
};

} // namespace nats_mcp::supervision
