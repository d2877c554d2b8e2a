// SPDX-License-Identifier: MIT
// What a delivery of the work queue means against the item's record: the table of docs/wire.md,
// "What a delivery means", row by row. Pure.
#pragma once

#include "protocol/time.hpp"
#include "protocol/work/item_record.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>

namespace nats_mcp::work {

/// A delivery as far as it decides.
struct delivered_item {
  queued_item queued;
  std::uint64_t queue_sequence = 0;
};

/// A record as it was found.
struct found_record {
  item_record record;
  std::uint64_t revision = 0;
  /// The server's time stamp.
  wall_time stored_at{};
};

// What is to be done with it; each names its rows of the table.

/// 1, 5: the item is free. Take it (a worker) or leave it (a sweep).
struct free_to_take {};
/// 2: another message is the item's. Acknowledge this one.
struct stale_copy {};
/// 3: it is over. Say again what may not have been said, acknowledge.
struct is_over_already {};
/// 4, 6, 7: nobody may take it yet. Refuse the delivery for so long.
struct not_yet {
  enum class why : std::uint8_t { held, not_before, record_behind };
  why because = why::held;
  std::chrono::milliseconds wait{0};
};
/// 1, 5: out of attempts, or past its deadline.
struct is_dead {
  std::string reason;
};

using delivery_meaning = std::variant<free_to_take, stale_copy, is_over_already, not_yet, is_dead>;

/// @param found null: there is no record. @param server_now the server's present, or earlier, never
/// later: then nobody is taken for silent too soon.
[[nodiscard]] delivery_meaning decide(const delivered_item& delivered, const found_record* found,
                                      wall_time server_now);

/// Why nobody may take the item any more: out of attempts, or past its deadline; nothing while
/// somebody may. Whoever holds it may still finish it.
[[nodiscard]] std::optional<std::string> why_dead(const item_record& record, wall_time server_now);

/// When the lease of a claimed record is over, by the server's clock. @pre it is claimed
[[nodiscard]] wall_time lease_over_at(const found_record& found) noexcept;

} // namespace nats_mcp::work
