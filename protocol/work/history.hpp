// SPDX-License-Identifier: MIT
// The bounds of what is kept with an item, so that its record always fits into one message: how
// many attempts, how much text in them, and what is left of an item that is too large by itself.
// Pure.
#pragma once

#include "protocol/work/item_record.hpp"

#include <vector>

namespace nats_mcp::work {

/// Of more than `limits::work_attempts_kept` attempts, those that were given back go first, then
/// the oldest; the last one stays. Errors and notes together fit `limits::work_history_bytes_max`
/// as JSON: older ones are emptied, so that it is still told who tried, when, and how it ended.
void keep_within_bounds(std::vector<attempt>& history);

/// One attempt less than that, so that the next one makes the history longer.
void leave_room_for_another(std::vector<attempt>& history);

/// What can be recorded of an item that does not fit into a message with its record: the beginning
/// of its description, no context, and no text of its attempts.
void cut_down(item_record& record);

} // namespace nats_mcp::work
