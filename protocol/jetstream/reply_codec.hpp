// SPDX-License-Identifier: MIT
// JetStream's answers as values: publish acknowledgements, API replies and errors, with JetStream's
// own error codes put into the program's (`ec`) so that callers decide without knowing numbers.
#pragma once

#include "protocol/error.hpp"
#include "protocol/jetstream/command.hpp"
#include "protocol/jetstream/wire_message.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace nats_mcp::jetstream {

/// JetStream's error numbers that decide something here (server/errors.json there).
namespace error_number {
inline constexpr int no_suitable_servers = 10005;
inline constexpr int temporarily_unavailable = 10008;
inline constexpr int consumer_not_found = 10014;
inline constexpr int no_message_found = 10037;
inline constexpr int not_enabled_for_account = 10039;
inline constexpr int message_too_large = 10054;
inline constexpr int stream_not_found = 10059;
inline constexpr int wrong_last_sequence = 10071;
inline constexpr int too_few_servers = 10074;
inline constexpr int not_enabled = 10076;
inline constexpr int store_failed = 10077;
} // namespace error_number

/// Which `ec` one of JetStream's errors is. @param number its `err_code`. @param status its `code`.
/// @param description its text: limits added by newer servers are told by their wording.
[[nodiscard]] ec code_of_jetstream_error(int number, int status, std::string_view description);

/// Whether the same request may succeed in a moment (a leader is being elected).
[[nodiscard]] bool is_transient(const error& failure) noexcept;
/// How long until such a request is sent again.
inline constexpr std::chrono::milliseconds transient_delay{250};

/// Whether a message was refused because its subject holds as many as it may, and not because the
/// stream is full: servers say both under one number, in different words.
[[nodiscard]] bool is_subject_full(const error& failure) noexcept;

/// Whether a message was refused for its size, which no repetition changes.
[[nodiscard]] bool is_too_large(const error& failure) noexcept;

/// Reads the acknowledgement of a stored message in the form servers write it,
/// `{"stream":"ORDERS","seq":7}`, without a JSON document: tens of thousands of them come every
/// second. Nothing for any other form; `decode_publish_receipt` reads them all.
[[nodiscard]] std::optional<publish_receipt> decode_stored(const incoming& reply);

/// Reads a publish acknowledgement. @param what names the object for the error sentence, such as
/// `message to #roadmap`.
[[nodiscard]] result<publish_receipt>
decode_publish_receipt(const incoming& reply, std::string_view what, const server_facts& facts);

/// Reads the answer to an API request: the body as it is, or the error inside it.
[[nodiscard]] result<api_reply> decode_api_reply(incoming&& reply, std::string_view what,
                                                 const server_facts& facts);

/// The failure "no responders" stands for. @param absent the sentence when JetStream is enabled and
/// the object simply is not there.
[[nodiscard]] error no_responders(const server_facts& facts, std::string absent);

/// The sequence in a `wrong last sequence: 57`; nothing when the server did not say.
[[nodiscard]] std::optional<std::uint64_t> sequence_of_conflict(std::string_view message);

} // namespace nats_mcp::jetstream
