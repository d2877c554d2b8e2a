// SPDX-License-Identifier: MIT
#include "actors/main/connection_log.hpp"

#include "protocol/logging/connection_journal.hpp"

#include "actors/supervision/actor_shell.hpp"

#include <utility>

namespace nats_mcp {

namespace {

class connection_log {
public:
  connection_log(gateway_listener_actor::pointer self, std::shared_ptr<transport::logger> log)
    : self_{self}
    , log_{std::move(log)} {
    // nop
  }

  gateway_listener_actor::behavior_type make_behavior() {
    return {
      [](const jetstream::core_message&) {
        // Not subscribed to anything.
      },
      [](const jetstream::kv_change&) {
        // Watches nothing.
      },
      [](const jetstream::kv_watch_event&) {
        // Watches nothing.
      },
      [this](const jetstream::connection_event& change) {
        if (const auto happened = journal_.on(change, self_->clock().now())) {
          log_->write(*happened);
        }
      },
    };
  }

private:
  gateway_listener_actor::pointer self_;
  std::shared_ptr<transport::logger> log_;
  logging::connection_journal journal_;
};

} // namespace

gateway_listener_actor spawn_connection_log(caf::actor_system& system,
                                            std::shared_ptr<transport::logger> log) {
  return spawn_shell<gateway_listener_actor, connection_log>(system, "connection-log",
                                                             message_probe{}, std::move(log));
}

} // namespace nats_mcp
