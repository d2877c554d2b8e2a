// SPDX-License-Identifier: MIT
#include "protocol/tools/resources.hpp"

#include "protocol/limits.hpp"
#include "protocol/mcp/types.hpp"
#include "protocol/tools/tool_groups.hpp"

#include <utility>

namespace nats_mcp::tools {

namespace {

constexpr std::string_view channels_prefix = "nats-mcp://channels/";

std::string newest_messages() {
  return "the newest " + std::to_string(limits::channel_messages_shown) + " messages";
}

} // namespace

std::string channel_uri(std::string_view channel) {
  return std::string{channels_prefix} + std::string{channel};
}

std::optional<std::string> channel_of(std::string_view uri) {
  if (uri.substr(0, channels_prefix.size()) != channels_prefix) {
    return std::nullopt;
  }
  return std::string{uri.substr(channels_prefix.size())};
}

std::vector<resource_declaration> selected_resources(const config::configuration& configuration) {
  std::vector<resource_declaration> out;
  if (offers(configuration, config::tool_group::agents)) {
    out.push_back({std::string{inbox_uri}, "inbox", "Inbox",
                   "Your unread direct messages. Reading this leaves them unread."});
    out.push_back(
      {std::string{agents_uri}, "agents", "Agents", "The agents you may see that are there now."});
  }
  if (offers(configuration, config::tool_group::channels)) {
    for (const auto& channel : configuration.channels) {
      auto description = "The channel #" + channel.name + ": " + newest_messages() + '.';
      if (!channel.description.empty()) {
        description += ' ' + channel.description;
      }
      out.push_back({channel_uri(channel.name), "channels/" + channel.name, '#' + channel.name,
                     std::move(description)});
    }
  }
  return out;
}

json::value listing(const resource_declaration& resource) {
  auto out = json::value::object();
  out["uri"] = resource.uri;
  out["name"] = resource.name;
  out["title"] = resource.title;
  out["description"] = resource.description;
  out["mimeType"] = mcp::resource_mime_type;
  return out;
}

std::vector<json::value> selected_templates(const config::configuration& configuration) {
  if (!offers(configuration, config::tool_group::channels)) {
    return {};
  }
  auto out = json::value::object();
  out["uriTemplate"] = std::string{channels_prefix} + "{name}";
  out["name"] = "channels";
  out["title"] = "Channels";
  out["description"] = "A channel by its name: " + newest_messages() + '.';
  out["mimeType"] = mcp::resource_mime_type;
  return {std::move(out)};
}

} // namespace nats_mcp::tools
