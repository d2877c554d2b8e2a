// SPDX-License-Identifier: MIT
// What an offerer is told about its item: direct messages of the hand-off protocol, sent by whoever
// changed the record (docs/wire.md, "Work"). A notice is a courtesy: it never holds up work.
#pragma once

#include "protocol/jetstream/command.hpp"
#include "protocol/time.hpp"
#include "protocol/work/item_record.hpp"

#include <optional>

namespace nats_mcp::work {

/// The notice of the record's newest change, ready to be published under an id that is the same
/// whoever repeats it; nothing when there is nobody to tell (an item without an offerer, or one
/// that did it itself and not only found it dead), or nothing to say (`pending` after a release,
/// `claimed` without `notify_claim` and progress, `cancelled`, `discarded`).
/// @param sender in whose name; a sweep without an identity passes an empty guid and gets nothing.
[[nodiscard]] std::optional<jetstream::publish> notice_of(const item_record& record,
                                                          const party& sender, wall_time now);

/// The same after a change: nothing when the notice of the record as it was said the same, as after
/// a renewal without a report. @param before null: there was no record, or it is not known.
[[nodiscard]] std::optional<jetstream::publish> notice_of_change(const item_record* before,
                                                                 const item_record& after,
                                                                 const party& sender,
                                                                 wall_time now);

} // namespace nats_mcp::work
