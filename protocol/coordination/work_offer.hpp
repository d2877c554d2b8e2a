// SPDX-License-Identifier: MIT
// What a worker is told that is given an item: a direct message of the hand-off protocol. A
// courtesy, like the notices of protocol/work/notices.hpp: what counts is the worker's own lane.
#pragma once

#include "protocol/jetstream/command.hpp"
#include "protocol/time.hpp"
#include "protocol/work/item_record.hpp"

#include <optional>

namespace nats_mcp::coordination {

/// Ready to be published, under an id that is the same whoever repeats it in this generation;
/// nothing when it is nobody's, or there is no `sender`.
[[nodiscard]] std::optional<jetstream::publish>
work_offer_message(const work::item_record& record, const work::party& sender, wall_time now);

} // namespace nats_mcp::coordination
