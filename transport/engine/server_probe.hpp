// SPDX-License-Identifier: MIT
// Asks a port on this machine whether a NATS server answers there, without saying a word: a NATS
// server speaks first (`INFO {…}`), so no credential can leak to whoever listens.
#pragma once

#include "protocol/error.hpp"
#include "protocol/time.hpp"

#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

namespace nats_mcp::transport {

/// What a server says of itself before anybody logs in.
struct server_greeting {
  std::string version;
  bool jetstream = false;
  /// It demands credentials, or a TLS handshake.
  bool authentication_required = false;
  bool tls_required = false;
};

/// Reads a greeting such as `INFO {"server_id":…}`, without its line end; absent for anything else.
[[nodiscard]] std::optional<server_greeting> parse_greeting(std::string_view line);

/// Connects to 127.0.0.1:`port` and reads the greeting; sends nothing. Returns soon after `stop`.
/// @returns `ec::nats_unreachable` when nobody listens, `ec::malformed` when whoever listens is no
/// NATS server, `ec::timeout` when it says nothing until `deadline`, `ec::cancelled` after `stop`.
[[nodiscard]] result<server_greeting> read_greeting(std::uint16_t port, monotonic_time deadline,
                                                    const std::stop_token& stop);

} // namespace nats_mcp::transport
