// SPDX-License-Identifier: MIT
// Arguments and results of the direct message tools, as values, and the texts made of them. Their
// declarations stand in direct_message_tools.cpp and direct_message_fields.cpp; the actors see only
// these structs.
#pragma once

#include "protocol/error.hpp"
#include "protocol/json/value.hpp"
#include "protocol/tools/agent_tools.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace nats_mcp::tools {

/// Plain text, and the seven types of the hand-off protocol.
enum class message_type : std::uint8_t {
  text,
  work_offer,
  work_claim,
  work_accept,
  work_reject,
  progress_update,
  work_complete,
  work_error,
};

[[nodiscard]] std::string_view to_text(message_type type) noexcept;

/// Exactly one of the recipients; checked by `check`, with the metadata.
struct send_direct_message_arguments {
  std::optional<std::string> recipient_guid;
  std::optional<std::string> recipient_handle;
  std::string message;
  message_type type = message_type::text;
  /// An object.
  json::value metadata = json::value::object();
};

/// Only ever made after JetStream's acknowledgement: the message is in the recipient's inbox.
struct send_direct_message_result {
  std::string message_id;
  std::string recipient_guid;
  std::string recipient_handle;
  effective_status recipient_status = effective_status::online;
};

struct read_direct_messages_arguments {
  std::int64_t limit = 10;
  std::optional<message_type> type;
  std::optional<std::string> sender_guid;
  /// How long to wait for mail when there is none.
  std::chrono::milliseconds timeout{0};
};

/// One message as shown. The sender's guid is the one NATS vouches for; all other texts are as the
/// sender wrote them.
struct direct_message {
  std::string id;
  std::string sender_guid;
  std::string sender_handle;
  /// As on the wire: strangers may write types nobody knows.
  std::string type;
  /// RFC 3339.
  std::string timestamp;
  std::string content;
  /// An object; empty without any.
  json::value metadata = json::value::object();
};

struct read_direct_messages_result {
  /// Oldest first.
  std::vector<direct_message> messages;
  /// Messages that are unread beyond these; those the filter left included.
  std::uint64_t unread = 0;
  /// How many of those the filter was not tried on: no more can be held at once.
  std::uint64_t not_looked_at = 0;
};

/// What a schema cannot say: exactly one recipient; the metadata the message type needs.
/// @returns `ec::invalid_argument`.
[[nodiscard]] result<void> check(const send_direct_message_arguments& arguments);
[[nodiscard]] result<void> check(const read_direct_messages_arguments& arguments);

/// What every other tool's answer ends with while there is mail; empty without any.
[[nodiscard]] std::string unread_line(std::uint64_t unread);

[[nodiscard]] std::string render(const send_direct_message_result& outcome);
[[nodiscard]] std::string render(const read_direct_messages_result& outcome);

/// The declarations, in the order of the listing.
[[nodiscard]] std::vector<tool_declaration> direct_message_tools();

} // namespace nats_mcp::tools
