// SPDX-License-Identifier: MIT
// Writing one key: plain, compare-and-set, or a deletion marker, and how a lost answer is found
// out.
//
// A compare-and-set is repeated without a message id. When a repeat meets a conflict, the conflict
// may be the first attempt's success: the key is read back, and our write id there means success.
// Another one there tells nothing of what was there before: `is_ambiguous_conflict` (script.hpp).
// A write without an expected revision carries its write id as message id instead, so that a late
// repeat cannot overwrite what somebody else wrote meanwhile.
#pragma once

#include "protocol/jetstream/exchange.hpp"

#include <string>

namespace nats_mcp::jetstream {

/// Begins a write: plain, or over the revision it expects.
[[nodiscard]] put_exchange begin_put(kv_put command);
/// Begins a write of a deletion marker, known by `write_id` where its answer is lost.
[[nodiscard]] put_exchange begin_delete(kv_delete command, std::string write_id);
/// What goes out now, answered at `reply`. @param attempts made so far, this one included
[[nodiscard]] outgoing put_message(const put_exchange& putting, const std::string& reply,
                                   unsigned attempts);
/// What follows a reply: the end, another attempt, or the look at what stands there.
/// @param what was asked, for the sentence of an error
[[nodiscard]] next_step put_replied(put_exchange& putting, incoming&& reply,
                                    const exchange_context& context, const std::string& what);
/// For a person: what is written where.
[[nodiscard]] std::string put_description(const put_exchange& putting);

} // namespace nats_mcp::jetstream
