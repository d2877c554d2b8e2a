// SPDX-License-Identifier: MIT
#include "protocol/agents/liveness.hpp"

#include <algorithm>

namespace nats_mcp::agents {

void server_clock::observe(wall_time stamp, monotonic_time seen) noexcept {
  if (!stamp_ || stamp >= now(seen)) {
    stamp_ = stamp;
    asked_.reset();
    seen_ = seen;
  }
}

void server_clock::observe(wall_time stamp, monotonic_time asked, monotonic_time seen) noexcept {
  // The server's clock showed the stamp at some moment between the two.
  const auto at_most = stamp + std::chrono::ceil<std::chrono::milliseconds>(seen - asked);
  if (!stamp_ || stamp >= now(seen) || at_most < now(seen)) {
    stamp_ = stamp;
    asked_ = asked;
    seen_ = seen;
  }
}

void server_clock::observe(const server_clock& other) noexcept {
  if (stamp_ && other.stamp_ && other.seen_ < seen_) {
    // Older than what is known here: it may be nearer to the present, and shows nothing else.
    if (other.now(seen_) > now(seen_)) {
      *this = other;
    }
  } else if (other.stamp_ && other.asked_) {
    observe(*other.stamp_, *other.asked_, other.seen_);
  } else if (other.stamp_) {
    observe(*other.stamp_, other.seen_);
  }
}

wall_time server_clock::now(monotonic_time local_now) const noexcept {
  const auto passed = std::max(local_now - seen_, monotonic_time::duration{0});
  return *stamp_ + std::chrono::duration_cast<std::chrono::milliseconds>(passed);
}

wall_time last_seen(const agent_record& record, wall_time record_stored_at,
                    const sign_of_life* presence) noexcept {
  const bool counts =
    presence != nullptr && !record.session_id.empty() && presence->session_id == record.session_id;
  return counts ? std::max(record_stored_at, presence->at) : record_stored_at;
}

tools::effective_status judge(const agent_record& record, wall_time seen,
                              wall_time server_now) noexcept {
  if (record.session_id.empty() || record.ended || record.status == tools::agent_status::offline
      || is_silent(seen, server_now, record.heartbeat_interval)) {
    return tools::effective_status::offline;
  }
  if (server_now - seen >= stale_after_intervals * record.heartbeat_interval) {
    return tools::effective_status::stale;
  }
  return record.status == tools::agent_status::busy ? tools::effective_status::busy
                                                    : tools::effective_status::online;
}

bool is_silent(wall_time seen, wall_time server_now,
               std::chrono::milliseconds heartbeat_interval) noexcept {
  return server_now - seen >= offline_after_intervals * heartbeat_interval;
}

} // namespace nats_mcp::agents
