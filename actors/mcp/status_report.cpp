// SPDX-License-Identifier: MIT
#include "actors/mcp/status_report.hpp"

#include <chrono>

namespace nats_mcp {

namespace {

std::string text_of(jetstream::connection_state state) {
  switch (state) {
    case jetstream::connection_state::idle:
      return "idle";
    case jetstream::connection_state::connecting:
      return "connecting";
    case jetstream::connection_state::connected:
      return "connected";
    case jetstream::connection_state::disconnected:
      return "disconnected";
  }
  return "idle";
}

std::string text_of(child_state state) {
  switch (state) {
    case child_state::starting:
      return "starting";
    case child_state::running:
      return "running";
    case child_state::restarting:
      return "restarting";
    case child_state::given_up:
      return "given up";
    case child_state::stopped:
      return "stopped";
  }
  return "starting";
}

tools::nats_summary summary_of(const jetstream::gateway_status& nats) {
  tools::nats_summary out;
  out.state = text_of(nats.state);
  out.server = nats.server;
  out.server_version = nats.server_version;
  out.reconnects = nats.reconnects;
  out.reason = nats.reason.message;
  if (nats.round_trip) {
    out.round_trip_ms = std::chrono::duration<double, std::milli>{*nats.round_trip}.count();
  }
  return out;
}

} // namespace

tools::server_status_result status_report(const status_sources& sources) {
  tools::server_status_result out;
  out.version = sources.server_version;
  out.nats = summary_of(sources.nats);
  out.handle = sources.who.handle;
  out.guid = sources.who.guid;
  out.project_id = sources.configuration.value.project_id;
  out.channel_namespace = sources.configuration.value.channel_namespace;
  for (const auto& problem : sources.configuration.problems) {
    out.configuration_problems.push_back(config::to_text(problem));
  }
  if (sources.unread) {
    out.unread = 0;
    out.unread_channels = sources.unread->channels;
    for (const auto& one : out.unread_channels) {
      *out.unread += one.unread;
    }
  }
  if (!out.guid.empty()) {
    out.unread_mail = sources.unread_mail;
  }
  for (const auto& part : sources.tree.children) {
    out.parts.push_back({part.id, text_of(part.state), part.restarts, part.last_failure});
  }
  out.held_work = sources.held_work;
  return out;
}

} // namespace nats_mcp
