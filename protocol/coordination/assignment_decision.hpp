// SPDX-License-Identifier: MIT
// What a coordinator does about an item it sees to: the table of docs/wire.md, "Assignments", row
// by row. Pure.
#pragma once

#include "protocol/time.hpp"
#include "protocol/work/delivery_decision.hpp"
#include "protocol/work/work_item.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <variant>

namespace nats_mcp::coordination {

// What is to be done; each names its rows of the table.

/// 1, 9: it needs a worker, or another one.
struct needs_worker {};
/// 2: it is over. Make up for what may be missing, and let the request go.
struct is_finished {};
/// 3: no coordinator's any more, or never one's. Let the request go.
struct is_left_alone {};
/// 4: a later leader has decided, or one of a bucket that is gone.
struct is_outranked {
  std::uint64_t by_term = 0;
};
/// 5, 7: nothing, for so long.
struct can_wait {
  std::chrono::milliseconds rest{0};
};
/// 6: it is given to its worker, and whether its queue message is stored is not known.
struct is_half_given {};
/// 8: its worker has so long to claim it. Tell it, if nobody did.
struct is_given {
  std::chrono::milliseconds rest{0};
};

using assignment_meaning = std::variant<needs_worker, is_finished, is_left_alone, is_outranked,
                                        can_wait, is_half_given, is_given, work::is_dead>;

/// Nobody speaks as this agent any more: it is offline, or not known.
using departure_rule = std::function<bool(const std::string& guid)>;

/// @param wanted as it was requested. @param found null: there is no record. @param term of the
/// leader that asks. @param server_now the server's present, or earlier, never later.
[[nodiscard]] assignment_meaning
decide_assignment(const work::work_item& wanted, const work::found_record* found,
                  std::uint64_t term, const departure_rule& is_gone, wall_time server_now);

} // namespace nats_mcp::coordination
