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
  std::function<result<jetstream::kv_lookup>(const jetstream::kv_get&)> on_kv_get;
  std::function<result<jetstream::kv_revision>(const jetstream::kv_put&)> on_kv_put;
  std::function<result<jetstream::kv_revision>(const jetstream::kv_delete&)> on_kv_delete;
  std::function<result<subscribed>(const kv_watch&)> on_kv_watch;
  /// Subscriptions that fail, the next ones.
  int subscriptions_refused = 0;
  std::function<result<watch_is_current>(const await_watch&)> on_await_watch;
  /// Without it every settlement is heard.
  std::function<result<jetstream::settled>(const jetstream::settle&)> on_settle;
  /// Pulls for which this holds are not answered; `gateway_tick` to the stub answers all of them.
  std::function<bool(const jetstream::pull&)> holds_pull;
  /// While set, publishes are not answered; `transport_events` to the stub answers all of them.
  bool holds_publishes = false;
  jetstream::gateway_status status;

  std::vector<jetstream::publish> published;
  std::vector<jetstream::api_request> api_requests;
  std::vector<jetstream::pull> pulls;
  std::vector<jetstream::settle> settled;
  std::vector<core_subscribe> subscriptions;
  std::vector<jetstream::subscription_id> unsubscribed;
  std::vector<gateway_listener_actor> connection_observers;
};

/// A gateway that follows `script`. What the script leaves out is answered `unavailable`.
[[nodiscard]] gateway_actor spawn_stub_gateway(caf::actor_system& system,
                                               std::shared_ptr<gateway_script> script);

} // namespace nats_mcp::testing
