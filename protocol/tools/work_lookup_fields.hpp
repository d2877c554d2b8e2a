// SPDX-License-Identifier: MIT
// The field tables of the arguments and results of those who look what became of work
// (json/field_table.hpp).
#pragma once

#include "protocol/json/field_table.hpp"
#include "protocol/tools/work_lookup_tools.hpp"

namespace nats_mcp::json {

/// One item, or those of a task.
template <>
struct described<tools::get_work_status_arguments> {
  static const field_table<tools::get_work_status_arguments>& fields();
};
/// Everything known of them.
template <>
struct described<tools::get_work_status_result> {
  static const field_table<tools::get_work_status_result>& fields();
};
/// Which items, and which page of them.
template <>
struct described<tools::list_work_arguments> {
  static const field_table<tools::list_work_arguments>& fields();
};
/// A page of items.
template <>
struct described<tools::list_work_result> {
  static const field_table<tools::list_work_result>& fields();
};

} // namespace nats_mcp::json
