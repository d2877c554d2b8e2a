// SPDX-License-Identifier: MIT
// What a supervisor tells the log about its children.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace nats_mcp {

/// What happened to a child, for the log.
struct supervision_event {
  enum class kind : std::uint8_t {
    started,
    /// The start function failed; `failure` says how.
    start_failed,
    /// The child ended by itself; `failure` is empty when it ended normally.
    ended,
    /// It is started again after `delay`.
    restart_scheduled,
    /// It failed too often; it is tried again after `delay`.
    given_up,
    /// It ended because it was told to.
    stopped,
    /// It did not end within its grace period.
    killed,
    /// It did not even notice the kill; the supervisor goes on without it.
    abandoned,
    /// The supervisor itself failed at a message and went on; `failure` says how.
    survived,
  };

  kind what{};
  std::string child;
  std::string failure;
  std::chrono::milliseconds delay{0};
  /// Starts of this child after its first.
  std::uint64_t restarts = 0;
};

/// The event's name in the log, such as "given_up".
[[nodiscard]] std::string_view to_string(supervision_event::kind what) noexcept;

} // namespace nats_mcp
