// SPDX-License-Identifier: MIT
// The streams and buckets of work (docs/wire.md, "Work" and "Dead letters"), and the keys and
// subjects in them that are no lanes.
#pragma once

#include "protocol/error.hpp"
#include "protocol/jetstream/stream_config.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace nats_mcp::work {

inline constexpr std::string_view work_stream_name = "WORK";
inline constexpr std::string_view dead_letter_stream_name = "DEAD_LETTER";
/// The truth about every item, by its id.
inline constexpr std::string_view items_bucket = "work_items";
/// Which items a task has, by `task_key`.
inline constexpr std::string_view tasks_bucket = "work_tasks";

struct retention {
  /// How long a dead letter is kept (`WORKQUEUE_DLQ_TTL`); records live longer.
  std::chrono::milliseconds dead_letter_ttl{0};
  std::uint32_t replicas = 1;
};

/// Work-queue retention, no age, discard new: a full queue refuses and loses nothing.
[[nodiscard]] jetstream::stream_config work_stream(const retention& how);
/// One message for each item, kept for `dead_letter_ttl`.
[[nodiscard]] jetstream::stream_config dead_letter_stream(const retention& how);
/// Kept for the greater of 30 days and `dead_letter_ttl` + 7 days.
[[nodiscard]] jetstream::stream_config items_stream(const retention& how);
[[nodiscard]] jetstream::stream_config tasks_stream(const retention& how);

/// `dead.<scope>.<token>.<item id>`.
[[nodiscard]] std::string dead_letter_subject(std::string_view scope, std::string_view token,
                                              std::string_view item_id);
/// `dead.<scope>.<token or *>.*`; an empty token means all.
[[nodiscard]] std::string dead_letters_pattern(std::string_view scope, std::string_view token);

/// `<hash of the task id>.<item id>` in `tasks_bucket`. @returns as `sha256`.
[[nodiscard]] result<std::string> task_key(std::string_view task_id, std::string_view item_id);
/// `<hash of the task id>.*`: all items of a task.
[[nodiscard]] result<std::string> task_keys_pattern(std::string_view task_id);

/// What an unreadable queue message is called: `seq-<queue sequence>`.
[[nodiscard]] std::string unreadable_item_id(std::uint64_t queue_sequence);

[[nodiscard]] bool is_unreadable_item_id(std::string_view text) noexcept;

/// Whether the text can be an item's id: a UUID, or `seq-` and digits.
[[nodiscard]] bool is_item_id(std::string_view text) noexcept;

/// Deletes one message of the work queue by its sequence. Repeatable: one that is gone is refused.
[[nodiscard]] jetstream::api_request
delete_message_request(std::string_view stream, std::uint64_t sequence, monotonic_time deadline);

} // namespace nats_mcp::work
