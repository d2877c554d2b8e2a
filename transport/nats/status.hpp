// SPDX-License-Identifier: MIT
// nats.c's status codes and the server's error lines as the program's errors, once a connection
// stands. Why none came about: transport/nats/connect_failure.hpp.
#pragma once

#include "protocol/error.hpp"
#include "protocol/jetstream/wire_message.hpp"

#include <nats/nats.h>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace nats_mcp::transport {

/// Why one message could not be written.
[[nodiscard]] error write_error(natsStatus status, std::string_view subject);

/// Why a message the server would not take was not written. @param bytes_max its `max_payload`.
[[nodiscard]] error too_large_error(const jetstream::outgoing& message, std::size_t bytes_max);

/// Whether trying the same again is pointless until somebody changes something.
[[nodiscard]] bool is_final(ec code) noexcept;

/// A refusal of one subject, as the server words it.
struct refused_subject {
  enum class operation { publish, subscribe };
  operation refused = operation::publish;
  std::string subject;
};
/// Reads `Permissions Violation for Publish to "x"` and its kin.
[[nodiscard]] std::optional<refused_subject> parse_refusal(std::string_view server_error);

} // namespace nats_mcp::transport
