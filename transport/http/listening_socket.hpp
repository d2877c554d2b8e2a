// SPDX-License-Identifier: MIT
// The socket at which a server is reached.
#pragma once

#include "protocol/error.hpp"
#include "protocol/http/address.hpp"

#include "transport/process/descriptor.hpp"

namespace nats_mcp::transport {

struct listening_socket {
  descriptor socket;
  /// With the port the system chose, if it was to choose one.
  http::address where;
};

/// Listens; of an IPv6 address to IPv6 only, so that what is served is what was said.
/// @returns `system_error` with the address and the reason.
[[nodiscard]] result<listening_socket> listen_at(http::address where);

} // namespace nats_mcp::transport
