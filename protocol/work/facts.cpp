// SPDX-License-Identifier: MIT
#include "protocol/work/facts.hpp"

#include "protocol/time.hpp"

#include <algorithm>
#include <iterator>
#include <optional>
#include <string>

namespace nats_mcp::work {

namespace {

std::string or_empty(const std::optional<wall_time>& time) {
  return time ? to_rfc3339(*time) : std::string{};
}

} // namespace

tools::work_state state_fact(item_state state) noexcept {
  using tools::work_state;
  switch (state) {
    case item_state::pending:
      return work_state::pending;
    case item_state::claimed:
      return work_state::claimed;
    case item_state::completed:
      return work_state::completed;
    case item_state::dead:
      return work_state::dead;
    case item_state::cancelled:
      return work_state::cancelled;
    case item_state::discarded:
      break;
  }
  return work_state::discarded;
}

item_state state_of(tools::work_state state) noexcept {
  using tools::work_state;
  switch (state) {
    case work_state::pending:
      return item_state::pending;
    case work_state::claimed:
      return item_state::claimed;
    case work_state::completed:
      return item_state::completed;
    case work_state::dead:
      return item_state::dead;
    case work_state::cancelled:
      return item_state::cancelled;
    case work_state::discarded:
      break;
  }
  return item_state::discarded;
}

tools::work_attempt attempt_fact(const attempt& one) {
  tools::work_attempt out;
  out.number = one.number;
  out.worker_guid = one.worker.guid;
  out.worker_handle = one.worker.handle;
  out.started_at = to_rfc3339(one.started_at);
  out.ended_at = or_empty(one.ended_at);
  out.end = to_text(one.end);
  out.error = one.error;
  out.note = one.note;
  out.progress = one.progress;
  return out;
}

std::vector<tools::work_attempt> attempt_facts(const std::vector<attempt>& attempts) {
  std::vector<tools::work_attempt> out;
  std::transform(attempts.begin(), attempts.end(), std::back_inserter(out), attempt_fact);
  return out;
}

tools::work_summary summary_of(const found_record& found) {
  const auto& record = found.record;
  tools::work_summary out;
  out.work_item_id = record.item.id;
  out.task_id = record.item.task_id;
  out.capability = record.item.capability;
  out.priority = record.item.priority;
  out.state = state_fact(record.state);
  out.worker_handle = record.held ? record.held->worker.handle : std::string{};
  out.attempt = record.attempts_begun;
  out.attempts_max = record.attempts_max;
  if (record.held && !record.attempts.empty()) {
    out.progress = record.attempts.back().progress;
  }
  out.description = record.item.description;
  out.updated_at = to_rfc3339(found.stored_at);
  out.scope = record.item.scope == public_scope ? "" : "project";
  out.assigned_to = record.item.assigned_to;
  out.coordinated = record.assigned.has_value();
  if (out.coordinated && record.state == item_state::pending) {
    out.assigned_until = or_empty(record.assigned->until);
  }
  return out;
}

tools::work_status status_of(const found_record& found) {
  const auto& record = found.record;
  tools::work_status out;
  out.summary = summary_of(found);
  if (record.held) {
    out.worker_guid = record.held->worker.guid;
    out.lease_until = to_rfc3339(lease_over_at(found));
  }
  out.not_before = or_empty(record.not_before);
  out.deadline = to_rfc3339(record.item.deadline);
  out.offered_by_guid = record.item.offered_by.guid;
  out.offered_by_handle = record.item.offered_by.handle;
  out.offered_at = to_rfc3339(record.item.offered_at);
  out.note = record.attempts.empty() ? std::string{} : record.attempts.back().note;
  out.completion_summary = record.summary;
  out.result = record.outcome;
  out.reason = record.reason;
  out.attempts = attempt_facts(record.attempts);
  return out;
}

tools::claimed_work claimed_fact(const found_record& found, std::chrono::milliseconds hold) {
  const auto& record = found.record;
  tools::claimed_work out;
  out.work_item_id = record.item.id;
  out.task_id = record.item.task_id;
  out.capability = record.item.capability;
  out.priority = record.item.priority;
  out.attempt = record.attempts_begun;
  out.attempts_max = record.attempts_max;
  out.lease = {to_rfc3339(lease_over_at(found)), to_rfc3339(found.stored_at + hold)};
  out.deadline = to_rfc3339(record.item.deadline);
  out.description = record.item.description;
  out.context_data = record.item.context;
  out.offered_by_guid = record.item.offered_by.guid;
  out.offered_by_handle = record.item.offered_by.handle;
  out.offered_at = to_rfc3339(record.item.offered_at);
  out.earlier_attempts = attempt_facts(record.attempts);
  if (!out.earlier_attempts.empty()) {
    out.earlier_attempts.pop_back(); // the one that begins now
  }
  return out;
}

tools::dead_letter_item letter_fact(const dead_letter& letter) {
  tools::dead_letter_item out;
  out.id = letter.item.id;
  out.task_id = letter.item.task_id;
  out.capability = letter.item.capability;
  out.failed_at = to_rfc3339(letter.failed_at);
  out.attempts = letter.attempts;
  out.reason = letter.reason;
  out.description = letter.item.description;
  out.history = attempt_facts(letter.history);
  return out;
}

} // namespace nats_mcp::work
