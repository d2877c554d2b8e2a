// SPDX-License-Identifier: MIT
// The resources of a program: what resources/list and resources/templates/list answer, and which
// URIs there are. They never change while it runs; what can be read there does.
#pragma once

#include "protocol/mcp/list_pages.hpp"
#include "protocol/mcp/types.hpp"

#include <set>
#include <string>
#include <vector>

namespace nats_mcp::mcp {

class resource_list {
public:
  resource_list(const std::vector<listed_resource>& resources, std::vector<json::value> templates,
                const modern_envelope& envelope);

  [[nodiscard]] bool empty() const noexcept { return uris_.empty(); }

  /// Whether there is such a resource: byte for byte, no other spelling leads anywhere.
  [[nodiscard]] bool has(const std::string& uri) const { return uris_.count(uri) != 0; }

  /// The resource that `params.uri` names, or the error for it: -32602, for one that does not exist
  /// with the URI (MCP 2026-07-28, resources; the code every official legacy server uses as well).
  [[nodiscard]] tl::expected<std::string, jsonrpc::error_object>
  named_in(const json::value& params) const;

  [[nodiscard]] const list_pages& resources() const noexcept { return resources_; }
  [[nodiscard]] const list_pages& templates() const noexcept { return templates_; }

private:
  std::set<std::string> uris_;
  list_pages resources_;
  list_pages templates_;
};

} // namespace nats_mcp::mcp
