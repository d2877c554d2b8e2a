// SPDX-License-Identifier: MIT
#include "protocol/mcp/subscriptions.hpp"

#include "protocol/json/writer.hpp"
#include "protocol/mcp/envelope_modern.hpp"

#include <array>
#include <set>
#include <string_view>

namespace nats_mcp::mcp {

namespace {

struct list_change {
  std::string_view field;
  bool change_filter::*in_filter;
  bool change_offer::*in_offer;
};

constexpr std::array<list_change, 3> list_changes{{
  {"toolsListChanged", &change_filter::tools_list_changed, &change_offer::tools_list_changed},
  {"promptsListChanged", &change_filter::prompts_list_changed, &change_offer::prompts_list_changed},
  {"resourcesListChanged", &change_filter::resources_list_changed,
   &change_offer::resources_list_changed},
}};

constexpr std::string_view resources_field = "resourceSubscriptions";

tl::unexpected<error> wrong(std::string_view field, std::string_view rule) {
  return fail(ec::invalid_argument, "params." + std::string{field} + ' ' + std::string{rule});
}

} // namespace

result<change_filter> read_change_filter(const json::value& params) {
  const auto* requested = json::find(params, "notifications");
  if (requested == nullptr || !requested->is_object()) {
    return wrong("notifications", "is required and has to be an object.");
  }
  change_filter filter;
  for (const auto& change : list_changes) {
    if (const auto* wanted = json::find(*requested, change.field)) {
      if (!wanted->is_boolean()) {
        return wrong("notifications." + std::string{change.field}, "has to be true or false.");
      }
      filter.*change.in_filter = *wanted->get_ptr<const bool*>();
    }
  }
  if (const auto* uris = json::find(*requested, resources_field)) {
    if (!uris->is_array()) {
      return wrong("notifications.resourceSubscriptions", "has to be an array of strings.");
    }
    for (const auto& uri : *uris) {
      if (!uri.is_string()) {
        return wrong("notifications.resourceSubscriptions", "has to be an array of strings.");
      }
      filter.resource_subscriptions.push_back(*uri.get_ptr<const std::string*>());
    }
  }
  return filter;
}

change_filter honour(const change_filter& requested, const change_offer& offered) {
  change_filter honoured;
  for (const auto& change : list_changes) {
    honoured.*change.in_filter = requested.*change.in_filter && offered.*change.in_offer;
  }
  std::set<std::string_view> seen;
  for (const auto& uri : requested.resource_subscriptions) {
    if (offered.has_resource && offered.has_resource(uri) && seen.insert(uri).second) {
      honoured.resource_subscriptions.push_back(uri);
    }
  }
  return honoured;
}

std::string acknowledgement_params(const listen_stream& stream) {
  auto notifications = json::value::object();
  for (const auto& change : list_changes) {
    if (stream.honoured.*change.in_filter) {
      notifications[std::string{change.field}] = true;
    }
  }
  if (!stream.honoured.resource_subscriptions.empty()) {
    notifications[std::string{resources_field}] = stream.honoured.resource_subscriptions;
  }
  std::string params = R"({"_meta":{)";
  json::append_string(params, subscription_id_key);
  params += ':';
  jsonrpc::append_request_id(params, stream.id);
  params += R"(},"notifications":)";
  json::append_value(params, notifications);
  params += '}';
  return params;
}

} // namespace nats_mcp::mcp
