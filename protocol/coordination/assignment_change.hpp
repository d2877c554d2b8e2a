// SPDX-License-Identifier: MIT
// What a coordinator does to the record of an item it sees to, as functions from record to record,
// like protocol/work/item_change.hpp. Whether a change took place is the compare-and-set's to say.
#pragma once

#include "protocol/time.hpp"
#include "protocol/work/item_record.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace nats_mcp::coordination {

/// The first record of an item that waits for a coordinator: nobody's, and in no queue.
[[nodiscard]] work::item_record requested(work::work_item item, wall_time now);

struct grant {
  std::uint64_t term = 0;
  std::string worker_guid;
  /// By the server's clock.
  wall_time until{};
  /// From whom it was taken back before.
  std::vector<std::string> passed_over;
};
/// The worker's from now on, in a generation of its own, without a queue message yet: what the
/// worker before may still have is a stale copy. Who held it holds it no longer.
[[nodiscard]] work::item_record given(const work::item_record& before, grant what, wall_time now);

/// Its queue message is stored; the one before is gone.
[[nodiscard]] work::item_record placed(const work::item_record& before, std::uint64_t term,
                                       std::uint64_t queue_sequence);

/// Nobody may try it any more.
[[nodiscard]] work::item_record given_up(const work::item_record& before, std::uint64_t term,
                                         std::string_view reason, wall_time now);

} // namespace nats_mcp::coordination
