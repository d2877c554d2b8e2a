// SPDX-License-Identifier: MIT
// The process that speaks as an agent, as far as the agent's entries show it, and whether another
// may take the GUID over (docs/wire.md, "Coming back"). Decided by the server's time stamps alone.
#pragma once

#include "protocol/agents/agent_record.hpp"
#include "protocol/time.hpp"

#include <chrono>
#include <string>

namespace nats_mcp::agents {

struct guid_holder {
  std::string guid;
  std::string session_id;
  /// Its last sign of life.
  wall_time seen{};
  std::chrono::milliseconds heartbeat_interval{0};
  /// It said goodbye, which was its last sign of life.
  bool ended = false;
};

/// The holder by its anchor alone.
[[nodiscard]] guid_holder holder_by(const anchor& held, std::string guid, wall_time anchored_at);

/// What a record, and a heartbeat, under one of the agent's keys add to that. Those of other
/// sessions add nothing.
void add_record(guid_holder& who, const agent_record& record, wall_time stored_at,
                wall_time anchored_at);
void add_heartbeat(guid_holder& who, const std::string& session_id, wall_time stored_at);

/// How long it has to stay silent from now on until nobody speaks as it any more; nothing left when
/// it has ended.
[[nodiscard]] std::chrono::milliseconds free_in(const guid_holder& who, wall_time server_now);

/// Whether a process that `then` kept another from its GUID was that other one's predecessor: it
/// has given no sign of life since, at most a goodbye. @param now the same GUID's holder, later
[[nodiscard]] bool was_gone(const guid_holder& then, const guid_holder& now, wall_time server_now);

} // namespace nats_mcp::agents
