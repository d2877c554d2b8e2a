// SPDX-License-Identifier: MIT
#include "transport/engine/engine_client.hpp"

#include "transport/engine/engine_launcher.hpp"
#include "transport/engine/server_probe.hpp"

namespace nats_mcp::transport {

namespace {

using namespace std::chrono_literals;

/// On this machine a greeting takes microseconds; a listener that says nothing for so long is none.
constexpr auto default_port_greeting_max = 500ms;
constexpr auto lock_retry_interval = 5ms;

bool usable_without_credentials(const server_greeting& greeting) {
  return greeting.jetstream && !greeting.authentication_required && !greeting.tls_required;
}

} // namespace

engine_client::engine_client(engine_options options)
  : options_(std::move(options))
  , files_(options_.directory) {
  // nop
}

result<engine_endpoint> engine_client::endpoint(const endpoint_request& request) {
  auto found = find(request);
  if (!found || !found->local_engine) {
    users_.reset();
  }
  return found;
}

result<engine_endpoint> engine_client::find(const endpoint_request& request) {
  const auto& waiting = request.waiting;
  if (options_.use == local_engine_use::automatic && living_engine(files_)) {
    if (auto joined = join(waiting); !joined) {
      return tl::make_unexpected(joined.error());
    }
    // Only now it cannot end for want of users; before, it may have been replaced.
    if (const auto record = living_engine(files_)) {
      auto endpoint = confirm_engine(*record, waiting);
      if (endpoint || endpoint.error().code != ec::not_found) {
        return endpoint;
      }
    }
  }
  const auto greeting =
    read_greeting(options_.default_port, waiting.within(default_port_greeting_max), waiting.stop);
  if (greeting && usable_without_credentials(*greeting)) {
    engine_endpoint endpoint;
    endpoint.port = options_.default_port;
    endpoint.server_version = greeting->version;
    endpoint.url = "nats://127.0.0.1:" + std::to_string(endpoint.port);
    return endpoint;
  }
  if (!greeting && greeting.error().code == ec::cancelled) {
    return tl::make_unexpected(greeting.error());
  }
  if (options_.use == local_engine_use::never || request.start == start_policy::only_if_running
      || options_.server_binary.empty()) {
    return tl::make_unexpected(nothing_found(request.start));
  }
  return own_engine(waiting);
}

result<engine_endpoint> engine_client::own_engine(const patience& waiting) {
  if (auto prepared = files_.prepare(); !prepared) {
    return tl::make_unexpected(prepared.error());
  }
  // Counted before the engine is there: it will never see itself without users.
  if (auto joined = join(waiting); !joined) {
    return tl::make_unexpected(joined.error());
  }
  return launch_engine(options_, waiting);
}

result<void> engine_client::join(const patience& waiting) {
  if (users_ && is_same_file(users_, files_.users_lock())) {
    return {};
  }
  do {
    auto lock = take_lock(files_.users_lock(), lock_kind::shared);
    if (lock) {
      users_ = std::move(*lock);
      return {};
    }
    if (lock.error().code != ec::busy) {
      return tl::make_unexpected(lock.error());
    }
    // The parent looks for users this instant, or is ending the engine.
  } while (waiting.pause(lock_retry_interval));
  if (waiting.stop.stop_requested()) {
    return fail(ec::cancelled, "The wait for the local NATS engine was called off.");
  }
  return tl::make_unexpected(diagnose_engine(files_));
}

error engine_client::nothing_found(start_policy start) const {
  const auto tried =
    "No NATS server: NATS_URL is not set, and no server with JetStream that asks for "
    "no credentials answers at localhost:"
    + std::to_string(options_.default_port);
  if (options_.use == local_engine_use::never) {
    return {ec::nats_unreachable,
            tried
              + ". NATS_MCP_LOCAL=never forbids starting one: set NATS_URL, start `nats-server "
                "-js`, or unset NATS_MCP_LOCAL.",
            0};
  }
  if (start == start_policy::only_if_running) {
    return {ec::nats_unreachable,
            tried
              + ". The local NATS engine does not run; the first tool call that needs NATS "
                "starts it, or `nats-mcp-server local start`.",
            0};
  }
  return {ec::nats_unreachable,
          tried
            + ". A local one cannot be started because the program nats-server is not "
              "installed: install it with `apt-get install nats-server`, or set NATS_URL to a "
              "server that runs.",
          0};
}

} // namespace nats_mcp::transport
