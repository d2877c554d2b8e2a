// SPDX-License-Identifier: MIT
#include "actors/main/nats_endpoint.hpp"

#include "transport/engine/engine_client.hpp"

#include <memory>
#include <utility>

namespace nats_mcp {

namespace {

/// Longest wait for a local engine that has to be started first.
constexpr auto engine_within = std::chrono::seconds{10};

std::string variable(const process_environment& environment, const std::string& name) {
  const auto position = environment.variables.find(name);
  return position == environment.variables.end() ? std::string{} : position->second;
}

/// The local engine's token goes only to a listener of this user's own process, so it is looked at
/// once the connection stands.
transport::endpoint engine_endpoint(const transport::engine_endpoint& engine,
                                    const std::string& program) {
  transport::endpoint out;
  out.urls = engine.url;
  out.server_version = engine.server_version;
  out.client_name = program;
  if (engine.local_engine) {
    out.identity.late_token = [engine] {
      return transport::may_send_token(engine) ? engine.token : std::string{};
    };
  }
  return out;
}

} // namespace

transport::endpoint configured_endpoint(const config::nats_settings& nats,
                                        const std::string& program) {
  transport::endpoint out;
  out.urls = nats.url;
  out.identity.creds_file = nats.credentials_file;
  out.identity.nkey_seed_file = nats.nkey_seed_file;
  out.identity.token = nats.token;
  out.identity.user = nats.user;
  out.identity.password = nats.password;
  out.tls = {nats.tls_ca, nats.tls_cert, nats.tls_key};
  out.client_name = program;
  return out;
}

transport::engine_environment engine_part(const process_environment& environment) {
  return {variable(environment, "XDG_DATA_HOME"), variable(environment, "HOME"),
          variable(environment, "PATH"), variable(environment, "NATS_MCP_LOCAL")};
}

transport::endpoint_source make_endpoint_source(const config::configuration& configuration,
                                                const process_environment& environment,
                                                engine_start start) {
  if (!configuration.nats.url.empty()) {
    return [where = configured_endpoint(configuration.nats, environment.program)](
             const std::stop_token&) -> result<transport::endpoint> { return where; };
  }
  auto part = engine_part(environment);
  part.local.clear(); // the configuration has read it, and told what is wrong with it
  auto options = transport::default_engine_options(part);
  if (options) {
    options->use = configuration.local == config::local_engine::never
                     ? transport::local_engine_use::never
                     : transport::local_engine_use::automatic;
  }
  // Lives as long as the source: it holds the lock that keeps the engine running.
  auto client = std::make_shared<std::unique_ptr<transport::engine_client>>();
  return [options, client, start,
          program = environment.program](std::stop_token stop) -> result<transport::endpoint> {
    if (!options) {
      return tl::make_unexpected(options.error());
    }
    if (!*client) {
      *client = std::make_unique<transport::engine_client>(*options);
    }
    transport::endpoint_request request;
    request.start = start == engine_start::if_needed ? transport::start_policy::start_if_needed
                                                     : transport::start_policy::only_if_running;
    request.waiting = {std::chrono::steady_clock::now() + engine_within, std::move(stop)};
    auto found = (*client)->endpoint(request);
    if (!found) {
      return tl::make_unexpected(found.error());
    }
    return engine_endpoint(*found, program);
  };
}

} // namespace nats_mcp
