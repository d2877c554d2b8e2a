// SPDX-License-Identifier: MIT
// A user's NKey: its public name, which users have no other reason to write down, and its
// signature. nats.c would do both, but tells nobody what is wrong with a seed, nor which signatures
// it loses (transport/nats/identity.hpp).
#pragma once

#include "protocol/error.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

// OpenSSL's EVP_PKEY.
struct evp_pkey_st;

namespace nats_mcp::transport {

class user_nkey {
public:
  /// The key of a user seed (`SU…`). @returns `ec::authentication_failed` with the reason as part
  /// of a sentence, which does not show the seed.
  [[nodiscard]] static result<user_nkey> from_seed(std::string_view seed);

  /// `U…`.
  [[nodiscard]] const std::string& public_key() const noexcept { return public_key_; }
  /// The 64 bytes of an Ed25519 signature; empty if OpenSSL makes none.
  [[nodiscard]] std::vector<std::uint8_t> sign(std::string_view nonce) const;

private:
  struct key_deleter {
    /// OpenSSL overwrites the secret.
    void operator()(evp_pkey_st* it) const noexcept;
  };
  using key_handle = std::unique_ptr<evp_pkey_st, key_deleter>;

  user_nkey(key_handle key, std::string public_key)
    : key_{std::move(key)}
    , public_key_{std::move(public_key)} {
    // nop
  }

  key_handle key_;
  std::string public_key_;
};

} // namespace nats_mcp::transport
