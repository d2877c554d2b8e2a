// SPDX-License-Identifier: MIT
#include "protocol/supervision/restart_policy.hpp"

namespace nats_mcp::supervision {

restart_policy::restart_policy(options choice) noexcept
  : options_{choice}
  , intensity_{choice.intensity}
  , restart_delay_{choice.restart_delay}
  , retry_delay_{choice.retry_delay} {
  // nop
}

restart_policy::decision restart_policy::ended(ending how, monotonic_time now,
                                               std::uint64_t random) {
  const bool ran_long = started_at_ && now - *started_at_ >= options_.intensity.period;
  started_at_.reset();
  if (options_.restart == restart::temporary
      || (options_.restart == restart::transient && how == ending::normal)) {
    return {action::leave, {}};
  }
  if (ran_long) {
    intensity_.clear();
    restart_delay_.reset();
    retry_delay_.reset();
    on_probation_ = false;
  }
  if (!on_probation_ && intensity_.admit(now)) {
    return {action::restart, restart_delay_.next(random)};
  }
  on_probation_ = true;
  return {action::give_up, retry_delay_.next(random)};
}

} // namespace nats_mcp::supervision
