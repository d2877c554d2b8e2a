// SPDX-License-Identifier: MIT
// The id of a JSON-RPC request: a string or an integer, never null (MCP, basic). It is kept with
// its type and its exact digits, because answers repeat it and `1` and `"1"` are two different
// requests. Progress tokens obey the same rule and use the same type.
#pragma once

#include "protocol/json/value.hpp"

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace nats_mcp::jsonrpc {

struct request_id {
  enum class kind : std::uint8_t { integer, string };

  kind type = kind::integer;
  /// The digits of an integer as they were sent, or the characters of a string.
  std::string text;

  friend auto operator<=>(const request_id&, const request_id&) = default;
};

/// The id in `member`; nothing when it is no legal one (null, fraction, boolean, container, longer
/// than limits::request_id_bytes_max).
[[nodiscard]] std::optional<request_id> read_request_id(const json::value& member);

/// Appends the id as JSON, as it was sent.
void append_request_id(std::string& out, const request_id& id);

} // namespace nats_mcp::jsonrpc

template <>
struct std::hash<nats_mcp::jsonrpc::request_id> {
  std::size_t operator()(const nats_mcp::jsonrpc::request_id& id) const noexcept {
    return std::hash<std::string>{}(id.text) ^ static_cast<std::size_t>(id.type);
  }
};
