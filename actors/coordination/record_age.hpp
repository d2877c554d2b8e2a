// SPDX-License-Identifier: MIT
// Has the records of work items leave a view when their bucket lets them go, which no watch tells:
// asks now and then how long the bucket keeps them, as whoever made it decided. Part of an actor's
// state; all calls and callbacks happen inside that actor.
#pragma once

#include "protocol/coordination/work_view.hpp"
#include "protocol/time.hpp"

#include "actors/streams/api_caller.hpp"

#include <chrono>
#include <optional>
#include <utility>

namespace nats_mcp {

class record_age {
public:
  explicit record_age(api_caller api)
    : api_{std::move(api)} {
    // nop
  }

  /// To be called now and then. @param now the actor's; @param server_now the server's
  void look(monotonic_time now, coordination::work_view& seen, wall_time server_now);

private:
  void ask(monotonic_time now);

  api_caller api_;
  std::optional<monotonic_time> asked_at_;
  /// Zero: not known, or for ever.
  std::chrono::milliseconds kept_for_{0};
};

} // namespace nats_mcp
