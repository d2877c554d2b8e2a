// SPDX-License-Identifier: MIT
// Which kinds of faults a run may have, as its user names them: `--faults network,crash-session`.
#pragma once

#include "protocol/error.hpp"

#include <cstdint>
#include <set>
#include <string>
#include <string_view>

namespace nats_mcp::simulation {

enum class fault_kind : std::uint8_t {
  /// Messages travel slowly.
  delay,
  /// … and not equally slowly, so that those of different processes overtake each other.
  reorder,
  lose_request,
  lose_answer,
  duplicate,
  disconnect,
  /// The NATS server stops, or is killed, and comes back.
  restart,
  /// The NATS server does nothing for a while.
  slow_server,
  crash_gateway,
  crash_channels,
  crash_registry,
  crash_heartbeat,
  crash_inbox,
  crash_work,
  crash_letters,
  crash_session,
  /// A whole process is killed, and the client starts another.
  kill_process,
  /// … or is stopped in order.
  stop_process,
  /// … or stands still for a while (SIGSTOP) and goes on as if nothing had happened.
  freeze_process,
  /// One process neither reaches NATS nor is reached by it for a while.
  partition,
  /// A client does not read for a while.
  slow_client,
  /// An actor does not get its turn although it could go on.
  slow_actors,
  /// The civil clock of a process is set to another time.
  step_clock,
};

using fault_choice = std::set<fault_kind>;

/// As written on a command line, such as "lose-request".
[[nodiscard]] std::string_view to_string(fault_kind kind) noexcept;

/// Reads a comma list of kinds and of the groups `none`, `network`, `crashes` and `all`.
[[nodiscard]] result<fault_choice> parse_fault_choice(std::string_view text);

/// Every kind and every group with a comma between.
[[nodiscard]] std::string fault_names();

} // namespace nats_mcp::simulation
