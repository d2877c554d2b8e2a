// SPDX-License-Identifier: MIT
// What an MCP session is made with, and what one leaves to the next.
#pragma once

#include "protocol/json/value.hpp"
#include "protocol/mcp/subscriptions.hpp"
#include "protocol/mcp/types.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace nats_mcp::mcp {

struct session_options {
  implementation server;
  /// For the client's model; empty = none.
  std::string instructions;
  /// In the order in which they are listed, always the same.
  std::vector<listed_tool> tools;
  /// 0 = all on one page.
  std::size_t tools_per_page = 0;
  /// Every resource there is, in the order in which they are listed. None: resources are not
  /// advertised.
  std::vector<listed_resource> resources;
  /// Complete ResourceTemplate objects. What they stand for is in `resources` as well.
  std::vector<json::value> resource_templates;
  /// None: prompts are not advertised.
  std::vector<listed_prompt> prompts;
  /// Refuses the modern era as if the program knew nothing of it.
  bool legacy_only = false;
  /// Set: Claude Code's channels are advertised and hints are sent. These resources are watched for
  /// them. Only together with `legacy_only`: no client listens to such channels in the modern era.
  std::optional<std::set<std::string>> watched_for_hints;
  /// Tool calls a second in the long run (protocol/mcp/call_rate.hpp); the next one is refused.
  /// 0: any number.
  std::uint32_t calls_per_second = 0;
  /// The number of the first call: beyond every call of earlier sessions of this process.
  std::uint64_t first_call = 1;
};

/// What a restarted session needs of the one before it.
struct session_checkpoint {
  /// Empty = no handshake so far.
  std::string legacy_version;
  /// URIs of resources/subscribe.
  std::set<std::string> legacy_subscriptions;
  std::vector<listen_stream> streams;
  /// notifications/initialized has come. Kept only where hints are sent.
  bool takes_hints = false;

  friend bool operator==(const session_checkpoint&, const session_checkpoint&) = default;
};

} // namespace nats_mcp::mcp
