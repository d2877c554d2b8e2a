// SPDX-License-Identifier: MIT
// A scripted gateway for actor tests: the test says what NATS answers, and reads what was asked.
#pragma once

#include "actors/interfaces.hpp"
#include "actors/supervision/actor_shell.hpp"

#include <functional>
#include <memory>
#include <vector>

namespace nats_mcp::testing {

/// What the stub answers and what it saw. Shared with the test; single-threaded by the scheduler.
struct gateway_script {
  std::function<result<jetstream::publish_receipt>(const jetstream::publish&)> on_publish;
  std::function<result<jetstream::api_reply>(const jetstream::api_request&)> on_api_request;
  std::function<result<jetstream::pull_result>(const jetstream::pull&)> on_pull;
  /// While set, publishes are not answered; `transport_events` to the stub answers all of them.
  bool holds_publishes = false;
  jetstream::gateway_status status;

  std::vector<jetstream::publish> published;
  std::vector<jetstream::api_request> api_requests;
  std::vector<core_subscribe> subscriptions;
  std::vector<jetstream::subscription_id> unsubscribed;
  std::vector<gateway_listener_actor> connection_observers;
};

/// A gateway that follows `script`. What the script leaves out is answered `unavailable`.
[[nodiscard]] gateway_actor spawn_stub_gateway(caf::actor_system& system,
                                               std::shared_ptr<gateway_script> script);

} // namespace nats_mcp::testing
