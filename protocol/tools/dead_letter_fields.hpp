// SPDX-License-Identifier: MIT
// The field tables of the dead letter tools' arguments and results (json/field_table.hpp).
#pragma once

#include "protocol/json/field_table.hpp"
#include "protocol/tools/dead_letter_tools.hpp"

namespace nats_mcp::json {

/// Which letters, and which page of them.
template <>
struct described<tools::list_dead_letter_items_arguments> {
  static const field_table<tools::list_dead_letter_items_arguments>& fields();
};
/// An item that nobody gets any more, and why: only the beginning of its description.
template <>
struct described<tools::dead_letter_item> {
  static const field_table<tools::dead_letter_item>& fields();
};
/// A page of letters.
template <>
struct described<tools::list_dead_letter_items_result> {
  static const field_table<tools::list_dead_letter_items_result>& fields();
};
/// One item, or all of a capability.
template <>
struct described<tools::retry_dead_letter_item_arguments> {
  static const field_table<tools::retry_dead_letter_item_arguments>& fields();
};
/// What stayed where it was.
template <>
struct described<tools::retry_failure> {
  static const field_table<tools::retry_failure>& fields();
};
/// Where it waits again, and with how many attempts.
template <>
struct described<tools::retry_dead_letter_item_result> {
  static const field_table<tools::retry_dead_letter_item_result>& fields();
};
/// The item to be gone.
template <>
struct described<tools::discard_dead_letter_item_arguments> {
  static const field_table<tools::discard_dead_letter_item_arguments>& fields();
};
/// The item that is gone.
template <>
struct described<tools::discard_dead_letter_item_result> {
  static const field_table<tools::discard_dead_letter_item_result>& fields();
};

} // namespace nats_mcp::json
