// SPDX-License-Identifier: MIT
#include "protocol/agents/guid_holder.hpp"

#include "protocol/agents/liveness.hpp"
#include "protocol/limits.hpp"

#include <algorithm>
#include <utility>

namespace nats_mcp::agents {

guid_holder holder_by(const anchor& held, std::string guid, wall_time anchored_at) {
  return {std::move(guid), held.session_id, anchored_at, held.heartbeat_interval, false};
}

void add_record(guid_holder& who, const agent_record& record, wall_time stored_at,
                wall_time anchored_at) {
  if (record.session_id != who.session_id) {
    return;
  }
  // A goodbye from before the anchor was that of an earlier registration of the same process.
  who.ended = who.ended || (record.ended && stored_at >= anchored_at);
  who.seen = std::max(who.seen, stored_at);
  who.heartbeat_interval = record.heartbeat_interval;
}

void add_heartbeat(guid_holder& who, const std::string& session_id, wall_time stored_at) {
  if (session_id == who.session_id) {
    who.seen = std::max(who.seen, stored_at);
  }
}

std::chrono::milliseconds free_in(const guid_holder& who, wall_time server_now) {
  const auto silent_at = who.seen + offline_after_intervals * who.heartbeat_interval;
  return who.ended ? std::chrono::milliseconds{0}
                   : std::max(silent_at - server_now, std::chrono::milliseconds{0});
}

bool was_gone(const guid_holder& then, const guid_holder& now, wall_time server_now) {
  // A process that lives gives a sign of life within an interval; a goodbye that comes earlier was
  // under way already.
  const auto grace = now.ended ? now.heartbeat_interval : std::chrono::milliseconds{0};
  return now.session_id == then.session_id && now.seen <= then.seen + grace
         && server_now - then.seen < limits::presence_kept_for; // else one may have expired
}

} // namespace nats_mcp::agents
