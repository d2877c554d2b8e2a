// SPDX-License-Identifier: MIT
// Why a thing failed: one enumeration for the whole program and a sentence for the reader. Every
// fallible function of the lower layers returns `result<T>`; actors carry the same code inside a
// `caf::error` (actors/error_bridge.hpp); tools turn the sentence into an answer the agent reads.
#pragma once

#include <tl/expected.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace nats_mcp {

/// What kind of failure this is. The kind decides what a caller may do next (repeat, reconnect, ask
/// the user); the sentence beside it says which object and why.
enum class ec : std::uint8_t {
  /// No failure. Never stored in an `error`; zero so that a `caf::error` built from it is "none".
  none = 0,
  /// An argument or a field breaks its declared rule. Nothing happened.
  invalid_argument,
  /// Bytes that should be JSON, an MCP message or one of our payloads are not.
  malformed,
  /// The named object does not exist, or may not be seen.
  not_found,
  /// A compare-and-set met another value than the one expected.
  conflict,
  /// A limit with a name was reached: queue full, inbox full, too large.
  limit_exceeded,
  /// Too many requests at once in this process; nothing was sent. Repeating later is safe.
  busy,
  /// No NATS server answers at the configured address.
  nats_unreachable,
  /// The NATS server answers, but JetStream is off (or off for this account).
  jetstream_disabled,
  /// Wrong or missing credentials.
  authentication_failed,
  /// TLS was demanded and could not be established or verified.
  tls_failed,
  /// The server refused this operation to this user.
  permission_denied,
  /// No answer in time, and nothing can have happened.
  timeout,
  /// No answer in time, and the effect may have happened.
  unknown_outcome,
  /// JetStream answered with an error of its own; `error::jetstream_code` says which.
  jetstream_error,
  /// The configuration cannot be used; the sentence names file, line, key and reason.
  configuration_invalid,
  /// A part of this process is restarting or was given up on; the sentence names it.
  unavailable,
  /// A part of this process failed while it held the request.
  crashed,
  /// The caller withdrew the request.
  cancelled,
  /// An operating system call failed.
  system_error,
};

/// The enumerator's own name, such as "not_found".
[[nodiscard]] std::string_view to_string(ec code) noexcept;

/// A failure: its kind and a sentence that says what happened, to which object and why.
struct error {
  ec code = ec::none;
  std::string message;
  /// JetStream's `err_code` (10071 wrong last sequence, 10014 no consumer, …), 0 when there is
  /// none.
  int jetstream_code = 0;

  friend bool operator==(const error&, const error&) = default;
};

/// Whether a request failed because its own deadline came, so that a later one may succeed.
[[nodiscard]] bool ran_out_of_time(const error& why) noexcept;

template <class T>
using result = tl::expected<T, error>;

/// A failed `result` of any type.
[[nodiscard]] inline tl::unexpected<error> fail(ec code, std::string message) {
  return tl::make_unexpected(error{code, std::move(message), 0});
}

} // namespace nats_mcp
