// SPDX-License-Identifier: MIT
#include "transport/nats/identity.hpp"

#include "protocol/json/value.hpp"

#include "transport/nats/identity_files.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <utility>

namespace nats_mcp::transport {

namespace {

// nats.c frees what its callbacks hand out.

natsStatus hand_out_jwt(char** out, char**, void* closure) {
  *out = ::strdup(static_cast<const signer*>(closure)->jwt.c_str());
  return *out == nullptr ? NATS_NO_MEMORY : NATS_OK;
}

natsStatus hand_out_signature(char**, unsigned char** out, int* length, const char* nonce,
                              void* closure) {
  auto& who = *static_cast<signer*>(closure);
  const auto signature = who.key.sign(nonce == nullptr ? "" : nonce);
  who.unsendable = !signature.empty() && signature.front() == 0;
  if (signature.empty() || who.unsendable) {
    return NATS_ERR;
  }
  *out = static_cast<unsigned char*>(std::malloc(signature.size()));
  if (*out == nullptr) {
    return NATS_NO_MEMORY;
  }
  std::copy(signature.begin(), signature.end(), *out);
  *length = static_cast<int>(signature.size());
  return NATS_OK;
}

const char* hand_out_late_token(void* closure) {
  // nats.c copies what it gets while it writes CONNECT, on the thread that asked.
  static thread_local std::string token;
  token = static_cast<const endpoint*>(closure)->identity.late_token();
  return token.c_str();
}

/// nats.c 3.4.1 writes user, password and token between the quotation marks of its CONNECT as they
/// are: a quotation mark or a backslash in them would break it.
std::string as_json_inside(const std::string& text) {
  const auto quoted = json::write(json::value(text));
  return quoted.substr(1, quoted.size() - 2);
}

} // namespace

chosen_credentials choose(const credentials& given,
                          const std::vector<jetstream::server_url>& urls) {
  if (!given.creds_file.empty()) {
    return {identity_kind::credentials_file, {}, {}};
  }
  if (!given.nkey_seed_file.empty()) {
    return {identity_kind::nkey_seed_file, {}, {}};
  }
  if (!given.user.empty()) {
    return {identity_kind::user, given.user, given.password};
  }
  if (!given.token.empty()) {
    return {identity_kind::token, {}, given.token};
  }
  const auto in_url =
    std::find_if(urls.begin(), urls.end(), [](const auto& url) { return !url.user.empty(); });
  if (in_url != urls.end()) {
    return in_url->password.empty()
             ? chosen_credentials{identity_kind::token_in_address, {}, in_url->user}
             : chosen_credentials{identity_kind::user_in_address, in_url->user, in_url->password};
  }
  return {given.late_token ? identity_kind::late_token : identity_kind::none, {}, {}};
}

result<std::unique_ptr<signer>> set_identity(natsOptions* options, const endpoint& where,
                                             const std::vector<jetstream::server_url>& urls) {
  const auto chosen = choose(where.identity, urls);
  std::unique_ptr<signer> signs;
  switch (chosen.kind) {
    case identity_kind::credentials_file: {
      auto read = read_credentials_file(where.identity.creds_file);
      if (!read) {
        return tl::make_unexpected(std::move(read.error()));
      }
      signs = std::make_unique<signer>(signer{std::move(read->key), std::move(read->token), false});
      natsOptions_SetUserCredentialsCallbacks(options, hand_out_jwt, signs.get(),
                                              hand_out_signature, signs.get());
      break;
    }
    case identity_kind::nkey_seed_file: {
      auto read = read_nkey_seed_file(where.identity.nkey_seed_file);
      if (!read) {
        return tl::make_unexpected(std::move(read.error()));
      }
      signs = std::make_unique<signer>(signer{std::move(*read), {}, false});
      natsOptions_SetNKey(options, signs->key.public_key().c_str(), hand_out_signature,
                          signs.get());
      break;
    }
    case identity_kind::user:
    case identity_kind::user_in_address:
      natsOptions_SetUserInfo(options, as_json_inside(chosen.user).c_str(),
                              as_json_inside(chosen.secret).c_str());
      break;
    case identity_kind::token:
    case identity_kind::token_in_address:
      natsOptions_SetToken(options, as_json_inside(chosen.secret).c_str());
      break;
    case identity_kind::late_token:
      natsOptions_SetTokenHandler(options, hand_out_late_token, const_cast<endpoint*>(&where));
      break;
    case identity_kind::none:
      break;
  }
  return signs;
}

} // namespace nats_mcp::transport
