// SPDX-License-Identifier: MIT
#include "protocol/messaging/direct_message_codec.hpp"

#include "protocol/agents/visibility.hpp"
#include "protocol/json/member.hpp"
#include "protocol/limits.hpp"
#include "protocol/messaging/stranger_payload.hpp"
#include "protocol/text.hpp"

#include <utility>

namespace nats_mcp::messaging {

namespace {

constexpr int direct_payload_version = 1;
constexpr std::string_view subject_prefix = "inbox.";
constexpr std::string_view message_id_header = "Nats-Msg-Id";

std::string name(std::string_view text) {
  return first_characters(text, limits::name_characters_max);
}

/// The last token of `inbox.<recipient>.<sender>`: what NATS vouches for, whatever it is.
std::string sender_of(std::string_view subject) {
  const auto dot = subject.rfind('.');
  const auto sender = dot == std::string_view::npos ? std::string_view{} : subject.substr(dot + 1);
  return sender.empty() ? std::string{unknown_sender} : name(sender);
}

/// Every message shown has an id: the sender's, the one it was stored under, or its place.
std::string id_of(std::string_view written, const jetstream::delivery& delivery) {
  if (!written.empty()) {
    return name(written);
  }
  for (const auto& [key, content] : delivery.headers) {
    if (key == message_id_header && !content.empty()) {
      return name(content);
    }
  }
  return "seq-" + std::to_string(delivery.stream_sequence);
}

/// Ours is never longer than that; an answer has no room for more.
json::value fitting_metadata(const json::value& given, std::size_t payload_bytes) {
  const auto bytes = payload_bytes <= limits::metadata_bytes_max ? 0 : json::write(given).size();
  return bytes <= limits::metadata_bytes_max
           ? given
           : json::value{{"leftOut", std::to_string(bytes) + " bytes of metadata"}};
}

} // namespace

jetstream::stream_config inbox_stream(std::uint32_t replicas) {
  jetstream::stream_config out;
  out.name = inbox_stream_name;
  out.subjects = {inbox_subject("*", "*")};
  out.retention = jetstream::retention_policy::work_queue;
  out.max_bytes = limits::inbox_stream_bytes_max;
  out.max_age = limits::inbox_age_max;
  out.max_messages_per_subject = limits::inbox_messages_per_sender_max;
  out.discard = jetstream::discard_policy::new_messages;
  out.discard_new_per_subject = true;
  out.duplicate_window = limits::inbox_duplicates_remembered;
  out.replicas = replicas;
  return out;
}

std::string inbox_subject(std::string_view recipient_guid, std::string_view sender_guid) {
  std::string out{subject_prefix};
  return out.append(recipient_guid).append(1, '.').append(sender_guid);
}

std::string inbox_pattern(std::string_view recipient_guid) {
  return inbox_subject(recipient_guid, "*");
}

std::string inbox_consumer(std::string_view recipient_guid) {
  return std::string{"inbox-"}.append(recipient_guid);
}

std::optional<inbox_address> parse_inbox_subject(std::string_view subject) {
  if (!subject.starts_with(subject_prefix)) {
    return std::nullopt;
  }
  const auto rest = subject.substr(subject_prefix.size());
  const auto dot = rest.find('.');
  if (dot == std::string_view::npos) {
    return std::nullopt;
  }
  const auto recipient = rest.substr(0, dot);
  const auto sender = rest.substr(dot + 1);
  if (!agents::is_guid(recipient) || !agents::is_guid(sender)) {
    return std::nullopt;
  }
  return inbox_address{std::string{recipient}, std::string{sender}};
}

std::string write_direct_message(const direct_message_payload& message) {
  auto out = json::value::object();
  out["v"] = direct_payload_version;
  out["id"] = message.id;
  out["senderGuid"] = message.sender_guid;
  out["senderHandle"] = message.sender_handle;
  out["recipientGuid"] = message.recipient_guid;
  out["messageType"] = std::string{tools::to_text(message.type)};
  out["content"] = message.content;
  if (!message.metadata.empty()) {
    out["metadata"] = message.metadata;
  }
  out["timestamp"] = to_rfc3339(message.timestamp);
  return json::write(out);
}

tools::direct_message read_direct_message(const jetstream::delivery& delivery) {
  tools::direct_message out;
  out.sender_guid = sender_of(delivery.subject);
  out.sender_handle = unknown_sender;
  out.type = tools::to_text(tools::message_type::text);
  const auto document = json::parse(delivery.payload);
  const auto* content = document ? json::find(*document, "content") : nullptr;
  if (content == nullptr || !content->is_string()) {
    out.id = id_of({}, delivery);
    out.timestamp = to_rfc3339(delivery.stored_at);
    out.content = shown_payload(delivery.payload);
    return out;
  }
  out.id = id_of(json::text_member(*document, "id"), delivery);
  out.content = fitting_text(content->get_ref<const std::string&>());
  out.timestamp = shown_timestamp(json::text_member(*document, "timestamp"), delivery.stored_at);
  if (const auto handle = json::text_member(*document, "senderHandle"); !handle.empty()) {
    out.sender_handle = name(handle);
  }
  if (const auto type = json::text_member(*document, "messageType"); !type.empty()) {
    out.type = name(type);
  }
  if (const auto* metadata = json::find(*document, "metadata");
      metadata != nullptr && metadata->is_object()) {
    out.metadata = fitting_metadata(*metadata, delivery.payload.size());
  }
  return out;
}

} // namespace nats_mcp::messaging
