// SPDX-License-Identifier: MIT
// The field tables of the arguments and results of those who do the work of others
// (json/field_table.hpp).
#pragma once

#include "protocol/json/field_table.hpp"
#include "protocol/tools/work_holding_tools.hpp"

namespace nats_mcp::json {

/// What one can do, and how long to wait for it.
template <>
struct described<tools::claim_work_arguments> {
  static const field_table<tools::claim_work_arguments>& fields();
};
/// An item as its worker gets it: what is to be done is the offerer's words.
template <>
struct described<tools::claimed_work> {
  static const field_table<tools::claimed_work>& fields();
};
/// An item, or what was looked for in vain.
template <>
struct described<tools::claim_work_result> {
  static const field_table<tools::claim_work_result>& fields();
};
/// How far one has come.
template <>
struct described<tools::report_progress_arguments> {
  static const field_table<tools::report_progress_arguments>& fields();
};
/// Until when the item is held now.
template <>
struct described<tools::report_progress_result> {
  static const field_table<tools::report_progress_result>& fields();
};
/// What came of it.
template <>
struct described<tools::complete_work_arguments> {
  static const field_table<tools::complete_work_arguments>& fields();
};
/// That it is stored.
template <>
struct described<tools::complete_work_result> {
  static const field_table<tools::complete_work_result>& fields();
};
/// What went wrong, and whether another attempt makes sense.
template <>
struct described<tools::fail_work_arguments> {
  static const field_table<tools::fail_work_arguments>& fields();
};
/// What becomes of the item.
template <>
struct described<tools::fail_work_result> {
  static const field_table<tools::fail_work_result>& fields();
};
/// An item to give back.
template <>
struct described<tools::release_work_arguments> {
  static const field_table<tools::release_work_arguments>& fields();
};
/// Where it waits again.
template <>
struct described<tools::release_work_result> {
  static const field_table<tools::release_work_result>& fields();
};

} // namespace nats_mcp::json
