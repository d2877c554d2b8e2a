// SPDX-License-Identifier: MIT
// `server_status`: asks every part that knows something, one after the other.
#include "protocol/limits.hpp"
#include "protocol/tools/status_tools.hpp"

#include "actors/mcp/status_report.hpp"
#include "actors/mcp/tool_dispatch.hpp"
#include "actors/mcp/tool_dispatch_calls.hpp"

#include <algorithm>
#include <utility>

namespace nats_mcp {

void tool_dispatch::server_status(call_id call, const json::value& arguments) {
  if (!decode<tools::server_status_arguments>(call, arguments)) {
    return;
  }
  const auto until = deadline();
  // Asking how NATS is never connects; only an existing connection is measured.
  ask<jetstream::gateway_status>(
    owner_, options_.gateway, gateway_status_query{}, "gateway",
    [this, call, until](jetstream::gateway_status now) {
      if (now.state != jetstream::connection_state::connected) {
        status_of_actors(call, now, {});
        return;
      }
      ask<jetstream::gateway_status>(
        owner_, options_.gateway, ping_server{until}, "gateway",
        [this, call, until](const jetstream::gateway_status& measured) {
          status_of_channels(call, measured, until);
        },
        [this, call, now = std::move(now)](const error& why) mutable {
          now.reason = why;
          status_of_actors(call, now, {});
        });
    },
    [this, call](const error& why) {
      jetstream::gateway_status unknown;
      unknown.reason = why;
      status_of_actors(call, unknown, {});
    });
}

void tool_dispatch::status_of_channels(call_id call, const jetstream::gateway_status& nats,
                                       monotonic_time until) {
  // NATS answers right now; a status does not wait for more than that.
  const auto soon = std::min(until, owner_->clock().now() + limits::status_count_max);
  ask<unread_channels>(
    owner_, options_.channels, unread_query{soon}, "channels",
    [this, call, nats](unread_channels unread) { status_of_actors(call, nats, std::move(unread)); },
    [this, call, nats](const error&) { status_of_actors(call, nats, {}); });
}

void tool_dispatch::status_of_actors(call_id call, const jetstream::gateway_status& nats,
                                     std::optional<unread_channels> unread) {
  const auto report = [this, call, nats, unread = std::move(unread)](const tree_status& tree) {
    status_of_work(call, nats, unread, tree);
  };
  ask<tree_status>(owner_, options_.supervisor, tree_status_query{}, "supervisor", report,
                   [report](const error&) { report({}); });
}

void tool_dispatch::status_of_work(call_id call, const jetstream::gateway_status& nats,
                                   const std::optional<unread_channels>& unread,
                                   const tree_status& tree) {
  const auto report = [=, this](const held_work& held) {
    succeed(call, status_report({options_.server_version, memory_.who, nats, tree, unread,
                                 unread_mail_, held.items, *options_.configuration}));
  };
  ask<held_work>(owner_, options_.work_queue, held_work_query{}, "work queue", report,
                 [report](const error&) { report({}); });
}

} // namespace nats_mcp
