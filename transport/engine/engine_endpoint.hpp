// SPDX-License-Identifier: MIT
// What a client asks of the local engine and what it gets: an address, perhaps with a token.
#pragma once

#include "protocol/time.hpp"

#include "transport/process/process_table.hpp"

#include <chrono>
#include <cstdint>
#include <stop_token>
#include <string>

namespace nats_mcp::transport {

/// Whether a search for a server may end with starting one. `only_if_running` writes nothing
/// either.
enum class start_policy { start_if_needed, only_if_running };

/// How long a caller waits: until a deadline, or until it is told that nobody wants the answer.
struct patience {
  monotonic_time deadline;
  std::stop_token stop;

  /// Waits for `duration`, less when the patience ends. @returns whether there is patience left.
  [[nodiscard]] bool pause(std::chrono::milliseconds duration) const;
  /// Whether there is any left.
  [[nodiscard]] bool lasts() const;
  /// The deadline, or `limit` from now if that is sooner.
  [[nodiscard]] monotonic_time within(std::chrono::milliseconds limit) const;
};

/// Where NATS is.
struct engine_endpoint {
  /// Such as `nats://127.0.0.1:4222`; never contains the token.
  std::string url;
  /// Empty: connect without one.
  std::string token;
  /// This user's local engine, not a server that somebody else started.
  bool local_engine = false;
  std::uint16_t port = 0;
  /// The nats-server behind a local engine.
  process_identity server;
  /// As it greeted us.
  std::string server_version{};
};

/// Whether the token may be sent to the endpoint *now*: its port still belongs to the nats-server
/// it was made for. To be asked at every connect and reconnect, after the connection stands and
/// before the token goes out (`natsOptions_SetTokenHandler`). Any thread.
[[nodiscard]] bool may_send_token(const engine_endpoint& endpoint);

} // namespace nats_mcp::transport
