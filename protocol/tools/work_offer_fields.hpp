// SPDX-License-Identifier: MIT
// The field tables of the arguments and results of those who offer work (json/field_table.hpp).
#pragma once

#include "protocol/json/field_table.hpp"
#include "protocol/tools/work_offer_tools.hpp"

#include <array>
#include <string_view>
#include <utility>

namespace nats_mcp::json {

template <>
struct choices<tools::work_scope> {
  static constexpr std::array<std::pair<tools::work_scope, std::string_view>, 2> names{{
    {tools::work_scope::public_, "public"},
    {tools::work_scope::project, "project"},
  }};
};

/// What is to be done, how urgent it is, and who may do it.
template <>
struct described<tools::broadcast_work_offer_arguments> {
  static const field_table<tools::broadcast_work_offer_arguments>& fields();
};
/// The item as it is known now.
template <>
struct described<tools::broadcast_work_offer_result> {
  static const field_table<tools::broadcast_work_offer_result>& fields();
};
/// An item, and why nobody is to do it any more.
template <>
struct described<tools::cancel_work_arguments> {
  static const field_table<tools::cancel_work_arguments>& fields();
};
/// Whether somebody was at it.
template <>
struct described<tools::cancel_work_result> {
  static const field_table<tools::cancel_work_result>& fields();
};

} // namespace nats_mcp::json
