// SPDX-License-Identifier: MIT
// An endpoint as nats.c's options: the one place that knows which of its switches we set and why.
#pragma once

#include "protocol/error.hpp"

#include "transport/nats/attempt_guard.hpp"
#include "transport/nats/endpoint.hpp"
#include "transport/nats/handles.hpp"
#include "transport/nats/identity.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace nats_mcp::transport {

struct connect_settings {
  std::chrono::milliseconds timeout;
  std::chrono::milliseconds ping_interval;
};

/// What one attempt is made with. It has to outlive the attempt, the connection may outlive it.
struct connect_options {
  options_handle options;
  /// What the options' callbacks use.
  std::unique_ptr<signer> signs;
  /// How the attempt is kept from never ending.
  attempt_guard::options bounds;
};

/// Options for one attempt. nats.c's own reconnecting is off: nothing is ever buffered or repeated
/// behind the gateway's back. @param learnt addresses other servers of the cluster told us, without
/// credentials. @param where must outlive the connection made with the options.
/// @returns `ec::configuration_invalid` for an unusable address, `ec::authentication_failed` or
/// `ec::tls_failed` for an unusable file, which the sentence names.
[[nodiscard]] result<connect_options> make_options(const endpoint& where,
                                                   const std::vector<std::string>& learnt,
                                                   const connect_settings& settings);

/// Whether somebody asked for TLS, by an address or by a file.
[[nodiscard]] bool wants_tls(const endpoint& where, const std::vector<jetstream::server_url>& urls);

} // namespace nats_mcp::transport
