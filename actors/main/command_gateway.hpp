// SPDX-License-Identifier: MIT
// NATS for commands a human runs: the same gateway actor as in the server, asked one question after
// the other. Blocks; only for `main`.
#pragma once

#include "protocol/config/configuration.hpp"

#include "transport/nats/connection.hpp"

#include "actors/error_bridge.hpp"
#include "actors/interfaces.hpp"
#include "actors/main/actor_configuration.hpp"
#include "actors/main/nats_endpoint.hpp"
#include "actors/main/process_environment.hpp"

#include <caf/actor_system.hpp>
#include <caf/scoped_actor.hpp>

#include <memory>
#include <utility>

namespace nats_mcp {

class command_gateway {
public:
  command_gateway(const config::configuration& configuration,
                  const process_environment& environment, engine_start start);
  ~command_gateway();

  command_gateway(const command_gateway&) = delete;
  command_gateway& operator=(const command_gateway&) = delete;

  /// Asks and waits. Commands carry `deadline()`.
  template <class Reply, class Command>
  [[nodiscard]] result<Reply> ask(Command command) {
    caf::scoped_actor self{system_};
    result<Reply> out = fail(ec::unavailable, "The gateway did not answer.");
    self->request(gateway_, caf::infinite, std::move(command))
      .receive(
        [&](Reply& reply) { out = std::move(reply); },
        [&](caf::error& failure) { out = tl::make_unexpected(from_caf(failure, "gateway")); });
    return out;
  }

  /// For a command asked now: the configured call timeout from now, or the time a local engine may
  /// need to start.
  [[nodiscard]] monotonic_time deadline() const;

private:
  std::chrono::milliseconds patience_;
  std::shared_ptr<transport::connection> connection_;
  actor_configuration configuration_;
  caf::actor_system system_;
  gateway_actor gateway_;
};

} // namespace nats_mcp
