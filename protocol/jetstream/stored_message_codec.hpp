// SPDX-License-Identifier: MIT
// Stored messages as they are read back: through direct get (headers tell where the message stands)
// or, where a stream refuses that, through `STREAM.MSG.GET` (JSON with base64).
#pragma once

#include "protocol/error.hpp"
#include "protocol/jetstream/command.hpp"
#include "protocol/jetstream/wire_message.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace nats_mcp::jetstream {

/// The headers we write and read.
namespace header_name {
inline constexpr std::string_view message_id = "Nats-Msg-Id";
inline constexpr std::string_view expected_subject_sequence = "Nats-Expected-Last-Subject-Sequence";
inline constexpr std::string_view operation = "KV-Operation";
inline constexpr std::string_view last_consumer = "Nats-Last-Consumer";
inline constexpr std::string_view consumer_stalled = "Nats-Consumer-Stalled";
/// Ours, on deletion markers: the write id that a value carries inside.
inline constexpr std::string_view write_id = "Nats-Mcp-Write-Id";
} // namespace header_name

/// A direct get's answer. @returns `ec::not_found` for status 404, `ec::malformed` without the
/// headers a direct get has. The headers of the server itself are taken out.
[[nodiscard]] result<stored_message> decode_direct(incoming&& reply, std::string_view what);

/// The answer of `STREAM.MSG.GET`, its errors already turned into `error` by `decode_api_reply`.
[[nodiscard]] result<stored_message> decode_message_get(const api_reply& reply,
                                                        std::string_view what);

// -- key-value ---------------------------------------------------------------------------------

/// The stream behind a bucket.
[[nodiscard]] std::string stream_of_bucket(std::string_view bucket);

/// The subject of a key (or of a pattern over keys) in a bucket.
[[nodiscard]] std::string subject_of_key(std::string_view bucket, std::string_view key);

/// The key in a bucket's subject; nothing if the subject belongs to another bucket.
[[nodiscard]] std::optional<std::string> key_of_subject(std::string_view bucket,
                                                        std::string_view subject);

/// What `KV-Operation` says; a message without it is a put.
[[nodiscard]] kv_operation operation_of(const headers& all);

/// The entry a stored message is.
[[nodiscard]] kv_entry entry_of(std::string key, stored_message&& message);

} // namespace nats_mcp::jetstream
