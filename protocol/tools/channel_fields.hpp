// SPDX-License-Identifier: MIT
// The field tables of the channel tools' arguments and results: names, limits, examples and words
// of every member, from which schema, decoding and reference page follow (json/field_table.hpp).
#pragma once

#include "protocol/json/field_table.hpp"
#include "protocol/tools/channel_tools.hpp"

namespace nats_mcp::json {

/// `list_channels` takes nothing.
template <>
struct described<tools::list_channels_arguments> {
  static const field_table<tools::list_channels_arguments>& fields();
};
/// One line of `list_channels`.
template <>
struct described<tools::channel_summary> {
  static const field_table<tools::channel_summary>& fields();
};
/// The configured channels, in the order of the configuration.
template <>
struct described<tools::list_channels_result> {
  static const field_table<tools::list_channels_result>& fields();
};
/// Both are required; how large a message may be is for the NATS server to say.
template <>
struct described<tools::send_message_arguments> {
  static const field_table<tools::send_message_arguments>& fields();
};
/// Where the message was stored.
template <>
struct described<tools::send_message_result> {
  static const field_table<tools::send_message_result>& fields();
};
/// A channel, and which part of it.
template <>
struct described<tools::read_messages_arguments> {
  static const field_table<tools::read_messages_arguments>& fields();
};
/// A message of another agent: nothing in it is ours.
template <>
struct described<tools::channel_message> {
  static const field_table<tools::channel_message>& fields();
};
/// A page of messages and where the next one begins.
template <>
struct described<tools::read_messages_result> {
  static const field_table<tools::read_messages_result>& fields();
};
/// What to wait for, and how long.
template <>
struct described<tools::wait_for_messages_arguments> {
  static const field_table<tools::wait_for_messages_arguments>& fields();
};
/// How much is unread in one channel; also part of `server_status`.
template <>
struct described<tools::channel_news> {
  static const field_table<tools::channel_news>& fields();
};
/// Which channels have news; none when the time passed.
template <>
struct described<tools::wait_for_messages_result> {
  static const field_table<tools::wait_for_messages_result>& fields();
};

} // namespace nats_mcp::json
