// SPDX-License-Identifier: MIT
// Why a connection did not come about, or why the server ended it, in words that say which setting
// and which file it is about. nats.c and the server say little ("Authorization Violation",
// "Expected 'PONG', got ''"), so what we brought is looked at as well.
#pragma once

#include "protocol/error.hpp"
#include "protocol/time.hpp"

#include "transport/nats/endpoint.hpp"

#include <nats/nats.h>

#include <string>
#include <string_view>

namespace nats_mcp::transport {

struct failed_attempt {
  natsStatus status = NATS_ERR;
  /// The library's or the server's words.
  std::string detail;
  /// The TLS alert the server sent, as OpenSSL calls it; empty if none is known.
  std::string alert;
};

/// What OpenSSL has remembered of an alert since its queue of errors was last empty, on this
/// thread. Empties the queue. nats.c loses it where a server refuses a client's certificate
/// (TLS 1.3).
[[nodiscard]] std::string take_tls_alert();

/// What this computer's clock says.
[[nodiscard]] wall_time civil_now();

/// Why an attempt to connect failed. Addresses are shown without credentials. @param now decides
/// whether something has expired; what has is still tried, since this clock may be wrong.
[[nodiscard]] error connect_error(const failed_attempt& attempt, const endpoint& where,
                                  wall_time now);

/// Why an established connection ended. @param detail the library's or the server's words.
[[nodiscard]] error lost_error(natsStatus status, const endpoint& where, std::string_view detail,
                               wall_time now);

} // namespace nats_mcp::transport
