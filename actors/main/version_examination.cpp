// SPDX-License-Identifier: MIT
#include "actors/main/version_examination.hpp"

#include "protocol/jetstream/server_release.hpp"

#include "transport/engine/server_probe.hpp"

#include <charconv>
#include <chrono>
#include <string>
#include <string_view>

namespace nats_mcp {

namespace {

/// nats.c does not tell the server's version; a server on this machine is asked for its greeting.
/// @returns nothing when it is not known.
std::string version_of(const jetstream::gateway_status& status) {
  if (!status.server_version.empty()) {
    return status.server_version;
  }
  constexpr std::string_view local = "nats://127.0.0.1:";
  std::uint16_t port = 0;
  if (!status.server.starts_with(local)
      || std::from_chars(status.server.data() + local.size(),
                         status.server.data() + status.server.size(), port)
             .ec
           != std::errc{}) {
    return {};
  }
  const auto greeting =
    transport::read_greeting(port, std::chrono::steady_clock::now() + std::chrono::seconds{1}, {});
  return greeting ? greeting->version : std::string{};
}

} // namespace

void examine_version(examination& report, const jetstream::gateway_status& status,
                     std::uint32_t replicas) {
  const auto version = version_of(status);
  report.fine("Connected to " + status.server
              + (version.empty() ? ". Its version cannot be seen; it should be 2.10 or later."
                                 : ", version " + version + "."));
  if (jetstream::forgets_at_start(version)) {
    report.odd(
      "nats-server " + version
      + " may forget, when it is started again, what it acknowledged before. 2.10 or later is"
        " not known to.");
  }
  if (jetstream::lets_both_win(version, replicas)) {
    report.odd("nats-server " + version
               + " lets two agents win the same decision where streams have several copies: work"
                 " may be done twice, or finished and then open again. Use 2.10 or later.");
  }
}

} // namespace nats_mcp
