// SPDX-License-Identifier: MIT
// One line of the client, read as JSON-RPC 2.0 with MCP's restrictions: string or integer ids,
// object parameters. Reading never fails: what is no message becomes `invalid`, which says what to
// answer.
#pragma once

#include "protocol/json/value.hpp"
#include "protocol/jsonrpc/error_code.hpp"
#include "protocol/jsonrpc/request_id.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace nats_mcp::jsonrpc {

/// Wants exactly one answer.
struct request {
  request_id id;
  std::string method;
  /// Always an object; empty when the client sent none.
  json::value params;
};

/// Is never answered, whatever it says.
struct notification {
  std::string method;
  /// Always an object; empty when the client sent none or anything else.
  json::value params;
};

/// An answer to a request of the server's, which sends none: nothing to do, and never answered.
struct response {};

/// No message. To be answered with this error; without an id when no legal one could be read.
struct invalid {
  error_object error;
  std::optional<request_id> id;
};

using single_message = std::variant<request, notification, response, invalid>;

/// A JSON array, its members in order; between 1 and limits::batch_members_max of them. Whether a
/// batch is allowed at all depends on the protocol version (MCP 2025-03-26 only).
struct batch {
  std::vector<single_message> members;
};

using message = std::variant<request, notification, response, invalid, batch>;

/// Reads one line.
[[nodiscard]] message parse_message(std::string_view line);

} // namespace nats_mcp::jsonrpc
