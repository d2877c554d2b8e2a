// SPDX-License-Identifier: MIT
// What the user reads when NATS fails: what happened, to what, and what to do. In one place so that
// the same failure always says the same and no text ever carries a credential.
#pragma once

#include "protocol/error.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace nats_mcp::jetstream {

/// No server answers at `urls` (already redacted). @param cause the library's words; may be empty.
[[nodiscard]] std::string unreachable_sentence(std::string_view urls, std::string_view cause);

/// The server answers, JetStream does not.
[[nodiscard]] std::string jetstream_disabled_sentence();

/// The server refused the credentials. @param cause what the server said. @param reason which of
/// them are meant, and what is wrong with them if that is known. @param remedy sentences.
[[nodiscard]] std::string authentication_sentence(std::string_view urls, std::string_view cause,
                                                  std::string_view reason, std::string_view remedy);

/// The server asks for credentials, and none are set.
[[nodiscard]] std::string no_credentials_sentence(std::string_view urls, std::string_view cause);

/// TLS was demanded by one side and did not come about. @param reason what is wrong. @param cause
/// the library's words; may be empty. @param remedy sentences.
[[nodiscard]] std::string tls_sentence(std::string_view urls, std::string_view reason,
                                       std::string_view cause, std::string_view remedy);

/// The server refused one subject. @param what was refused, in the user's words. @param operation
/// "publish to" or "subscribe to": with the subject, what an administrator has to allow.
[[nodiscard]] std::string permission_sentence(std::string_view what, std::string_view operation,
                                              std::string_view subject);

/// One message exceeds the server's `max_payload`. Sizes in bytes, headers included.
[[nodiscard]] std::string too_large_sentence(std::string_view what, std::size_t bytes,
                                             std::size_t bytes_max);

/// An established connection is gone. @param cause may be empty.
[[nodiscard]] std::string connection_lost_sentence(std::string_view urls, std::string_view cause);

/// `ec::timeout`: nothing happened. @param why why nothing could be written; may be empty.
[[nodiscard]] std::string timeout_sentence(std::string_view what, std::string_view why);

/// `ec::timeout` of something that was written, had no answer and changes nothing.
[[nodiscard]] std::string no_answer_sentence(std::string_view what);

/// `ec::unknown_outcome`: written, never answered.
[[nodiscard]] std::string unknown_outcome_sentence(std::string_view what);

/// `ec::conflict` or `ec::unknown_outcome` where an earlier attempt may be the cause.
[[nodiscard]] std::string ambiguous_conflict_sentence(std::string_view what);

/// `ec::busy`: this process has too much waiting for NATS already.
[[nodiscard]] std::string busy_sentence(std::string_view what);

/// JetStream's own refusal, in its words.
[[nodiscard]] std::string jetstream_refused_sentence(std::string_view what,
                                                     std::string_view description, int number);

/// Nothing stores this subject.
[[nodiscard]] std::string no_stream_sentence(std::string_view what);

/// Nobody listens to this request.
[[nodiscard]] std::string nobody_answers_sentence(std::string_view what);

/// The gateway is closing: nothing more is sent.
[[nodiscard]] std::string closing_sentence(std::string_view what);

} // namespace nats_mcp::jetstream
