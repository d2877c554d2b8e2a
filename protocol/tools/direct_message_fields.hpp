// SPDX-License-Identifier: MIT
// The field tables of the direct message tools' arguments and results: names, limits, examples and
// words of every member, from which schema, decoding and reference page follow
// (json/field_table.hpp).
#pragma once

#include "protocol/json/field_table.hpp"
#include "protocol/tools/agent_fields.hpp"
#include "protocol/tools/direct_message_tools.hpp"

#include <array>
#include <string_view>
#include <utility>

namespace nats_mcp::json {

template <>
struct choices<tools::message_type> {
  static constexpr std::array<std::pair<tools::message_type, std::string_view>, 8> names{{
    {tools::message_type::text, "text"},
    {tools::message_type::work_offer, "work-offer"},
    {tools::message_type::work_claim, "work-claim"},
    {tools::message_type::work_accept, "work-accept"},
    {tools::message_type::work_reject, "work-reject"},
    {tools::message_type::progress_update, "progress-update"},
    {tools::message_type::work_complete, "work-complete"},
    {tools::message_type::work_error, "work-error"},
  }};
};

/// One recipient and a text; what the metadata must hold follows from the type.
template <>
struct described<tools::send_direct_message_arguments> {
  static const field_table<tools::send_direct_message_arguments>& fields();
};
/// What was stored, and for whom.
template <>
struct described<tools::send_direct_message_result> {
  static const field_table<tools::send_direct_message_result>& fields();
};
/// Which messages, and how long to wait for them.
template <>
struct described<tools::read_direct_messages_arguments> {
  static const field_table<tools::read_direct_messages_arguments>& fields();
};
/// A message of another agent: nothing in it is ours but the sender's GUID.
template <>
struct described<tools::direct_message> {
  static const field_table<tools::direct_message>& fields();
};
/// Messages, and how many more there are.
template <>
struct described<tools::read_direct_messages_result> {
  static const field_table<tools::read_direct_messages_result>& fields();
};

} // namespace nats_mcp::json
