// SPDX-License-Identifier: MIT
// Work as the answers of the tools tell of it: shared by the tests of its texts.
#pragma once

#include "protocol/tools/work_tools.hpp"

#include <string>

namespace nats_mcp::tools {

inline constexpr const char* sample_item_id = "550e8400-e29b-41d4-a716-446655440000";

/// Failed half way, with an error of two lines.
inline work_attempt failed_attempt() {
  return {1,
          "g1",
          "developer",
          "2025-01-15T09:00:00.000Z",
          "2025-01-15T09:05:00.000Z",
          "failed",
          "The tests do not compile:\nauth.ts(3): no such module",
          "The schema is done.",
          40.0};
}

/// The item of the seed's example, on its second attempt.
inline claimed_work claimed_auth() {
  claimed_work out;
  out.work_item_id = sample_item_id;
  out.task_id = "feature-123";
  out.capability = "typescript";
  out.priority = 7;
  out.attempt = 2;
  out.lease = {"2025-01-15T10:05:00.000Z", "2025-01-15T11:00:00.000Z"};
  out.deadline = "2025-01-22T09:00:00.000Z";
  out.description = "Implement user auth";
  out.context_data["branch"] = "main";
  out.offered_by_guid = "g2";
  out.offered_by_handle = "project-manager";
  out.offered_at = "2025-01-15T08:00:00.000Z";
  out.earlier_attempts = {failed_attempt()};
  return out;
}

/// The same item while somebody is at it.
inline work_status status_of_auth() {
  work_status out;
  auto& item = out.summary;
  item.work_item_id = sample_item_id;
  item.task_id = "feature-123";
  item.capability = "typescript";
  item.priority = 7;
  item.state = work_state::claimed;
  item.worker_handle = "tester";
  item.attempt = 2;
  item.progress = 33.3;
  item.description = "Implement user auth";
  item.updated_at = "2025-01-15T10:01:00.000Z";
  out.worker_guid = "g3";
  out.lease_until = "2025-01-15T10:06:00.000Z";
  out.deadline = "2025-01-22T09:00:00.000Z";
  out.offered_by_guid = "g2";
  out.offered_by_handle = "project-manager";
  out.offered_at = "2025-01-15T08:00:00.000Z";
  work_attempt open{2,  "g3",       "tester", "2025-01-15T10:00:00.000Z", {}, "open",
                    {}, "Reading.", 33.3};
  out.note = open.note;
  out.attempts = {failed_attempt(), open};
  return out;
}

} // namespace nats_mcp::tools
