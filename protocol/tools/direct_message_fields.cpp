// SPDX-License-Identifier: MIT
#include "protocol/tools/direct_message_fields.hpp"

#include "protocol/limits.hpp"
#include "protocol/name_rules.hpp"

namespace nats_mcp::json {

using namespace tools;

const field_table<send_direct_message_arguments>&
described<send_direct_message_arguments>::fields() {
  using arguments = send_direct_message_arguments;
  static const field_table<arguments> table{{
    member<arguments>(&arguments::recipient_guid,
                      {.name = "recipientGuid",
                       .doc = "Either this or recipientHandle.",
                       .rule = &guid_rule(),
                       .example = R"("123e4567-e89b-12d3-a456-426614174000")"}),
    member<arguments>(
      &arguments::recipient_handle,
      {.name = "recipientHandle", .rule = &handle_rule(), .example = R"("code-reviewer")"}),
    member<arguments>(&arguments::message, {.name = "message",
                                            .need = presence::required,
                                            .length_min = 1,
                                            .example = R"("Please review PR #42.")"}),
    member<arguments>(&arguments::type, {.name = "messageType", .example = R"("text")"}),
    member<arguments>(&arguments::metadata,
                      {.name = "metadata",
                       .doc = "With a work type: workItemId and what the type needs.",
                       .example = R"({"workItemId": "feature-123"})"}),
  }};
  return table;
}

const field_table<send_direct_message_result>& described<send_direct_message_result>::fields() {
  using outcome = send_direct_message_result;
  static const field_table<outcome> table{{
    member<outcome>(&outcome::message_id, required("messageId")),
    member<outcome>(&outcome::recipient_guid, required("recipientGuid")),
    member<outcome>(&outcome::recipient_handle, required("recipientHandle")),
    member<outcome>(&outcome::recipient_status, required("recipientStatus")),
  }};
  return table;
}

const field_table<read_direct_messages_arguments>&
described<read_direct_messages_arguments>::fields() {
  using arguments = read_direct_messages_arguments;
  static const field_table<arguments> table{{
    member<arguments>(
      &arguments::limit,
      {.name = "limit", .minimum = 1, .maximum = limits::direct_messages_read_max, .example = "5"}),
    member<arguments>(&arguments::type, {.name = "messageType",
                                         .doc = "Only these; others stay unread.",
                                         .example = R"("work-offer")"}),
    member<arguments>(&arguments::sender_guid,
                      {.name = "senderGuid",
                       .doc = "Only theirs; others stay unread.",
                       .rule = &guid_rule(),
                       .example = R"("123e4567-e89b-12d3-a456-426614174000")"}),
    member<arguments>(&arguments::timeout, {.name = "timeout",
                                            .doc = "How long to wait for mail, ms.",
                                            .minimum = 0,
                                            .maximum = limits::direct_message_wait_max.count(),
                                            .example = "30000"}),
  }};
  return table;
}

const field_table<direct_message>& described<direct_message>::fields() {
  using message = direct_message;
  static const field_table<message> table{{
    member<message>(&message::id, required("id")),
    member<message>(&message::sender_guid, required("senderGuid")),
    member<message>(&message::sender_handle, fact("senderHandle", "As the sender wrote it.")),
    member<message>(&message::type, required("messageType")),
    member<message>(&message::timestamp, required("timestamp")),
    member<message>(&message::content, required("message")),
    member<message>(&message::metadata, {.name = "metadata"}),
  }};
  return table;
}

const field_table<read_direct_messages_result>& described<read_direct_messages_result>::fields() {
  using outcome = read_direct_messages_result;
  static const field_table<outcome> table{{
    member<outcome>(&outcome::messages, fact("messages", "Oldest first.")),
    member<outcome>(&outcome::unread, fact("unread", "Unread messages beyond these.")),
    member<outcome>(&outcome::not_looked_at,
                    fact("notLookedAt", "How many of those were not compared with the filter.")),
  }};
  return table;
}

} // namespace nats_mcp::json
