// SPDX-License-Identifier: MIT
#include "protocol/messaging/channel_message.hpp"

#include "protocol/json/flat_object.hpp"
#include "protocol/json/member.hpp"
#include "protocol/limits.hpp"
#include "protocol/messaging/stranger_payload.hpp"
#include "protocol/text.hpp"

#include <optional>
#include <utility>

namespace nats_mcp::messaging {

namespace {

constexpr int channel_payload_version = 1;

/// What a payload says; nothing of a payload that is no JSON object.
struct payload_members {
  std::string handle;
  std::string guid;
  std::optional<std::string> message;
  std::string timestamp;
};

payload_members read_members(std::string_view payload) {
  payload_members out;
  // Ours nearly always take the short way: a thousand of them are read at once.
  if (auto flat = json::read_flat_object(payload)) {
    const auto take = [&flat](std::string_view key, auto& to) {
      if (auto* text = json::find_text(*flat, key)) {
        to = std::move(*text);
      }
    };
    take("handle", out.handle);
    take("guid", out.guid);
    take("message", out.message);
    take("timestamp", out.timestamp);
    return out;
  }
  const auto document = json::parse(payload);
  if (!document) {
    return out;
  }
  out.handle = json::text_member(*document, "handle");
  out.guid = json::text_member(*document, "guid");
  out.timestamp = json::text_member(*document, "timestamp");
  if (const auto* message = json::find(*document, "message");
      message != nullptr && message->is_string()) {
    out.message = message->get_ref<const std::string&>();
  }
  return out;
}

} // namespace

std::string write_channel_message(const channel_payload& message) {
  auto out = json::value::object();
  out["v"] = channel_payload_version;
  out["handle"] = message.handle;
  out["message"] = message.message;
  out["timestamp"] = to_rfc3339(message.timestamp);
  if (!message.guid.empty()) {
    out["guid"] = message.guid;
  }
  return json::write(out);
}

result<channel_payload> parse_channel_message(std::string_view payload) {
  auto found = read_members(payload);
  const auto timestamp = parse_rfc3339(found.timestamp);
  if (!found.message || !timestamp) {
    return fail(ec::malformed, "The payload is no channel message.");
  }
  return channel_payload{std::move(found.handle), std::move(found.guid), std::move(*found.message),
                         *timestamp};
}

tools::channel_message read_channel_message(const jetstream::delivery& delivery) {
  tools::channel_message out;
  out.sequence = delivery.stream_sequence;
  out.handle = unknown_sender;
  auto found = read_members(delivery.payload);
  if (!found.message) {
    out.timestamp = to_rfc3339(delivery.stored_at);
    out.message = shown_payload(delivery.payload);
    return out;
  }
  out.message = fitting_text(std::move(*found.message));
  out.timestamp = shown_timestamp(found.timestamp, delivery.stored_at);
  if (!found.handle.empty()) {
    out.handle = first_characters(found.handle, limits::name_characters_max);
  }
  out.guid = first_characters(found.guid, limits::name_characters_max);
  return out;
}

} // namespace nats_mcp::messaging
