// SPDX-License-Identifier: MIT
// The addresses of NATS servers as the user writes them: taken apart once, and shown only without
// the credentials they may carry.
#pragma once

#include "protocol/error.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace nats_mcp::jetstream {

/// One address, such as `tls://alice:secret@nats.example.org:4222`.
struct server_url {
  /// `nats` or `tls`.
  std::string scheme = "nats";
  /// With a password: the user. Alone: a token (NATS reads it so).
  std::string user;
  std::string password;
  std::string host;
  std::uint16_t port = 4222;

  /// `scheme://host:port`, never a credential.
  [[nodiscard]] std::string shown() const;
};

/// Reads a comma list of addresses; a missing scheme is `nats`, a missing port 4222.
/// @returns `ec::configuration_invalid` with a sentence that shows no credential.
[[nodiscard]] result<std::vector<server_url>> parse_server_urls(std::string_view list);

/// The list as it may be shown: addresses without credentials, separated by comma and space. What
/// cannot be read as an address is replaced by "(unreadable address)".
[[nodiscard]] std::string redact_urls(std::string_view list);

/// Any text with the credentials of all `scheme://user:password@` in it replaced by `***`.
[[nodiscard]] std::string redact_text(std::string_view text);

} // namespace nats_mcp::jetstream
