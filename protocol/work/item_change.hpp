// SPDX-License-Identifier: MIT
// Every change a record can go through, as functions from record to record: who may make it, and
// what it does to the history. Whether the change took place is the compare-and-set's to say. Pure.
#pragma once

#include "protocol/error.hpp"
#include "protocol/json/value.hpp"
#include "protocol/time.hpp"
#include "protocol/work/delivery_decision.hpp"
#include "protocol/work/item_record.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace nats_mcp::work {

/// The first record of an item that was offered.
[[nodiscard]] item_record offered(const queued_item& queued, std::uint64_t queue_sequence,
                                  wall_time now);

/// Row 1 and 5 of the table: a claim. A lease that is over becomes an attempt that ended so.
/// @param before null: there was no record.
[[nodiscard]] item_record taken(const delivered_item& delivered, const item_record* before,
                                claim who, wall_time now);

/// Out of attempts or past the deadline. @param before null: there was no record.
[[nodiscard]] item_record died(const delivered_item& delivered, const item_record* before,
                               std::string reason, wall_time now);

/// The same of a record that nobody was handed.
[[nodiscard]] item_record died(const item_record& before, std::string_view reason, wall_time now);
/// Pending in the next generation, without a queue message yet: the old one is lost. A lease that
/// is over becomes an attempt that ended so.
[[nodiscard]] item_record queued_anew(const item_record& before, wall_time now);

/// What a holder does. All refuse with `ec::conflict` when `claim_id` does not hold the item: a
/// sentence that says what became of it instead.
struct progress_report {
  std::optional<double> progress;
  std::optional<std::string> note;
};
/// The lease begins anew with the write. @param lease as it is to be from now on.
[[nodiscard]] result<item_record> renewed(const item_record& before, std::string_view claim_id,
                                          std::chrono::milliseconds lease,
                                          const progress_report& report, wall_time now);
[[nodiscard]] result<item_record> completed(const item_record& before, std::string_view claim_id,
                                            std::string summary, json::value outcome,
                                            wall_time now);
/// Whether this worker completed the item with just that: saying it again is no error.
[[nodiscard]] bool is_completed_with(const item_record& record, std::string_view worker_guid,
                                     std::string_view summary, const json::value& outcome);
struct failure {
  std::string error;
  bool retryable = true;
  /// Absent: `retry_delay` of the attempt.
  std::optional<std::chrono::milliseconds> retry_after;
};
/// Pending again with a delay, or dead: not retryable, out of attempts, or past the deadline.
[[nodiscard]] result<item_record> failed(const item_record& before, std::string_view claim_id,
                                         const failure& what, wall_time server_now, wall_time now);
/// Pending at once; the attempt does not count.
[[nodiscard]] result<item_record> released(const item_record& before, std::string_view claim_id,
                                           wall_time now);

/// By the offerer. Refuses with `ec::conflict` what is over, in words.
[[nodiscard]] result<item_record> cancelled(const item_record& before, std::string reason,
                                            wall_time now);

enum class attempts_after_retry : bool { kept, reset };
/// A dead one is pending again in the next generation, without a queue message yet. Kept attempts
/// allow one more; a deadline that has passed begins anew with its old length, at least
/// `limits::work_retry_time_min`. Refuses with `ec::conflict` what is not dead, and what is not
/// known as a whole.
[[nodiscard]] result<item_record> retried(const item_record& before, attempts_after_retry how,
                                          wall_time now);
/// Refuses with `ec::conflict` what is not dead.
[[nodiscard]] result<item_record> discarded(const item_record& before, wall_time now);

/// How long an item rests after its attempt number `attempt` failed: 1 s, doubled each time, up to
/// `limits::work_retry_delay_max`.
[[nodiscard]] std::chrono::milliseconds retry_delay(std::uint32_t attempt) noexcept;

/// Why `claim_id` does not hold the item, for its former holder; nothing when it does.
[[nodiscard]] std::optional<error> not_held(const item_record& record, std::string_view claim_id);

} // namespace nats_mcp::work
