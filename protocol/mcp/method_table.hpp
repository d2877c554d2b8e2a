// SPDX-License-Identifier: MIT
// The request methods this server answers and in which era each exists. A method that is missing
// here, or missing in a request's era, is answered -32601; so are the methods of capabilities that
// are not advertised.
#pragma once

#include "protocol/mcp/version.hpp"

#include <array>
#include <cstdint>
#include <string_view>

namespace nats_mcp::mcp {

enum class method : std::uint8_t {
  initialize,
  ping,
  server_discover,
  subscriptions_listen,
  tools_call,
  tools_list,
};

/// When a method may be called.
enum class availability : std::uint8_t { never, after_handshake, always };

struct method_entry {
  std::string_view name;
  method which;
  availability in_legacy;
  /// `after_handshake` does not occur: there is none.
  availability in_modern;
};

/// In the order of their names. `initialize` and `ping` are gone from the modern era.
inline constexpr std::array<method_entry, 6> methods{{
  {"initialize", method::initialize, availability::always, availability::never},
  {"ping", method::ping, availability::always, availability::never},
  {"server/discover", method::server_discover, availability::never, availability::always},
  {"subscriptions/listen", method::subscriptions_listen, availability::never, availability::always},
  {"tools/call", method::tools_call, availability::after_handshake, availability::always},
  {"tools/list", method::tools_list, availability::after_handshake, availability::always},
}};

/// The entry of a method that exists in `of`, or null.
[[nodiscard]] const method_entry* find_method(std::string_view name, era of) noexcept;

} // namespace nats_mcp::mcp
