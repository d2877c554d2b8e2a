// SPDX-License-Identifier: MIT
// Where the coordinator's page is served: the text after `--http`. Pure; no name is looked up.
#pragma once

#include "protocol/error.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace nats_mcp::http {

struct address {
  /// An IPv4 or IPv6 address, the latter without brackets.
  std::string host;
  /// 0: the system chooses.
  std::uint16_t port = 0;
  bool is_v6 = false;
  /// Only this computer reaches it.
  bool is_loopback = false;

  friend bool operator==(const address&, const address&) = default;
};

/// Reads `127.0.0.1:7280`, `[::1]:7280` or `localhost:7280` (which is 127.0.0.1).
/// @returns `configuration_invalid` with a sentence for anything else; other names included, which
/// may lead elsewhere tomorrow.
[[nodiscard]] result<address> parse_address(std::string_view text);

/// As it stands in a URL: `127.0.0.1:7280`, `[::1]:7280`.
[[nodiscard]] std::string to_text(const address& where);

/// Whether `text` is an IPv4 or IPv6 address (without brackets), and whether of this computer only.
enum class literal : std::uint8_t { none, elsewhere, loopback };
[[nodiscard]] literal kind_of_literal(std::string_view text);

/// Who may ask, and under which names.
struct access_terms {
  /// Empty: everybody who reaches a loopback address may.
  std::string token;
  /// Names of this server besides addresses and `localhost`, such as behind a proxy.
  std::vector<std::string> host_names;
};

/// Whether these terms can be kept there. @returns `configuration_invalid`: off loopback without a
/// token, or a token or name that is none.
[[nodiscard]] result<void> check(const address& where, const access_terms& terms);

} // namespace nats_mcp::http
