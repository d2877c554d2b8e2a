// SPDX-License-Identifier: MIT
// The changes a client may listen to with subscriptions/listen (MCP 2026-07-28, subscriptions).
// What can be asked for is a table; what this server offers is a value, so that a new kind of
// change is one more `true` where the session is made.
#pragma once

#include "protocol/json/value.hpp"
#include "protocol/jsonrpc/request_id.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace nats_mcp::mcp {

/// The kinds of change of one stream: asked for, or honoured.
struct change_filter {
  bool tools_list_changed = false;
  bool prompts_list_changed = false;
  bool resources_list_changed = false;
  /// URIs.
  std::vector<std::string> resource_subscriptions;

  friend bool operator==(const change_filter&, const change_filter&) = default;
};

/// The kinds of change the server's capabilities promise.
struct change_offer {
  bool tools_list_changed = false;
  bool prompts_list_changed = false;
  bool resources_list_changed = false;
  /// Whether there is such a resource; null: there are none.
  std::function<bool(const std::string& uri)> has_resource;
};

/// A listen request that is not answered yet. What it brings is tagged with its id.
struct listen_stream {
  jsonrpc::request_id id;
  change_filter honoured;

  friend bool operator==(const listen_stream&, const listen_stream&) = default;
};

/// The filter of a listen request's parameters; kinds nobody knows are ignored.
/// @returns `ec::invalid_argument` when it is missing or a known kind has the wrong type.
[[nodiscard]] result<change_filter> read_change_filter(const json::value& params);

/// What of the request is offered; every resource once.
[[nodiscard]] change_filter honour(const change_filter& requested, const change_offer& offered);

/// The parameters of notifications/subscriptions/acknowledged.
[[nodiscard]] std::string acknowledgement_params(const listen_stream& stream);

} // namespace nats_mcp::mcp
