// SPDX-License-Identifier: MIT
#include "transport/nats/connect_options.hpp"

#include "protocol/jetstream/server_url.hpp"

#include "transport/nats/nkey.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>

namespace nats_mcp::transport {

namespace {

/// nats.c pings, but never decides that a connection is dead: it would close the socket on its
/// timer thread while ours reads from it. The connection watches the silence itself.
constexpr int pings_unanswered_max = std::numeric_limits<int>::max();

const char* late_token(void* closure) {
  // nats.c copies what it gets while it writes CONNECT, on the thread that asked.
  static thread_local std::string token;
  token = static_cast<const endpoint*>(closure)->identity.late_token();
  return token.c_str();
}

error file_error(ec code, std::string_view kind, const std::string& path, natsStatus status) {
  const char* detail = nats_GetLastError(nullptr);
  return {code,
          "The " + std::string{kind} + " \"" + path + "\" cannot be used: "
            + (detail != nullptr && *detail != '\0' ? detail : natsStatus_GetText(status))
            + ". Check that the file exists, is readable and is what its name says.",
          0};
}

result<void> set_servers(natsOptions* options, const std::vector<jetstream::server_url>& urls,
                         const std::vector<std::string>& learnt) {
  std::vector<std::string> addresses;
  for (const auto& url : urls) {
    addresses.push_back(url.shown());
  }
  for (const auto& address : learnt) {
    if (std::find(addresses.begin(), addresses.end(), address) == addresses.end()) {
      addresses.push_back(address);
    }
  }
  std::vector<const char*> pointers;
  for (const auto& address : addresses) {
    pointers.push_back(address.c_str());
  }
  if (natsOptions_SetServers(options, pointers.data(), static_cast<int>(pointers.size()))
      != NATS_OK) {
    return fail(ec::configuration_invalid,
                "The NATS addresses cannot be used. Write them like nats://localhost:4222.");
  }
  return {};
}

/// Credentials in an address count as credentials for every address: the servers a cluster tells us
/// of come without any.
credentials identity_of(const endpoint& where, const std::vector<jetstream::server_url>& urls) {
  auto identity = where.identity;
  const auto in_url =
    std::find_if(urls.begin(), urls.end(), [](const auto& url) { return !url.user.empty(); });
  if (in_url != urls.end() && identity.user.empty() && identity.token.empty()) {
    (in_url->password.empty() ? identity.token : identity.user) = in_url->user;
    identity.password = in_url->password;
  }
  return identity;
}

result<void> set_identity(natsOptions* options, const endpoint& where,
                          const std::vector<jetstream::server_url>& urls) {
  const auto identity = identity_of(where, urls);
  auto status = NATS_OK;
  if (!identity.creds_file.empty()) {
    status = natsOptions_SetUserCredentialsFromFiles(options, identity.creds_file.c_str(), nullptr);
    if (status != NATS_OK) {
      return tl::make_unexpected(
        file_error(ec::authentication_failed, "credentials file", identity.creds_file, status));
    }
  }
  if (!identity.nkey_seed_file.empty()) {
    const auto key = public_nkey_of_file(identity.nkey_seed_file);
    if (!key) {
      return tl::make_unexpected(key.error());
    }
    status = natsOptions_SetNKeyFromSeed(options, key->c_str(), identity.nkey_seed_file.c_str());
    if (status != NATS_OK) {
      return tl::make_unexpected(
        file_error(ec::authentication_failed, "nkey seed file", identity.nkey_seed_file, status));
    }
  }
  if (!identity.user.empty()) {
    natsOptions_SetUserInfo(options, identity.user.c_str(), identity.password.c_str());
  }
  if (!identity.token.empty()) {
    natsOptions_SetToken(options, identity.token.c_str());
  } else if (identity.late_token) {
    natsOptions_SetTokenHandler(options, late_token, const_cast<endpoint*>(&where));
  }
  return {};
}

result<void> set_tls(natsOptions* options, const endpoint& where,
                     const std::vector<jetstream::server_url>& urls) {
  const bool wanted =
    std::any_of(urls.begin(), urls.end(), [](const auto& url) { return url.scheme == "tls"; });
  // A scheme alone is not enough for nats.c 3.4.1: it would go on in plain text.
  if (wanted || !where.tls.ca.empty() || !where.tls.certificate.empty()) {
    natsOptions_SetSecure(options, true);
  }
  if (!where.tls.ca.empty()) {
    const auto status = natsOptions_LoadCATrustedCertificates(options, where.tls.ca.c_str());
    if (status != NATS_OK) {
      return tl::make_unexpected(
        file_error(ec::tls_failed, "TLS authority file", where.tls.ca, status));
    }
  }
  if (!where.tls.certificate.empty()) {
    const auto status = natsOptions_LoadCertificatesChain(options, where.tls.certificate.c_str(),
                                                          where.tls.key.c_str());
    if (status != NATS_OK) {
      return tl::make_unexpected(
        file_error(ec::tls_failed, "TLS client certificate",
                   where.tls.certificate + "\" or its key \"" + where.tls.key, status));
    }
  }
  return {};
}

} // namespace

result<options_handle> make_options(const endpoint& where, const std::vector<std::string>& learnt,
                                    const connect_settings& settings) {
  const auto urls = jetstream::parse_server_urls(where.urls);
  if (!urls) {
    return tl::make_unexpected(urls.error());
  }
  natsOptions* raw = nullptr;
  if (natsOptions_Create(&raw) != NATS_OK) {
    return fail(ec::system_error, "There is not enough memory to connect to NATS.");
  }
  options_handle options{raw};
  for (const auto& set : {set_servers(raw, *urls, learnt), set_identity(raw, where, *urls),
                          set_tls(raw, where, *urls)}) {
    if (!set) {
      return tl::make_unexpected(set.error());
    }
  }
  natsOptions_SetAllowReconnect(raw, false);
  natsOptions_SetSendAsap(raw, true);
  natsOptions_SetTimeout(raw, settings.timeout.count());
  natsOptions_SetPingInterval(raw, settings.ping_interval.count());
  natsOptions_SetMaxPingsOut(raw, pings_unanswered_max);
  if (!where.client_name.empty()) {
    natsOptions_SetName(raw, where.client_name.c_str());
  }
  return options;
}

} // namespace nats_mcp::transport
