// SPDX-License-Identifier: MIT
#include "protocol/tools/dead_letter_tools.hpp"
#include "protocol/tools/work_tools.hpp"

#include "tests/reference/answers.hpp"

namespace nats_mcp::reference {

namespace {

constexpr const char* item_id = "550e8400-e29b-41d4-a716-446655440000";
constexpr const char* manager_guid = "123e4567-e89b-42d3-a456-426614174000";
constexpr const char* developer_guid = "123e4567-e89b-42d3-a456-426614174001";
constexpr const char* tester_guid = "123e4567-e89b-42d3-a456-426614174002";
constexpr const char* deadline = "2025-01-22T09:00:00.000Z";

tools::work_attempt failed_attempt() {
  return {1,
          developer_guid,
          "developer",
          "2025-01-15T09:00:00.000Z",
          "2025-01-15T09:20:00.000Z",
          "failed",
          "The tests do not compile.",
          "The schema is done.",
          40.0};
}

tools::work_attempt silent_attempt(std::int64_t number) {
  return {number,
          tester_guid,
          "tester",
          "2025-01-15T09:30:00.000Z",
          "2025-01-15T09:35:00.000Z",
          "lease-over",
          {},
          {},
          {}};
}

tools::claimed_work claimed() {
  tools::claimed_work out;
  out.work_item_id = item_id;
  out.task_id = "feature-123";
  out.capability = "typescript";
  out.priority = 7;
  out.attempt = 2;
  out.lease = {"2025-01-15T09:35:00.000Z", "2025-01-15T10:30:00.000Z"};
  out.deadline = deadline;
  out.description = "Implement user auth";
  out.context_data["branch"] = "main";
  out.offered_by_guid = manager_guid;
  out.offered_by_handle = "project-manager";
  out.offered_at = "2025-01-15T08:55:00.000Z";
  out.earlier_attempts = {failed_attempt()};
  return out;
}

tools::work_status completed() {
  tools::work_status out;
  out.summary = {item_id,
                 "feature-123",
                 "typescript",
                 7,
                 tools::work_state::completed,
                 {},
                 2,
                 3,
                 {},
                 "Implement user auth",
                 "2025-01-15T10:00:00.000Z",
                 {},
                 {}};
  out.deadline = deadline;
  out.offered_by_guid = manager_guid;
  out.offered_by_handle = "project-manager";
  out.offered_at = "2025-01-15T08:55:00.000Z";
  out.completion_summary = "Auth works.";
  out.result["pullRequest"] = 42;
  out.attempts = {failed_attempt(), silent_attempt(2)};
  out.attempts.back().end = "completed";
  return out;
}

tools::fail_work_result failed_for_good() {
  tools::fail_work_result out;
  out.work_item_id = item_id;
  out.retried = false;
  out.reason = "The tests do not compile.";
  return out;
}

} // namespace

std::string work_examples() {
  using std::chrono_literals::operator""s;
  using tools::claim_work_result;
  auto waiting = completed().summary;
  waiting.state = tools::work_state::claimed;
  waiting.worker_handle = "tester";
  waiting.progress = 60;
  return answer("broadcast_work_offer",
                tools::broadcast_work_offer_result{
                  item_id, "feature-123", "typescript", 7, deadline, false, {}, {}, false, {}})
         + answer("cancel_work", tools::cancel_work_result{item_id, "tester", false})
         + answer("claim_work", claim_work_result{claimed(), {"typescript", "testing"}, 0s})
         + answer("claim_work, in vain", claim_work_result{{}, {"typescript", "testing"}, 30s})
         + answer("report_progress", tools::report_progress_result{item_id, 60.0, claimed().lease})
         + answer("complete_work", tools::complete_work_result{item_id, "feature-123", false})
         + answer("fail_work",
                  tools::fail_work_result{item_id, true, 2, 3, "2025-01-15T09:20:01.000Z", {}, {}})
         + answer("fail_work, not retryable or out of attempts", failed_for_good())
         + answer("release_work", tools::release_work_result{item_id, "typescript"})
         + answer("get_work_status", tools::get_work_status_result{{completed()}, false})
         + answer("list_work", tools::list_work_result{{waiting}, "1024"});
}

std::string dead_letter_examples() {
  tools::dead_letter_item item;
  item.id = item_id;
  item.task_id = "feature-123";
  item.capability = "typescript";
  item.failed_at = "2025-01-15T10:00:00.000Z";
  item.attempts = 3;
  item.reason = "Worker crashed unexpectedly";
  item.description = "Implement user auth";
  item.history = {failed_attempt(), silent_attempt(2), silent_attempt(3)};
  const tools::retry_dead_letter_item_result one{item_id, "typescript", true, 1, 0, {}, false};
  const tools::retry_dead_letter_item_result many{
    {}, "typescript", false, 12, 1, {{"seq-17", "It cannot be read."}}, false};
  return answer("list_dead_letter_items", tools::list_dead_letter_items_result{{item}, {}})
         + answer("retry_dead_letter_item", one)
         + answer("retry_dead_letter_item, for a capability", many)
         + answer("discard_dead_letter_item", tools::discard_dead_letter_item_result{item_id});
}

} // namespace nats_mcp::reference
