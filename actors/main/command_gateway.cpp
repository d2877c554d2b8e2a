// SPDX-License-Identifier: MIT
#include "actors/main/command_gateway.hpp"

#include "actors/gateway/nats_gateway.hpp"

#include <caf/send.hpp>

#include <algorithm>

namespace nats_mcp {

namespace {

/// A local engine that has to be started needs longer than a call may.
constexpr auto engine_patience = std::chrono::seconds{10};
constexpr auto goodbye_within = std::chrono::milliseconds{500};

transport::connection::options connect_to(const config::configuration& configuration,
                                          const process_environment& environment,
                                          engine_start start) {
  transport::connection::options out;
  out.source = make_endpoint_source(configuration, environment, start);
  out.random = real_world().random;
  out.inbox_prefix = configuration.nats.inbox_prefix;
  return out;
}

} // namespace

command_gateway::command_gateway(const config::configuration& configuration,
                                 const process_environment& environment, engine_start start)
  : patience_{start == engine_start::if_needed && configuration.nats.url.empty()
                ? std::max<std::chrono::milliseconds>(configuration.call_timeout, engine_patience)
                : configuration.call_timeout}
  , connection_{std::make_shared<transport::connection>(
      connect_to(configuration, environment, start))}
  , system_{configuration_} {
  const auto world = real_world();
  caf::scoped_actor self{system_};
  gateway_ = spawn_nats_gateway(self.ptr(), {connection_, world.random}, checkpoint{},
                                supervisor_actor{}, world.probe);
}

command_gateway::~command_gateway() {
  (void)ask<gateway_closed>(close_gateway{std::chrono::steady_clock::now() + goodbye_within});
  caf::anon_send_exit(gateway_, caf::exit_reason::kill);
  gateway_ = nullptr;
}

monotonic_time command_gateway::deadline() const {
  return std::chrono::steady_clock::now() + patience_;
}

} // namespace nats_mcp
