// SPDX-License-Identifier: MIT
// The files a user is let in with, read by us and not by nats.c: only then an answer can say which
// file of which setting is wrong, and how. They are read anew for every attempt to connect, so that
// new material is found without a restart.
#pragma once

#include "protocol/error.hpp"

#include "transport/nats/nkey.hpp"
#include "transport/nats/user_jwt.hpp"

#include <string>
#include <string_view>

namespace nats_mcp::transport {

/// A file somebody named in a setting.
struct named_file {
  /// Such as "credentials file".
  std::string_view kind;
  /// Such as "NATS_CREDS".
  std::string_view setting;
  std::string path;

  /// `credentials file "/absolute/path" of NATS_CREDS`
  [[nodiscard]] std::string spoken() const;
};

[[nodiscard]] named_file credentials_file(const std::string& path);
[[nodiscard]] named_file nkey_seed_file(const std::string& path);

/// `The credentials file "…" of NATS_CREDS cannot be used: <reason>. <remedy>`
[[nodiscard]] tl::unexpected<error> unusable(ec code, const named_file& file,
                                             std::string_view reason, std::string_view remedy);

/// The text of a file of at most 1 MiB. @returns `code` with a sentence for what cannot be read.
[[nodiscard]] result<std::string> read_named_file(const named_file& file, ec code);

/// What a credentials file holds.
struct user_credentials {
  /// As it is sent.
  std::string token;
  /// What the JWT says of itself.
  user_jwt jwt;
  user_nkey key;
};

/// Reads a file as `nsc generate creds` makes it. Spaces around JWT and seed do not matter.
/// @returns `ec::authentication_failed` with a sentence that shows nothing of what is secret.
[[nodiscard]] result<user_credentials> read_credentials_file(const std::string& path);

/// Reads the first line of a file that is a user's seed, whatever stands around it.
[[nodiscard]] result<user_nkey> read_nkey_seed_file(const std::string& path);

} // namespace nats_mcp::transport
