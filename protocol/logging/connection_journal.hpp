// SPDX-License-Identifier: MIT
// Which changes of the NATS connection are worth a line in the log. The gateway tells its observers
// of every failed attempt; a log that repeats "unreachable" every five seconds hides the rest, so
// an outage is told once: that it began, why it goes on, how long it lasted.
#pragma once

#include "protocol/error.hpp"
#include "protocol/jetstream/command.hpp"
#include "protocol/logging/event.hpp"
#include "protocol/time.hpp"

#include <cstdint>
#include <optional>
#include <set>

namespace nats_mcp::logging {

class connection_journal {
public:
  /// @returns what to log, if anything: `gateway.connected` (the first time), `gateway.lost`,
  /// `gateway.unreachable` (once per outage and kind of failure) or `gateway.reconnected`. The last
  /// one, and a first connection that did not come at once, say how long NATS was away.
  [[nodiscard]] std::optional<event> on(const jetstream::connection_event& change,
                                        monotonic_time now);

private:
  [[nodiscard]] std::optional<event> connected(const jetstream::connection_event& change,
                                               monotonic_time now);
  [[nodiscard]] std::optional<event> disconnected(const jetstream::connection_event& change,
                                                  monotonic_time now);

  /// Of the newest connection; 0 before the first.
  std::uint64_t epoch_ = 0;
  std::optional<monotonic_time> away_since_;
  /// Why NATS is away, as told so far. No larger than the enumeration.
  std::set<ec> told_;
};

} // namespace nats_mcp::logging
