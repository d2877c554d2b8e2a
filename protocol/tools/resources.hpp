// SPDX-License-Identifier: MIT
// The resources a client can read, list and subscribe to: the inbox, the agents and each channel,
// as one text in Markdown each (docs/push.md). Reading one marks nothing as read.
#pragma once

#include "protocol/config/configuration.hpp"
#include "protocol/json/value.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nats_mcp::tools {

inline constexpr std::string_view inbox_uri = "nats-mcp://inbox";
inline constexpr std::string_view agents_uri = "nats-mcp://agents";

/// The resource of a channel.
[[nodiscard]] std::string channel_uri(std::string_view channel);

/// The channel a resource is of; nothing for the others.
[[nodiscard]] std::optional<std::string> channel_of(std::string_view uri);

struct resource_declaration {
  std::string uri;
  std::string name;
  std::string title;
  std::string description;
};

/// What this configuration offers: no channels without their tools, no inbox and no agents without
/// theirs (`NATS_MCP_TOOLS`).
[[nodiscard]] std::vector<resource_declaration>
selected_resources(const config::configuration& configuration);

/// The complete Resource object of `resources/list`.
[[nodiscard]] json::value listing(const resource_declaration& resource);

/// The complete ResourceTemplate objects of `resources/templates/list`.
[[nodiscard]] std::vector<json::value>
selected_templates(const config::configuration& configuration);

} // namespace nats_mcp::tools
