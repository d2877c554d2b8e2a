// SPDX-License-Identifier: MIT
// The rules for texts and objects that several tools around work take, each in one place. None has
// a pattern: what a model needs of them stands in words, and tokens are dear.
#pragma once

#include "protocol/error.hpp"
#include "protocol/json/field.hpp"
#include "protocol/json/value.hpp"

#include <string_view>

namespace nats_mcp::tools {

/// A UUID, or `seq-` and digits: what an unreadable queue message is called.
[[nodiscard]] const json::text_rule& item_id_rule() noexcept;

/// A time as RFC 3339 writes it.
[[nodiscard]] const json::text_rule& time_rule() noexcept;

/// What an item says is to be done, in bytes: it is stored with the item.
[[nodiscard]] const json::text_rule& description_rule() noexcept;

/// A note, an error, a reason or a summary, in bytes: it is stored in the item's record.
[[nodiscard]] const json::text_rule& note_rule() noexcept;

/// Whether an object fits `limits::work_context_bytes_max` when written as JSON.
/// @param example what stands behind the argument's name in the refusal.
/// @returns `ec::invalid_argument`.
[[nodiscard]] result<void> check_size(std::string_view argument, const json::value& object,
                                      std::string_view example);

} // namespace nats_mcp::tools
