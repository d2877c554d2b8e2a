// SPDX-License-Identifier: MIT
#include "protocol/tools/channel_fields.hpp"

#include "protocol/limits.hpp"
#include "protocol/name_rules.hpp"

namespace nats_mcp::json {

using namespace tools;

namespace {

/// The largest whole number every JSON reader keeps exactly.
constexpr std::int64_t sequence_max = (std::int64_t{1} << 53U) - 1;

field_rules channel_argument() {
  return {.name = "channel",
          .doc = "A channel of list_channels.",
          .need = presence::required,
          .rule = &channel_name_rule(),
          .example = R"("planning")"};
}

} // namespace

const field_table<list_channels_arguments>& described<list_channels_arguments>::fields() {
  static const field_table<list_channels_arguments> table{{}};
  return table;
}

const field_table<channel_summary>& described<channel_summary>::fields() {
  static const field_table<channel_summary> table{{
    member<channel_summary>(&channel_summary::name, required("name")),
    member<channel_summary>(&channel_summary::description, required("description")),
  }};
  return table;
}

const field_table<list_channels_result>& described<list_channels_result>::fields() {
  static const field_table<list_channels_result> table{{
    member<list_channels_result>(&list_channels_result::channels, required("channels")),
  }};
  return table;
}

const field_table<send_message_arguments>& described<send_message_arguments>::fields() {
  static const field_table<send_message_arguments> table{{
    member<send_message_arguments>(&send_message_arguments::channel, channel_argument()),
    member<send_message_arguments>(&send_message_arguments::message,
                                   {.name = "message",
                                    .doc = "The text; about 1 MiB by default: the NATS server's "
                                           "max_payload decides.",
                                    .need = presence::required,
                                    .length_min = 1,
                                    .example = R"("Starting sprint 5.")"}),
  }};
  return table;
}

const field_table<send_message_result>& described<send_message_result>::fields() {
  static const field_table<send_message_result> table{{
    member<send_message_result>(&send_message_result::channel, required("channel")),
    member<send_message_result>(&send_message_result::handle, required("handle")),
    member<send_message_result>(&send_message_result::sequence,
                                fact("sequence", "Position in the channel.")),
  }};
  return table;
}

const field_table<read_messages_arguments>& described<read_messages_arguments>::fields() {
  using arguments = read_messages_arguments;
  static const field_table<arguments> table{{
    member<arguments>(&arguments::channel, channel_argument()),
    member<arguments>(&arguments::limit, {.name = "limit",
                                          .doc = "Most messages to show.",
                                          .minimum = 1,
                                          .maximum = limits::messages_read_max,
                                          .example = "10"}),
    member<arguments>(&arguments::after,
                      {.name = "after",
                       .doc = "Only messages after this position: the \"Next\" of "
                              "an earlier answer.",
                       .minimum = 0,
                       .maximum = sequence_max,
                       .example = "123"}),
    member<arguments>(&arguments::unread,
                      {.name = "unread",
                       .doc = "Only messages not shown to you by an earlier unread read.",
                       .example = "true"}),
  }};
  return table;
}

const field_table<channel_message>& described<channel_message>::fields() {
  static const field_table<channel_message> table{{
    member<channel_message>(&channel_message::sequence, required("sequence")),
    member<channel_message>(&channel_message::timestamp, required("timestamp")),
    member<channel_message>(&channel_message::handle, fact("handle", "The sender.")),
    member<channel_message>(&channel_message::message, required("message")),
    member<channel_message>(&channel_message::guid,
                            {.name = "guid", .doc = "The sender's, if registered."}),
  }};
  return table;
}

const field_table<read_messages_result>& described<read_messages_result>::fields() {
  static const field_table<read_messages_result> table{{
    member<read_messages_result>(&read_messages_result::channel, required("channel")),
    member<read_messages_result>(&read_messages_result::messages,
                                 fact("messages", "Oldest first.")),
    member<read_messages_result>(&read_messages_result::next_after,
                                 fact("nextAfter", "Pass it as after to go on from here.")),
  }};
  return table;
}

const field_table<wait_for_messages_arguments>& described<wait_for_messages_arguments>::fields() {
  using arguments = wait_for_messages_arguments;
  static const field_table<arguments> table{{
    member<arguments>(&arguments::channels, {.name = "channels",
                                             .doc = "Channels to watch; none = all.",
                                             .items_max = limits::channels_max,
                                             .rule = &channel_name_rule(),
                                             .example = R"(["planning"])"}),
    member<arguments>(
      &arguments::direct_messages,
      {.name = "directMessages", .doc = "Watch your inbox too.", .example = "false"}),
    member<arguments>(&arguments::timeout, {.name = "timeout",
                                            .doc = "Longest wait, ms.",
                                            .minimum = 0,
                                            .maximum = limits::wait_max.count(),
                                            .example = "30000"}),
    member<arguments>(&arguments::hook, {.name = "hook",
                                         .doc = "For Claude Code's hook UserPromptSubmit: "
                                                "answers it at once.",
                                         .example = "true"}),
  }};
  return table;
}

const field_table<channel_news>& described<channel_news>::fields() {
  static const field_table<channel_news> table{{
    member<channel_news>(&channel_news::channel, required("channel")),
    member<channel_news>(&channel_news::unread, fact("unread", "Messages not shown yet.")),
  }};
  return table;
}

const field_table<wait_for_messages_result>& described<wait_for_messages_result>::fields() {
  static const field_table<wait_for_messages_result> table{{
    member<wait_for_messages_result>(&wait_for_messages_result::channels,
                                     fact("channels", "Those with news.")),
    member<wait_for_messages_result>(&wait_for_messages_result::waited,
                                     fact("waited", "How long, ms.")),
    member<wait_for_messages_result>(
      &wait_for_messages_result::direct_messages,
      fact("directMessages", "Unread ones. 0, and no channels: nothing came in time.")),
    member<wait_for_messages_result>(
      &wait_for_messages_result::no_inbox,
      fact("noInbox", "Direct messages were not waited for: you are not registered.")),
  }};
  return table;
}

} // namespace nats_mcp::json
