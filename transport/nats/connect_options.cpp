// SPDX-License-Identifier: MIT
#include "transport/nats/connect_options.hpp"

#include "protocol/jetstream/server_url.hpp"

#include "transport/nats/certificate_files.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace nats_mcp::transport {

namespace {

/// nats.c pings, but never decides that a connection is dead: it would close the socket on its
/// timer thread while ours reads from it. The connection watches the silence itself.
constexpr int pings_unanswered_max = std::numeric_limits<int>::max();

/// How much longer than nats.c's own limit an attempt may take on a busy machine.
constexpr std::chrono::milliseconds guard_margin{1000};

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

/// What nats.c says of a file that was looked at before.
tl::unexpected<error> tls_file_error(std::string_view setting) {
  const char* detail = nats_GetLastError(nullptr);
  return fail(ec::tls_failed, "The file of " + std::string{setting} + " cannot be used"
                                + (detail != nullptr ? ": " + std::string{detail} : "") + ".");
}

result<void> set_tls(natsOptions* options, const endpoint& where,
                     const std::vector<jetstream::server_url>& urls) {
  // A scheme alone is not enough for nats.c 3.4.1: it would go on in plain text.
  if (wants_tls(where, urls)) {
    natsOptions_SetSecure(options, true);
  }
  if (auto usable = check_tls_files(where.tls); !usable) {
    return usable;
  }
  if (!where.tls.ca.empty()
      && natsOptions_LoadCATrustedCertificates(options, where.tls.ca.c_str()) != NATS_OK) {
    return tls_file_error("NATS_TLS_CA");
  }
  if (!where.tls.certificate.empty()
      && natsOptions_LoadCertificatesChain(options, where.tls.certificate.c_str(),
                                           where.tls.key.c_str())
           != NATS_OK) {
    return tls_file_error("NATS_TLS_CERT or NATS_TLS_KEY");
  }
  return {};
}

attempt_guard::options bounds_of(const std::vector<jetstream::server_url>& urls,
                                 const std::vector<std::string>& learnt,
                                 const connect_settings& settings) {
  attempt_guard::options out{{}, settings.timeout + guard_margin};
  for (const auto& url : urls) {
    out.ports.insert(url.port);
  }
  for (const auto& address : learnt) {
    if (const auto url = jetstream::parse_server_urls(address)) {
      out.ports.insert(url->front().port);
    }
  }
  return out;
}

} // namespace

bool wants_tls(const endpoint& where, const std::vector<jetstream::server_url>& urls) {
  return !where.tls.ca.empty() || !where.tls.certificate.empty()
         || std::any_of(urls.begin(), urls.end(),
                        [](const auto& url) { return url.scheme == "tls"; });
}

result<connect_options> make_options(const endpoint& where, const std::vector<std::string>& learnt,
                                     const connect_settings& settings) {
  const auto urls = jetstream::parse_server_urls(where.urls);
  if (!urls) {
    return tl::make_unexpected(urls.error());
  }
  natsOptions* raw = nullptr;
  if (natsOptions_Create(&raw) != NATS_OK) {
    return fail(ec::system_error, "There is not enough memory to connect to NATS.");
  }
  connect_options made{options_handle{raw}, nullptr, bounds_of(*urls, learnt, settings)};
  for (const auto& set : {set_servers(raw, *urls, learnt), set_tls(raw, where, *urls)}) {
    if (!set) {
      return tl::make_unexpected(set.error());
    }
  }
  auto signs = set_identity(raw, where, *urls);
  if (!signs) {
    return tl::make_unexpected(std::move(signs.error()));
  }
  made.signs = std::move(*signs);
  natsOptions_SetAllowReconnect(raw, false);
  natsOptions_SetSendAsap(raw, true);
  natsOptions_SetTimeout(raw, settings.timeout.count());
  natsOptions_SetPingInterval(raw, settings.ping_interval.count());
  natsOptions_SetMaxPingsOut(raw, pings_unanswered_max);
  if (!where.client_name.empty()) {
    natsOptions_SetName(raw, where.client_name.c_str());
  }
  return made;
}

} // namespace nats_mcp::transport
