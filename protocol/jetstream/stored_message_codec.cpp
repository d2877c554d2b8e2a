// SPDX-License-Identifier: MIT
#include "protocol/jetstream/stored_message_codec.hpp"

#include "protocol/json/value.hpp"

#include <openssl/evp.h>

#include <array>
#include <charconv>
#include <cstdint>
#include <utility>

namespace nats_mcp::jetstream {

namespace {

constexpr std::string_view header_subject = "Nats-Subject";
constexpr std::string_view header_sequence = "Nats-Sequence";
constexpr std::string_view header_time = "Nats-Time-Stamp";
constexpr std::string_view header_stream = "Nats-Stream";

tl::unexpected<error> unreadable(std::string_view what, std::string_view reason) {
  return fail(ec::malformed, "The answer of the NATS server about the " + std::string{what}
                               + " could not be read: " + std::string{reason} + ".");
}

error absent(std::string_view what) {
  return {ec::not_found, "The " + std::string{what} + " found nothing: no such message is stored.",
          0};
}

/// Nothing for text that is no base64.
std::optional<std::string> decode_base64(std::string_view text) {
  std::string bytes(text.size() / 4 * 3, '\0');
  const auto length = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                                      reinterpret_cast<const unsigned char*>(text.data()),
                                      static_cast<int>(text.size()));
  if (length < 0) {
    return std::nullopt;
  }
  // OpenSSL writes a zero for each character of padding.
  const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
  bytes.resize(static_cast<std::size_t>(length) - padding);
  return bytes;
}

/// `NATS/1.0\r\nName: value\r\n…` as it is stored.
headers parse_header_block(std::string_view block) {
  headers all;
  auto line_end = block.find("\r\n"); // the version line
  while (line_end != std::string_view::npos) {
    block.remove_prefix(line_end + 2);
    line_end = block.find("\r\n");
    const auto line = block.substr(0, line_end);
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) {
      continue;
    }
    auto value = line.substr(colon + 1);
    value.remove_prefix(std::min(value.find_first_not_of(' '), value.size()));
    all.emplace_back(line.substr(0, colon), value);
  }
  return all;
}

const std::string* text_of(const json::value* found) {
  return found == nullptr ? nullptr : found->get_ptr<const std::string*>();
}

} // namespace

result<stored_message> decode_direct(incoming&& reply, std::string_view what) {
  if (reply.status == 404) {
    return tl::make_unexpected(absent(what));
  }
  stored_message message;
  bool has_sequence = false;
  std::string time;
  for (auto& [name, value] : reply.headers) {
    if (name == header_subject) {
      message.subject = std::move(value);
    } else if (name == header_sequence) {
      const auto* end = value.data() + value.size();
      has_sequence = std::from_chars(value.data(), end, message.sequence).ptr == end;
    } else if (name == header_time) {
      time = std::move(value);
    } else if (name != header_stream) {
      message.headers.emplace_back(std::move(name), std::move(value));
    }
  }
  if (!has_sequence || message.subject.empty()) {
    return unreadable(what, "it does not say which message it is");
  }
  const auto stored_at = parse_rfc3339(time);
  if (!stored_at) {
    return unreadable(what, "its time stamp is no time");
  }
  message.stored_at = *stored_at;
  message.payload = std::move(reply.payload);
  return message;
}

result<stored_message> decode_message_get(const api_reply& reply, std::string_view what) {
  const auto document = json::parse(reply.body);
  if (!document) {
    return unreadable(what, document.error().message);
  }
  const auto* stored = json::find(*document, "message");
  const auto* subject = stored == nullptr ? nullptr : text_of(json::find(*stored, "subject"));
  const auto* time = stored == nullptr ? nullptr : text_of(json::find(*stored, "time"));
  const auto* sequence = stored == nullptr ? nullptr : json::find(*stored, "seq");
  if (subject == nullptr || time == nullptr || sequence == nullptr
      || !sequence->is_number_unsigned()) {
    return unreadable(what, "it does not say which message it is");
  }
  stored_message message;
  message.subject = *subject;
  message.sequence = *sequence->get_ptr<const json::value::number_unsigned_t*>();
  const auto stored_at = parse_rfc3339(*time);
  const auto* data = text_of(json::find(*stored, "data"));
  const auto* block = text_of(json::find(*stored, "hdrs"));
  auto payload = decode_base64(data == nullptr ? std::string_view{} : *data);
  const auto header_block = decode_base64(block == nullptr ? std::string_view{} : *block);
  if (!stored_at || !payload || !header_block) {
    return unreadable(what, "its time stamp or its base64 is broken");
  }
  message.stored_at = *stored_at;
  message.payload = std::move(*payload);
  message.headers = parse_header_block(*header_block);
  return message;
}

std::string stream_of_bucket(std::string_view bucket) { return "KV_" + std::string{bucket}; }

std::string subject_of_key(std::string_view bucket, std::string_view key) {
  std::string subject;
  subject.reserve(bucket.size() + key.size() + 5);
  return subject.append("$KV.").append(bucket).append(1, '.').append(key);
}

std::optional<std::string> key_of_subject(std::string_view bucket, std::string_view subject) {
  const auto prefix = subject_of_key(bucket, "");
  if (!subject.starts_with(prefix) || subject.size() == prefix.size()) {
    return std::nullopt;
  }
  return std::string{subject.substr(prefix.size())};
}

kv_operation operation_of(const headers& all) {
  const auto value = header(all, header_name::operation);
  if (value == "DEL") {
    return kv_operation::deleted;
  }
  return value == "PURGE" ? kv_operation::purged : kv_operation::put;
}

kv_entry entry_of(std::string key, stored_message&& message) {
  return {std::move(key), std::move(message.payload), message.sequence,
          operation_of(message.headers), message.stored_at};
}

} // namespace nats_mcp::jetstream
