// SPDX-License-Identifier: MIT
// Bounds: work and dead letters. Include protocol/limits.hpp.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace nats_mcp::limits {

using namespace std::chrono_literals;

// -- items ----------------------------------------------------------------------------------------

/// Longest task id and idempotency key, in characters.
inline constexpr std::size_t task_id_characters_max = 255;
inline constexpr std::size_t idempotency_key_characters_max = 255;
/// Longest reason, error or note kept with an item, in bytes; they are cut there, so that a record
/// stays a record.
inline constexpr std::size_t work_note_bytes_max = 4096;
/// Largest context and result of an item, written as JSON, in bytes.
inline constexpr std::size_t work_context_bytes_max = 256 * 1024;
/// Longest description, in bytes.
inline constexpr std::size_t work_description_bytes_max = 256 * 1024;
/// How much of a description lists show, in characters.
inline constexpr std::size_t work_preview_characters_max = 200;
/// What progress counts up to: percent.
inline constexpr std::int64_t work_progress_max = 100;
/// Attempts kept in a record; of more the oldest are left out.
inline constexpr std::size_t work_attempts_kept = 32;
/// All errors and notes kept in a record together, as JSON, in bytes; beyond it the older are
/// emptied.
inline constexpr std::size_t work_history_bytes_max = 64 * 1024;
/// Largest item written as JSON, in bytes. With history, result and summary at their largest its
/// record still fits NATS's usual 1 MiB.
inline constexpr std::size_t work_item_bytes_max = 576 * 1024;
/// How long an item without a deadline may wait.
inline constexpr auto work_deadline_default = std::chrono::days{7};
/// How far away a deadline may be: a record is kept for as long.
inline constexpr auto work_deadline_max = std::chrono::days{30};
/// The least time an item has that is retried after its deadline.
inline constexpr std::chrono::milliseconds work_retry_time_min = 1h;
/// How long records are kept at least, and how much longer than dead letters.
inline constexpr auto work_records_kept_for = std::chrono::days{30};
inline constexpr auto work_records_outlive_letters = std::chrono::days{7};

// -- the queue ------------------------------------------------------------------------------------

/// All waiting items together, in bytes; then offers are refused.
inline constexpr std::int64_t work_stream_bytes_max = 4LL * 1024 * 1024 * 1024;
/// All dead letters together, in bytes; then the oldest go.
inline constexpr std::int64_t dead_letter_stream_bytes_max = 4LL * 1024 * 1024 * 1024;
/// How long an offer sent twice under one id is noticed.
inline constexpr std::chrono::milliseconds work_duplicates_remembered = 1h;
/// A lane's consumer that nobody uses lives for the longest hold and this.
inline constexpr std::chrono::milliseconds lane_idle_slack = 2h;
/// Items one agent holds at once.
inline constexpr std::size_t work_held_max = 64;
/// Claims of one process that look or wait at once; the next one is answered "busy".
inline constexpr std::size_t claims_open_max = 64;
/// Claims whose answers are known to be with the client, for a work queue that missed it.
inline constexpr std::size_t claims_shown_remembered_max = 2 * (claims_open_max + work_held_max);
/// Deliveries one claim passes on before it is over with nothing.
inline constexpr std::size_t deliveries_passed_on_max = 256;
/// Lanes a process keeps in mind as having a consumer; of more it asks again.
inline constexpr std::size_t lanes_known_max = 4096;
/// How long a pull from a lane may stay without an answer; silence is an ordinary outcome.
inline constexpr auto lane_silence_max = 1000ms;
/// How long an announced item may take to be in its lane.
inline constexpr auto work_announced_max = 250ms;
/// How often a waiting claim looks for what was not announced; up to a quarter is added at random.
inline constexpr std::chrono::milliseconds claim_poll_interval = 1000ms;
/// Wait before another attempt to give back what was claimed for nobody.
inline constexpr std::chrono::milliseconds claim_given_back_again = 1000ms;
/// Longest wait of `claim_work`.
inline constexpr std::chrono::milliseconds claim_wait_max = 60'000ms;
/// Wait before a delivery whose record is not visible yet is offered again.
inline constexpr std::chrono::milliseconds work_record_behind_wait = 1000ms;
/// Wait before the first and the longest wait before any later attempt after a failure.
inline constexpr std::chrono::milliseconds work_retry_delay_min = 1000ms;
inline constexpr std::chrono::milliseconds work_retry_delay_max = 300'000ms;
/// Longest delay a worker may ask for.
inline constexpr std::chrono::milliseconds work_retry_after_max = std::chrono::days{1};

// -- leases ---------------------------------------------------------------------------------------

/// Percent of the ack wait after which nothing but an acknowledgement is sent for a delivery.
inline constexpr int work_settle_share = 90;
/// Which part of the ack wait passes between two renewals.
inline constexpr int work_renewal_divisor = 3;
/// The least wait between two renewals, however short the lease.
inline constexpr std::chrono::milliseconds work_renewal_pause_min = 10ms;
/// How long one renewal, and whatever else happens without a caller, may take.
inline constexpr auto work_request_max = 5000ms;
/// How long a notice may hold up what comes after it.
inline constexpr auto work_notice_max = 2000ms;
/// How often the record is read again after conflicts before an update gives up.
inline constexpr unsigned work_conflicts_max = 8;
/// How old a sample of the server's time may be.
inline constexpr auto server_time_age_max = std::chrono::minutes{10};

// -- looking around -------------------------------------------------------------------------------

/// Most items one `list_work` and most letters one `list_dead_letter_items` shows.
inline constexpr std::int64_t work_listed_max = 100;
inline constexpr std::int64_t dead_letters_listed_max = 100;
/// Records one `list_work` looks at; beyond them it says where to go on.
inline constexpr std::uint64_t work_records_scanned_max = 5000;
/// Messages of one pull of such a page.
inline constexpr std::uint64_t page_batch_max = 1000;
/// Items of one task that `get_work_status` shows, and how many it reads at once.
inline constexpr std::uint64_t task_items_max = 100;
inline constexpr std::size_t task_items_read_at_once = 8;
/// Letters one `retry_dead_letter_item` for a capability retries, how many at once, how many it
/// looks at for that, and how many of those it could not retry it names.
inline constexpr std::uint64_t dead_letters_retried_max = 1000;
inline constexpr std::size_t dead_letters_retried_at_once = 16;
inline constexpr std::uint64_t dead_letters_looked_at_max = 10'000;
inline constexpr std::size_t dead_letter_failures_named_max = 20;
/// How often a process looks through the lanes of its capabilities for what is dead; up to a
/// quarter is added at random.
inline constexpr std::chrono::milliseconds sweep_interval = 60'000ms;
/// Items of one lane a sweep looks at, and how large they may be together, in bytes.
inline constexpr std::uint32_t sweep_batch_max = 64;
inline constexpr std::size_t sweep_bytes_max = 1024 * 1024;
/// Items of one lane a sweep takes out of it at most, as long as it finds dead ones.
inline constexpr std::uint32_t sweep_items_max = 1024;
/// Records one sweep reads, and how large they may be together, in bytes; the next sweep reads on.
inline constexpr std::uint64_t upkeep_records_max = 256;
inline constexpr std::size_t upkeep_bytes_max = 1024 * 1024;
/// How long a record has to lie untouched before a sweep does anything about it: whoever is at work
/// on it has long finished.
inline constexpr std::chrono::milliseconds upkeep_rest = 60'000ms;

} // namespace nats_mcp::limits
