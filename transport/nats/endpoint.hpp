// SPDX-License-Identifier: MIT
// Where NATS is and how to be let in: everything one attempt to connect needs.
#pragma once

#include "protocol/error.hpp"

#include <functional>
#include <stop_token>
#include <string>

namespace nats_mcp::transport {

/// Who we are to the server. Empty = not used; the first of file, seed, user and token that is set
/// counts, before what an address may carry.
struct credentials {
  /// A file with JWT and seed, as `nsc` makes it.
  std::string creds_file;
  std::string nkey_seed_file;
  std::string token;
  std::string user;
  std::string password;
  /// Asked while connecting, after the connection stands and before anything secret is sent; empty
  /// answer = no token. For servers whose identity has to be looked at first. Any thread.
  std::function<std::string()> late_token;
};

/// Files in PEM; empty = the system's authorities, no client certificate.
struct tls_files {
  std::string ca;
  std::string certificate;
  std::string key;
};

struct endpoint {
  /// Comma list. If any of them is `tls://`, all of them are TLS or nothing.
  std::string urls;
  credentials identity;
  tls_files tls;
  /// The connection's name in the server's monitoring.
  std::string client_name;
  /// The server's version, if whoever found it was greeted by it. Only for display.
  std::string server_version{};
};

/// Says where NATS is *now*. Asked before every attempt to connect, on the connection's own thread;
/// it may block until the token is stopped. Its error ends what waits for the connection.
using endpoint_source = std::function<result<endpoint>(std::stop_token)>;

} // namespace nats_mcp::transport
