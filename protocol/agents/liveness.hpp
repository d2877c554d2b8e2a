// SPDX-License-Identifier: MIT
// Whether an agent lives, by the server's time stamps alone: no two machines' clocks are ever
// compared (docs/wire.md, "Agents").
#pragma once

#include "protocol/agents/agent_record.hpp"
#include "protocol/time.hpp"
#include "protocol/tools/agent_tools.hpp"

#include <chrono>
#include <optional>
#include <string>

namespace nats_mcp::agents {

/// After how many intervals without a sign of life an agent counts as stale, and as offline.
inline constexpr int stale_after_intervals = 2;
inline constexpr int offline_after_intervals = 3;

/// What time it is at the server, at least: the newest of its time stamps that was seen, and how
/// long ago. It is never ahead of the server's own clock, so nobody counts as silent too early; a
/// stamp that shows that it is, because the server's clock was set back, counts at once.
class server_clock {
public:
  /// @param stamp one of the server's time stamps. @param seen when it was there to be seen: when
  /// the answer came that brought it, never when it was asked for.
  void observe(wall_time stamp, monotonic_time seen) noexcept;
  /// The same for one that was made after it was asked for.
  void observe(wall_time stamp, monotonic_time asked, monotonic_time seen) noexcept;
  /// What another clock was told.
  void observe(const server_clock& other) noexcept;

  [[nodiscard]] bool known() const noexcept { return stamp_.has_value(); }
  /// @pre known()
  [[nodiscard]] wall_time now(monotonic_time local_now) const noexcept;

private:
  std::optional<wall_time> stamp_;
  std::optional<monotonic_time> asked_;
  monotonic_time seen_{};
};

/// A heartbeat as a reader finds it.
struct sign_of_life {
  std::string session_id;
  wall_time at{};
};

/// When the agent gave its last sign of life: its entry's own time stamp, or a later heartbeat of
/// the same session.
[[nodiscard]] wall_time last_seen(const agent_record& record, wall_time record_stored_at,
                                  const sign_of_life* presence) noexcept;

/// What others are told of its status.
[[nodiscard]] tools::effective_status judge(const agent_record& record, wall_time seen,
                                            wall_time server_now) noexcept;

/// Whether an agent was silent for so long that nobody speaks as it any more.
[[nodiscard]] bool is_silent(wall_time seen, wall_time server_now,
                             std::chrono::milliseconds heartbeat_interval) noexcept;

} // namespace nats_mcp::agents
