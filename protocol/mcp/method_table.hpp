// SPDX-License-Identifier: MIT
// The request methods this server answers and in which era each exists. A method that is missing
// here, or missing in a request's era, is answered -32601; so are the methods of capabilities that
// are not advertised.
#pragma once

#include "protocol/mcp/types.hpp"
#include "protocol/mcp/version.hpp"

#include <array>
#include <cstdint>
#include <string_view>

namespace nats_mcp::mcp {

enum class method : std::uint8_t {
  initialize,
  ping,
  prompts_get,
  prompts_list,
  resources_list,
  resources_read,
  resources_subscribe,
  resources_templates_list,
  resources_unsubscribe,
  server_discover,
  subscriptions_listen,
  tools_call,
  tools_list,
};

/// When a method may be called.
enum class availability : std::uint8_t { never, after_handshake, always };

/// What has to be offered for a method to exist at all.
enum class method_need : std::uint8_t { nothing, resources, prompts };

struct method_entry {
  std::string_view name;
  method which;
  method_need need;
  availability in_legacy;
  /// `after_handshake` does not occur: there is none.
  availability in_modern;
};

/// In the order of their names. `initialize`, `ping` and the requests to subscribe are gone from
/// the modern era.
inline constexpr std::array<method_entry, 13> methods{{
  {"initialize", method::initialize, method_need::nothing, availability::always,
   availability::never},
  {"ping", method::ping, method_need::nothing, availability::always, availability::never},
  {"prompts/get", method::prompts_get, method_need::prompts, availability::after_handshake,
   availability::always},
  {"prompts/list", method::prompts_list, method_need::prompts, availability::after_handshake,
   availability::always},
  {"resources/list", method::resources_list, method_need::resources, availability::after_handshake,
   availability::always},
  {"resources/read", method::resources_read, method_need::resources, availability::after_handshake,
   availability::always},
  {"resources/subscribe", method::resources_subscribe, method_need::resources,
   availability::after_handshake, availability::never},
  {"resources/templates/list", method::resources_templates_list, method_need::resources,
   availability::after_handshake, availability::always},
  {"resources/unsubscribe", method::resources_unsubscribe, method_need::resources,
   availability::after_handshake, availability::never},
  {"server/discover", method::server_discover, method_need::nothing, availability::never,
   availability::always},
  {"subscriptions/listen", method::subscriptions_listen, method_need::nothing, availability::never,
   availability::always},
  {"tools/call", method::tools_call, method_need::nothing, availability::after_handshake,
   availability::always},
  {"tools/list", method::tools_list, method_need::nothing, availability::after_handshake,
   availability::always},
}};

/// The entry of a method that exists in `of` where this is offered, or null.
[[nodiscard]] const method_entry* find_method(std::string_view name, era of,
                                              const server_capabilities& offered) noexcept;

} // namespace nats_mcp::mcp
