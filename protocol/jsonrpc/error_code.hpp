// SPDX-License-Identifier: MIT
// The error codes this server puts on the wire (JSON-RPC 2.0, section 5.1; MCP 2026-07-28). -32002
// and -32042 belong to features it does not have; codes of its own would lie outside -32768 …
// -32000.
#pragma once

#include "protocol/json/value.hpp"

#include <optional>
#include <string>

namespace nats_mcp::jsonrpc {

enum class error_code : int {
  /// The line is not JSON.
  parse_error = -32700,
  /// JSON, but no JSON-RPC message; or a message the protocol forbids at this place.
  invalid_request = -32600,
  /// No such method in the request's era.
  method_not_found = -32601,
  /// The method's parameters, or its envelope, break their declared form.
  invalid_params = -32602,
  /// The failure is the server's own.
  internal_error = -32603,
  /// The request needs a client capability it did not declare. Modern era only.
  missing_client_capability = -32021,
  /// The request names a protocol version that is not served. Modern era only.
  unsupported_protocol_version = -32022,
};

/// The `error` member of a response. The message alone has to be enough for a reader: some clients
/// show neither code nor data to their model.
struct error_object {
  error_code code = error_code::internal_error;
  std::string message;
  std::optional<json::value> data;

  friend bool operator==(const error_object&, const error_object&) = default;
};

} // namespace nats_mcp::jsonrpc
