// SPDX-License-Identifier: MIT
// What time it is at the server, as far as an actor has to know it before it judges leases and
// deadlines: asked for by making a short-lived consumer, whose description says when it was made,
// on every version of the server. Part of an actor's state; all calls and callbacks happen inside
// that actor.
#pragma once

#include "protocol/agents/liveness.hpp"
#include "protocol/error.hpp"
#include "protocol/identifiers.hpp"
#include "protocol/time.hpp"

#include "actors/streams/api_caller.hpp"

#include <functional>
#include <optional>

namespace nats_mcp {

class server_time_keeper {
public:
  struct surroundings {
    api_caller api;
    random_source random;
    /// Runs while the computer sleeps, like everything leases are measured by.
    std::function<monotonic_time()> clock;
  };
  using known = std::function<void(const result<agents::server_clock>&)>;

  explicit server_time_keeper(surroundings around);

  /// Calls `done` with the server's time: at once when it was asked for not long ago. The bucket of
  /// items has to exist. Errors: those of a request.
  void know(monotonic_time deadline, known done);

  /// What a script has seen of it.
  void observe(const agents::server_clock& other) noexcept { time_.observe(other); }
  /// As far as it is known.
  [[nodiscard]] const agents::server_clock& time() const noexcept { return time_; }
  /// Another server may answer now: the next `know` asks.
  void distrust() noexcept;

private:
  surroundings around_;
  agents::server_clock time_;
  /// When it was last asked for with success.
  std::optional<monotonic_time> asked_at_;
};

} // namespace nats_mcp
