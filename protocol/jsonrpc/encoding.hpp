// SPDX-License-Identifier: MIT
// The lines the server writes, as text: each is one JSON-RPC 2.0 message without its line feed.
// Results and parameters arrive as JSON that is already written.
#pragma once

#include "protocol/jsonrpc/error_code.hpp"
#include "protocol/jsonrpc/request_id.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nats_mcp::jsonrpc {

/// What an error response carries when the request's id could not be read.
enum class unreadable_id : std::uint8_t { omitted, null };

/// JSON-RPC says null; MCP's schemas since 2025-11-25 let `id` out and never allow null (MCP,
/// basic: error responses).
inline constexpr auto unreadable_id_form = unreadable_id::omitted;

/// Appends `{"jsonrpc":"2.0","id":…,"result":`; the result and a closing brace follow.
void begin_result(std::string& out, const request_id& id);

/// A response with `result`, a complete JSON value.
[[nodiscard]] std::string result_line(const request_id& id, std::string_view result);

/// A response with an error; without an id when the request's was unreadable.
[[nodiscard]] std::string error_line(const std::optional<request_id>& id,
                                     const error_object& error);

/// A notification with `params`, a complete JSON object.
[[nodiscard]] std::string notification_line(std::string_view method, std::string_view params);

/// The answers of one batch in one array.
[[nodiscard]] std::string array_line(const std::vector<std::string>& lines);

} // namespace nats_mcp::jsonrpc
