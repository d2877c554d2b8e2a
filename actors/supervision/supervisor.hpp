// SPDX-License-Identifier: MIT
// Keeps a list of children alive: starts them in order, restarts them by OTP's rules, hands each
// incarnation the checkpoint of the one before, stops them in reverse order.
//
// It differs from OTP in one point, on purpose. There a supervisor whose intensity is exceeded
// ends, and the failure climbs until the program does. Our program is started by an MCP client that
// does not start it a second time, so the process stays: the one part is given up, its callers read
// "unavailable" with its name and its last failure, and it is tried again with growing delay
// (protocol/supervision/restart_policy.hpp). For the same reason a start that fails is a failure of
// that child and not of the whole tree.
#pragma once

#include "protocol/identifiers.hpp"
#include "protocol/limits.hpp"
#include "protocol/supervision/restart_policy.hpp"

#include "actors/interfaces.hpp"
#include "actors/supervision/actor_shell.hpp"
#include "actors/supervision/stable_ref.hpp"
#include "actors/supervision/supervision_event.hpp"

#include <caf/actor_system.hpp>
#include <caf/local_actor.hpp>

#include <chrono>
#include <functional>
#include <string>
#include <vector>

namespace nats_mcp {

/// How one child is started, restarted and stopped.
struct child_spec {
  /// Names the child in statuses, events, errors and `save_checkpoint`; unique in its supervisor.
  std::string id;

  /// Spawns one incarnation through `spawner` and returns it. Runs inside the supervisor: it must
  /// not block. `last` is what the former incarnation saved last. Throwing, or returning null, is a
  /// failed start and handled like a crash.
  std::function<caf::strong_actor_ptr(caf::local_actor* spawner, checkpoint last,
                                      supervisor_actor supervisor)>
    start;

  /// The handle callers hold; may be empty.
  stable_ref_ptr ref;

  /// When to restart, how soon, and when to give up.
  supervision::restart_policy::options policy;

  /// Between the request to end and the kill; zero kills at once. What waits in the child's mailbox
  /// before the request is handled first; a kill goes ahead of it.
  std::chrono::milliseconds shutdown = limits::stop_grace;
};

struct supervisor_options {
  supervision::strategy strategy = supervision::strategy::one_for_one;
  /// Jitter of the delays.
  random_source random;
  /// Told of every event, inside the supervisor: must neither block nor throw. May be empty.
  std::function<void(const supervision_event&)> on_event;
  /// Of the supervisor itself.
  message_probe probe;
};

/// Starts the supervisor and, in their order, its children.
///
/// With `rest_for_one`, the children after a failed one are stopped in reverse order at once and
/// started again in order after it; while it is given up they stay down, and their handles say for
/// what they wait. Ends by itself after `stop_tree`; if it is killed, its children are killed too.
[[nodiscard]] supervisor_actor spawn_supervisor(caf::actor_system& system,
                                                supervisor_options choice,
                                                std::vector<child_spec> children);

} // namespace nats_mcp
