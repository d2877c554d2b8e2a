// SPDX-License-Identifier: MIT
// The field tables of what several answers about work say (json/field_table.hpp).
#pragma once

#include "protocol/json/field_table.hpp"
#include "protocol/tools/work_facts.hpp"

#include <array>
#include <string_view>
#include <utility>

namespace nats_mcp::json {

template <>
struct choices<tools::work_state> {
  static constexpr std::array<std::pair<tools::work_state, std::string_view>, 6> names{{
    {tools::work_state::pending, "pending"},
    {tools::work_state::claimed, "claimed"},
    {tools::work_state::completed, "completed"},
    {tools::work_state::dead, "dead"},
    {tools::work_state::cancelled, "cancelled"},
    {tools::work_state::discarded, "discarded"},
  }};
};

/// How long an item is the holder's.
template <>
struct described<tools::work_lease> {
  static const field_table<tools::work_lease>& fields();
};
/// Who tried when, and how it ended.
template <>
struct described<tools::work_attempt> {
  static const field_table<tools::work_attempt>& fields();
};
/// An item in a list: only the beginning of its description.
template <>
struct described<tools::work_summary> {
  static const field_table<tools::work_summary>& fields();
};
/// Everything about an item, its summary's members among the others.
template <>
struct described<tools::work_status> {
  static const field_table<tools::work_status>& fields();
};

/// The argument that says which item is meant.
[[nodiscard]] field_rules work_item_id_argument(presence need, std::string_view doc);

/// The position a page of a list goes on from.
[[nodiscard]] field_rules cursor_argument();

} // namespace nats_mcp::json
