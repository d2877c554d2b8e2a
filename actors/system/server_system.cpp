// SPDX-License-Identifier: MIT
#include "actors/system/server_system.hpp"

#include "protocol/tools/catalog.hpp"
#include "protocol/tools/instructions.hpp"

#include "actors/mcp/session_actor.hpp"
#include "actors/messaging/channels_actor.hpp"

#include <caf/actor_cast.hpp>

#include <utility>

namespace nats_mcp {

namespace {

constexpr auto gateway_id = "gateway";
constexpr auto channels_id = "channels";
constexpr auto session_id = "session";

/// Tools of one `tools/list` page: all of them, so that no client needs a second request.
constexpr std::size_t tools_per_page = 100;

mcp::session_options protocol_options(const server_system_options& options) {
  const auto& configuration = options.configuration->value;
  mcp::session_options out;
  out.server = {"nats-mcp-server", "NATS MCP Server", options.server_version};
  out.instructions = std::string{tools::instructions()};
  for (const auto& tool : tools::selected_tools(configuration)) {
    out.tools.push_back({std::string{tool->name}, tools::listing(*tool, configuration.output)});
  }
  out.tools_per_page = tools_per_page;
  out.legacy_only = false;
  return out;
}

channels_options channels_part(const server_system_options& options, const server_system& parts) {
  const auto& configuration = options.configuration->value;
  channels_options out;
  out.child_id = channels_id;
  out.channel_namespace = configuration.channel_namespace;
  out.channels = configuration.channels;
  out.replicas = configuration.replicas;
  out.gateway = parts.gateway;
  out.listener = parts.channels;
  out.world = options.world;
  return out;
}

session_actor_options session_part(const server_system_options& options,
                                   const server_system& parts) {
  session_actor_options out;
  out.child_id = session_id;
  out.protocol = protocol_options(options);
  out.dispatch.configuration = options.configuration;
  out.dispatch.server_version = options.server_version;
  out.dispatch.gateway = parts.gateway;
  out.dispatch.channels = parts.channels;
  out.link = options.link;
  out.on_end_of_input = options.on_end_of_input;
  out.world = options.world;
  return out;
}

/// A child that is always restarted; the supervisor's defaults say how soon and how often.
child_spec permanent_child(std::string id, stable_ref_ptr ref) {
  child_spec spec;
  spec.id = std::move(id);
  spec.ref = std::move(ref);
  return spec;
}

} // namespace

server_system start_server_system(caf::actor_system& system, server_system_options options) {
  auto gateway = make_stable_slot<gateway_actor>(system, gateway_id);
  auto channels = make_stable_slot<channels_actor>(system, channels_id);
  auto session = make_stable_slot<session_actor>(system, session_id);
  server_system parts;
  parts.gateway = gateway.handle;
  parts.channels = channels.handle;
  parts.session = session.handle;

  auto gateway_child = permanent_child(gateway_id, gateway.ref);
  gateway_child.start = options.start_gateway;

  auto channels_child = permanent_child(channels_id, channels.ref);
  channels_child.start =
    [given = channels_part(options, parts)](caf::local_actor* spawner, checkpoint last,
                                            const supervisor_actor& supervisor) {
      auto mine = given;
      mine.supervisor = supervisor;
      return caf::actor_cast<caf::strong_actor_ptr>(
        spawn_channels(spawner, std::move(mine), std::move(last)));
    };

  auto session_child = permanent_child(session_id, session.ref);
  session_child.start = [given = session_part(options, parts)](caf::local_actor* spawner,
                                                               checkpoint last,
                                                               const supervisor_actor& supervisor) {
    auto mine = given;
    mine.dispatch.supervisor = supervisor;
    return caf::actor_cast<caf::strong_actor_ptr>(
      spawn_session(spawner, std::move(mine), std::move(last)));
  };

  supervisor_options choice;
  choice.random = options.world.random;
  choice.on_event = std::move(options.on_event);
  std::vector<child_spec> children;
  children.push_back(std::move(gateway_child));
  children.push_back(std::move(channels_child));
  children.push_back(std::move(session_child));
  parts.supervisor = spawn_supervisor(system, std::move(choice), std::move(children));
  return parts;
}

} // namespace nats_mcp
