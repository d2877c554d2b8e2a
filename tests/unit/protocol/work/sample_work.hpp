// SPDX-License-Identifier: MIT
// The item most tests of work tell of: a planner offers a feature, Ann and Bob can build it.
#pragma once

#include "protocol/work/delivery_decision.hpp"
#include "protocol/work/item_change.hpp"

#include <chrono>
#include <string>
#include <utility>

namespace nats_mcp::work::testing {

using namespace std::chrono_literals;

inline const std::string item_id = "550e8400-e29b-41d4-a716-446655440000";
inline const std::string project = "0123456789abcdef";

inline const party planner{"10000000-0000-4000-8000-000000000001", "planner"};
inline const party ann{"20000000-0000-4000-8000-000000000002", "ann"};
inline const party bob{"30000000-0000-4000-8000-000000000003", "bob"};

/// 2026-01-15T12:00:00Z, when it was offered.
inline constexpr wall_time noon{1'768'478'400'000ms};
inline constexpr auto ack_wait = std::chrono::minutes{5};
/// Where its message stands in the work queue.
inline constexpr std::uint64_t queue_sequence = 7;

/// Of work that is done and leaves nothing to look at.
inline const json::value no_result = json::value::object();

inline work_item sample_item() {
  work_item out;
  out.id = item_id;
  out.task_id = "feature-123";
  out.capability = "TypeScript";
  out.description = "Implement the login form.";
  out.priority = 7;
  out.deadline = noon + 24h;
  out.context = {{"branch", "login"}};
  out.offered_by = planner;
  out.offered_at = noon;
  return out;
}

inline delivered_item delivery_of(const work_item& item) { return {{item, 1}, queue_sequence}; }

inline claim claim_by(const party& who, std::string id) {
  return {std::move(id), who, who.handle + "'s session", ack_wait};
}

/// The record before anybody took it.
inline item_record waiting() { return offered({sample_item(), 1}, queue_sequence, noon); }

/// Taken from whatever it was, under `claim_id`.
inline item_record taken_by(const party& who, std::string claim_id, const item_record& before,
                            wall_time now = noon) {
  return taken({{before.item, before.generation}, queue_sequence}, &before,
               claim_by(who, std::move(claim_id)), now);
}

/// Ann's, under "c-1", since noon.
inline item_record held_by_ann() { return taken_by(ann, "c-1", waiting()); }

/// Taken and failed as often as it may be.
inline item_record out_of_attempts() {
  auto out = waiting();
  for (std::uint32_t made = 0; made < out.item.attempts_max; ++made) {
    out =
      failed(taken_by(ann, "c-1", out), "c-1", {"The build is red.", true, {}}, noon, noon).value();
  }
  return out;
}

} // namespace nats_mcp::work::testing
