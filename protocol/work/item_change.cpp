// SPDX-License-Identifier: MIT
#include "protocol/work/item_change.hpp"

#include "protocol/limits.hpp"
#include "protocol/text.hpp"
#include "protocol/work/dead_letter.hpp"
#include "protocol/work/history.hpp"
#include "protocol/work/members.hpp"

#include <algorithm>
#include <utility>

namespace nats_mcp::work {

namespace {

using namespace std::chrono_literals;

attempt* open_attempt(item_record& record) {
  const bool open = !record.attempts.empty() && record.attempts.back().end == attempt_end::open;
  return open ? &record.attempts.back() : nullptr;
}

/// Nobody's any more. An attempt under way ends thus.
void let_go(item_record& record, attempt_end how, wall_time now) {
  if (auto* under_way = open_attempt(record)) {
    under_way->end = how;
    under_way->ended_at = now;
  }
  record.held.reset();
  record.not_before.reset();
  record.updated_at = now;
}

/// What a delivery finds, with whoever held it out of the way.
item_record found_free(const delivered_item& delivered, const item_record* before, wall_time now) {
  auto out = before == nullptr ? offered(delivered.queued, delivered.queue_sequence, now) : *before;
  out.generation = delivered.queued.generation;
  out.queue_sequence = delivered.queue_sequence;
  let_go(out, attempt_end::lease_over, now);
  return out;
}

void bury(item_record& record, std::string_view reason) {
  record.state = item_state::dead;
  record.reason = kept_note(reason);
}

std::string attempts_of(const item_record& record) {
  return std::to_string(record.attempts_begun) + " of " + std::to_string(record.attempts_max);
}

std::string name_of(const party& who) {
  return who.handle.empty() ? "another agent" : one_line(who.handle);
}

std::string with_reason(std::string text, const item_record& record) {
  return record.reason.empty() ? text : std::move(text) + ": " + one_line(record.reason);
}

/// What has become of an item, after "it".
std::string became(const item_record& record) {
  switch (record.state) {
    case item_state::pending:
      return "waits in its queue";
    case item_state::claimed:
      return "is with " + name_of(record.held ? record.held->worker : party{}) + ", in attempt "
             + attempts_of(record);
    case item_state::completed:
      return "was completed by "
             + name_of(record.attempts.empty() ? party{} : record.attempts.back().worker);
    case item_state::dead:
      return with_reason("is with the dead letters", record);
    case item_state::cancelled:
      return with_reason("was cancelled by its offerer", record);
    case item_state::discarded:
      return "was discarded from the dead letters";
  }
  return {};
}

std::string sentence_end(std::string_view text) {
  return text.ends_with('.') || text.ends_with('!') || text.ends_with('?') ? "" : ".";
}

error refusal(const item_record& record, std::string_view what) {
  const auto fate = became(record);
  return {ec::conflict,
          "Work item " + record.item.id + " " + std::string{what} + ": it " + fate
            + sentence_end(fate) + " Nothing was changed.",
          0};
}

/// What follows from a failure: why the item is dead, or nothing while there is another attempt.
std::string end_of(const item_record& record, const failure& what, wall_time server_now) {
  if (!what.retryable) {
    return "Failed, and not to be tried again: " + what.error;
  }
  if (record.attempts_begun >= record.attempts_max) {
    return "Out of attempts: " + attempts_of(record) + " were made. The last error: " + what.error;
  }
  if (server_now > record.item.deadline) {
    return "Its deadline, " + to_rfc3339(record.item.deadline)
           + ", passed before anybody finished it. The last error: " + what.error;
  }
  return {};
}

/// The deadline of an item that is tried again.
wall_time renewed_deadline(const work_item& item, wall_time now) {
  if (now <= item.deadline) {
    return item.deadline;
  }
  const auto length = item.deadline - item.offered_at;
  return now
         + std::clamp<std::chrono::milliseconds>(length, limits::work_retry_time_min,
                                                 limits::work_deadline_max);
}

} // namespace

// -- deliveries --------------------------------------------------------------------------------

item_record offered(const queued_item& queued, std::uint64_t queue_sequence, wall_time now) {
  item_record out;
  out.item = queued.item;
  out.generation = queued.generation;
  out.queue_sequence = queue_sequence;
  out.attempts_max = queued.item.attempts_max;
  out.updated_at = now;
  return out;
}

item_record taken(const delivered_item& delivered, const item_record* before, claim who,
                  wall_time now) {
  auto out = found_free(delivered, before, now);
  out.state = item_state::claimed;
  ++out.attempts_begun;
  attempt begun;
  begun.number = out.attempts_begun;
  begun.worker = who.worker;
  begun.started_at = now;
  out.attempts.push_back(std::move(begun));
  keep_within_bounds(out.attempts);
  out.held = std::move(who);
  return out;
}

item_record died(const delivered_item& delivered, const item_record* before, std::string reason,
                 wall_time now) {
  auto out = found_free(delivered, before, now);
  bury(out, reason);
  return out;
}

item_record died(const item_record& before, std::string_view reason, wall_time now) {
  auto out = before;
  let_go(out, attempt_end::lease_over, now);
  bury(out, reason);
  return out;
}

item_record queued_anew(const item_record& before, wall_time now) {
  auto out = before;
  const auto rests_until = before.not_before;
  let_go(out, attempt_end::lease_over, now);
  out.not_before = rests_until;
  out.state = item_state::pending;
  ++out.generation;
  out.queue_sequence = 0;
  return out;
}

// -- by whoever holds it -----------------------------------------------------------------------

std::optional<error> not_held(const item_record& record, std::string_view claim_id) {
  if (record.held && record.held->id == claim_id) {
    return std::nullopt;
  }
  // Whoever completes it a second time with another result did hold it to its end.
  auto out =
    refusal(record, record.state == item_state::completed ? "is over" : "is not yours any more");
  if (!is_over(record.state)) {
    out.message += " Stop working on it; claim_work gives you something else to do.";
  }
  return out;
}

result<item_record> renewed(const item_record& before, std::string_view claim_id,
                            std::chrono::milliseconds lease, const progress_report& report,
                            wall_time now) {
  if (auto refused = not_held(before, claim_id)) {
    return tl::make_unexpected(std::move(*refused));
  }
  auto out = before;
  out.held->lease = lease;
  out.updated_at = now;
  if (auto* under_way = open_attempt(out)) {
    if (report.progress) {
      under_way->progress = report.progress;
    }
    if (report.note) {
      under_way->note = kept_note(*report.note);
      keep_within_bounds(out.attempts);
    }
  }
  return out;
}

result<item_record> completed(const item_record& before, std::string_view claim_id,
                              std::string summary, json::value outcome, wall_time now) {
  if (auto refused = not_held(before, claim_id)) {
    return tl::make_unexpected(std::move(*refused));
  }
  auto out = before;
  let_go(out, attempt_end::completed, now);
  out.state = item_state::completed;
  out.summary = std::move(summary);
  out.outcome = std::move(outcome);
  return out;
}

bool is_completed_with(const item_record& record, std::string_view worker_guid,
                       std::string_view summary, const json::value& outcome) {
  return record.state == item_state::completed && !record.attempts.empty()
         && record.attempts.back().worker.guid == worker_guid && record.summary == summary
         && record.outcome == outcome;
}

result<item_record> failed(const item_record& before, std::string_view claim_id,
                           const failure& what, wall_time server_now, wall_time now) {
  if (auto refused = not_held(before, claim_id)) {
    return tl::make_unexpected(std::move(*refused));
  }
  auto out = before;
  if (auto* under_way = open_attempt(out)) {
    under_way->error = kept_note(what.error);
    keep_within_bounds(out.attempts);
  }
  let_go(out, attempt_end::failed, now);
  if (const auto reason = end_of(out, what, server_now); !reason.empty()) {
    bury(out, reason);
    return out;
  }
  const auto rest = what.retry_after.value_or(retry_delay(out.attempts_begun));
  out.state = item_state::pending;
  out.not_before =
    server_now + std::clamp<std::chrono::milliseconds>(rest, 0ms, limits::work_retry_after_max);
  return out;
}

result<item_record> released(const item_record& before, std::string_view claim_id, wall_time now) {
  if (auto refused = not_held(before, claim_id)) {
    return tl::make_unexpected(std::move(*refused));
  }
  auto out = before;
  let_go(out, attempt_end::released, now);
  out.state = item_state::pending;
  out.attempts_begun -= out.attempts_begun == 0 ? 0 : 1;
  return out;
}

std::chrono::milliseconds retry_delay(std::uint32_t attempt) noexcept {
  auto delay = limits::work_retry_delay_min;
  for (; attempt > 1 && delay < limits::work_retry_delay_max; --attempt) {
    delay *= 2;
  }
  return std::min(delay, limits::work_retry_delay_max);
}

// -- by others ---------------------------------------------------------------------------------

result<item_record> cancelled(const item_record& before, std::string reason, wall_time now) {
  if (is_over(before.state)) {
    return tl::make_unexpected(refusal(before, "cannot be cancelled"));
  }
  auto out = before;
  let_go(out, attempt_end::cancelled, now);
  out.state = item_state::cancelled;
  out.reason = kept_note(reason);
  return out;
}

result<item_record> retried(const item_record& before, attempts_after_retry how, wall_time now) {
  if (before.state != item_state::dead) {
    return tl::make_unexpected(refusal(before, "is no dead letter"));
  }
  if (is_unreadable(before)) {
    return tl::make_unexpected(
      error{ec::conflict,
            "Work item " + before.item.id
              + " cannot be retried: its message could not be read, so nobody knows what is to be"
                " done. Discard it with discard_dead_letter_item, and have its offerer offer it"
                " again. Nothing was changed.",
            0});
  }
  if (before.incomplete) {
    return tl::make_unexpected(
      error{ec::conflict,
            "Work item " + before.item.id
              + " cannot be retried: it was too large for the NATS server, and what was left out of"
                " it is lost. Discard it with discard_dead_letter_item, and have its offerer offer"
                " it again in smaller parts. Nothing was changed.",
            0});
  }
  auto out = before;
  out.state = item_state::pending;
  out.reason.clear();
  ++out.generation;
  out.queue_sequence = 0;
  if (out.assigned) {
    // Back to whoever can do it: the coordinator has done with it.
    out.assigned.reset();
    out.item.assigned_to.clear();
  }
  out.updated_at = now;
  if (how == attempts_after_retry::reset) {
    out.attempts_begun = 0;
    out.attempts_max = out.item.attempts_max;
  } else {
    out.attempts_max = out.attempts_begun + 1;
  }
  out.item.deadline = renewed_deadline(out.item, now);
  return out;
}

result<item_record> discarded(const item_record& before, wall_time now) {
  if (before.state != item_state::dead) {
    return tl::make_unexpected(refusal(before, "is no dead letter"));
  }
  auto out = before;
  out.state = item_state::discarded;
  out.updated_at = now;
  return out;
}

} // namespace nats_mcp::work
