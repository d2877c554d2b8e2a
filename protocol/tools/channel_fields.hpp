// SPDX-License-Identifier: MIT
// The field tables of the channel tools' arguments and results.
#pragma once

#include "protocol/json/field_table.hpp"
#include "protocol/tools/channel_tools.hpp"

namespace nats_mcp::json {

template <>
struct described<tools::list_channels_arguments> {
  static const field_table<tools::list_channels_arguments>& fields();
};
template <>
struct described<tools::channel_summary> {
  static const field_table<tools::channel_summary>& fields();
};
template <>
struct described<tools::list_channels_result> {
  static const field_table<tools::list_channels_result>& fields();
};
template <>
struct described<tools::send_message_arguments> {
  static const field_table<tools::send_message_arguments>& fields();
};
template <>
struct described<tools::send_message_result> {
  static const field_table<tools::send_message_result>& fields();
};
template <>
struct described<tools::read_messages_arguments> {
  static const field_table<tools::read_messages_arguments>& fields();
};
template <>
struct described<tools::channel_message> {
  static const field_table<tools::channel_message>& fields();
};
template <>
struct described<tools::read_messages_result> {
  static const field_table<tools::read_messages_result>& fields();
};
template <>
struct described<tools::wait_for_messages_arguments> {
  static const field_table<tools::wait_for_messages_arguments>& fields();
};
template <>
struct described<tools::channel_news> {
  static const field_table<tools::channel_news>& fields();
};
template <>
struct described<tools::wait_for_messages_result> {
  static const field_table<tools::wait_for_messages_result>& fields();
};

} // namespace nats_mcp::json
