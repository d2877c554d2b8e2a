// SPDX-License-Identifier: MIT
// Who we are to the server: which of an endpoint's credentials count, and what they are called when
// the server refuses them.
#pragma once

#include "protocol/error.hpp"
#include "protocol/jetstream/server_url.hpp"

#include "transport/nats/endpoint.hpp"
#include "transport/nats/handles.hpp"
#include "transport/nats/nkey.hpp"

#include <memory>
#include <string>
#include <vector>

namespace nats_mcp::transport {

enum class identity_kind {
  none,
  credentials_file,
  nkey_seed_file,
  token,
  token_in_address,
  user,
  user_in_address,
  /// `credentials::late_token`: of a server we started ourselves.
  late_token,
};

/// What counts of the credentials of an endpoint. Those in an address count for every address: the
/// servers a cluster tells us of come without any.
struct chosen_credentials {
  identity_kind kind = identity_kind::none;
  std::string user;
  /// The password of `user`, or the token.
  std::string secret;
};
[[nodiscard]] chosen_credentials choose(const credentials& given,
                                        const std::vector<jetstream::server_url>& urls);

/// What signs for us while a connection is made.
struct signer {
  user_nkey key;
  /// Empty for a plain NKey.
  std::string jwt;
  /// Set when the signature began with a zero byte, as one in 256 does: nats.c 3.4.1 takes it for
  /// empty and sends none, so it gets none. The server's next greeting has another nonce to sign.
  bool unsendable = false;
};

/// Tells nats.c who we are. @param where must outlive the attempt to connect, as must what is
/// returned, which is null if nothing signs. @returns `ec::authentication_failed` for a file that
/// cannot be used, which the sentence names.
[[nodiscard]] result<std::unique_ptr<signer>>
set_identity(natsOptions* options, const endpoint& where,
             const std::vector<jetstream::server_url>& urls);

} // namespace nats_mcp::transport
