// SPDX-License-Identifier: MIT
#include "protocol/messaging/channel_message.hpp"

#include "protocol/json/member.hpp"
#include "protocol/limits.hpp"
#include "protocol/text.hpp"

#include <algorithm>

namespace nats_mcp::messaging {

namespace {

constexpr int payload_version = 1;
/// With an offset and nanoseconds; longer ones are noise.
constexpr std::size_t timestamp_characters_max = 35;

/// A payload that is no channel message, as the reader is shown it.
std::string foreign(std::string_view payload) {
  if (!is_utf8(payload)) {
    return "(unreadable: " + std::to_string(payload.size()) + " bytes that are no text)";
  }
  return first_characters(payload, limits::foreign_payload_shown_max);
}

} // namespace

std::string write_channel_message(const channel_payload& message) {
  auto out = json::value::object();
  out["v"] = payload_version;
  out["handle"] = message.handle;
  out["message"] = message.message;
  out["timestamp"] = to_rfc3339(message.timestamp);
  if (!message.guid.empty()) {
    out["guid"] = message.guid;
  }
  return json::write(out);
}

result<channel_payload> parse_channel_message(std::string_view payload) {
  const auto document = json::parse(payload);
  if (!document) {
    return tl::make_unexpected(document.error());
  }
  const auto* message = json::find(*document, "message");
  const auto timestamp = parse_rfc3339(json::text_member(*document, "timestamp"));
  if (message == nullptr || !message->is_string() || !timestamp) {
    return fail(ec::malformed, "The payload is no channel message.");
  }
  return channel_payload{std::string{json::text_member(*document, "handle")},
                         std::string{json::text_member(*document, "guid")},
                         message->get<std::string>(), *timestamp};
}

tools::channel_message read_channel_message(const jetstream::delivery& delivery) {
  tools::channel_message out;
  out.sequence = delivery.stream_sequence;
  out.handle = unknown_sender;
  const auto document = json::parse(delivery.payload);
  const auto* message = document ? json::find(*document, "message") : nullptr;
  if (message == nullptr || !message->is_string()) {
    out.timestamp = to_rfc3339(delivery.stored_at);
    out.message = foreign(delivery.payload);
    return out;
  }
  out.message = message->get_ref<const std::string&>();
  const auto timestamp = json::text_member(*document, "timestamp");
  out.timestamp = timestamp.size() <= timestamp_characters_max && parse_rfc3339(timestamp)
                    ? std::string{timestamp}
                    : to_rfc3339(delivery.stored_at);
  if (const auto handle = json::text_member(*document, "handle"); !handle.empty()) {
    out.handle = first_characters(handle, limits::name_characters_max);
  }
  out.guid = first_characters(json::text_member(*document, "guid"), limits::name_characters_max);
  return out;
}

} // namespace nats_mcp::messaging
