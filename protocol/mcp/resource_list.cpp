// SPDX-License-Identifier: MIT
#include "protocol/mcp/resource_list.hpp"

#include "protocol/json/utf8.hpp"
#include "protocol/limits.hpp"
#include "protocol/mcp/members.hpp"

#include <utility>

namespace nats_mcp::mcp {

namespace {

std::vector<json::value> descriptions(const std::vector<listed_resource>& resources) {
  std::vector<json::value> out;
  out.reserve(resources.size());
  for (const auto& resource : resources) {
    out.push_back(resource.description);
  }
  return out;
}

} // namespace

resource_list::resource_list(const std::vector<listed_resource>& resources,
                             std::vector<json::value> templates, const modern_envelope& envelope)
  : resources_{{"resources", descriptions(resources), 0, project_list_hint}, envelope}
  , templates_{{"resourceTemplates", std::move(templates), 0, list_hint}, envelope} {
  for (const auto& resource : resources) {
    uris_.insert(resource.uri);
  }
}

tl::expected<std::string, jsonrpc::error_object>
resource_list::named_in(const json::value& params) const {
  const auto* member = json::find(params, "uri");
  const auto* uri = member == nullptr ? nullptr : member->get_ptr<const std::string*>();
  if (uri == nullptr) {
    return tl::make_unexpected(jsonrpc::error_object{
      jsonrpc::error_code::invalid_params,
      "Invalid parameters: params.uri is required and has to be a string.", std::nullopt});
  }
  if (!has(*uri)) {
    // The official clients know this error by `uri` being all of its data.
    return tl::make_unexpected(jsonrpc::error_object{
      jsonrpc::error_code::invalid_params,
      "Resource not found: " + repeated(*uri) + ". resources/list names the resources there are.",
      json::value{{"uri", json::shortened(*uri, limits::quoted_bytes_max)}}});
  }
  return *uri;
}

} // namespace nats_mcp::mcp
