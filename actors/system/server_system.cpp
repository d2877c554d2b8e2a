// SPDX-License-Identifier: MIT
#include "actors/system/server_system.hpp"

#include "protocol/tools/catalog.hpp"
#include "protocol/tools/hints.hpp"
#include "protocol/tools/instructions.hpp"
#include "protocol/tools/prompts.hpp"
#include "protocol/tools/resources.hpp"

#include "actors/agents/heartbeat_actor.hpp"
#include "actors/agents/registry_actor.hpp"
#include "actors/mcp/session_actor.hpp"
#include "actors/messaging/channels_actor.hpp"
#include "actors/messaging/inbox_actor.hpp"
#include "actors/system/permanent_child.hpp"
#include "actors/work/dead_letters_actor.hpp"
#include "actors/work/work_queue_actor.hpp"

#include <utility>

namespace nats_mcp {

namespace {

constexpr auto gateway_id = "gateway";
constexpr auto channels_id = "channels";
constexpr auto registry_id = "registry";
constexpr auto heartbeat_id = "heartbeat";
constexpr auto inbox_id = "inbox";
constexpr auto work_queue_id = "work-queue";
constexpr auto dead_letters_id = "dead-letters";
constexpr auto session_id = "session";

/// Tools of one `tools/list` page: all of them, so that no client needs a second request.
constexpr std::size_t tools_per_page = 100;

/// Claude Code's channels (docs/push.md): hints of mail and of every channel, to a client of the
/// legacy era.
void offer_hints(const config::configuration& configuration, mcp::session_options& options) {
  options.legacy_only = true;
  options.instructions += "\n\n" + std::string{tools::hint_instructions()};
  auto& watched = options.watched_for_hints.emplace();
  for (const auto& resource : tools::selected_resources(configuration)) {
    if (resource.uri != tools::agents_uri) {
      watched.insert(resource.uri);
    }
  }
}

mcp::session_options protocol_options(const server_system_options& options) {
  const auto& configuration = options.configuration->value;
  mcp::session_options out;
  out.server = {"nats-mcp-server", "NATS MCP Server", options.server_version};
  out.instructions = std::string{tools::instructions()};
  for (const auto& tool : tools::selected_tools(configuration)) {
    out.tools.push_back({std::string{tool->name}, tools::listing(*tool, configuration.output)});
  }
  out.tools_per_page = tools_per_page;
  out.calls_per_second = configuration.call_rate;
  for (const auto& resource : tools::selected_resources(configuration)) {
    out.resources.push_back({resource.uri, tools::listing(resource)});
  }
  out.resource_templates = tools::selected_templates(configuration);
  out.prompts = tools::selected_prompts(configuration);
  if (configuration.push == config::push_mode::claude_channel) {
    offer_hints(configuration, out);
  }
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
  out.session = parts.session;
  out.world = options.world;
  return out;
}

registry_options registry_part(const server_system_options& options, const server_system& parts) {
  const auto& configuration = options.configuration->value;
  registry_options out;
  out.child_id = registry_id;
  out.process = options.process;
  out.process.project_id = configuration.project_id;
  out.heartbeat_interval = configuration.heartbeat_interval;
  out.replicas = configuration.replicas;
  out.gateway = parts.gateway;
  out.session = parts.session;
  out.heartbeat = parts.heartbeat;
  out.inbox = parts.inbox;
  out.work_queue = parts.work_queue;
  out.dead_letters = parts.dead_letters;
  out.listener = parts.registry;
  out.world = options.world;
  return out;
}

inbox_options inbox_part(const server_system_options& options, const server_system& parts) {
  inbox_options out;
  out.child_id = inbox_id;
  out.gateway = parts.gateway;
  out.registry = parts.registry;
  out.session = parts.session;
  out.listener = parts.inbox;
  out.replicas = options.configuration->value.replicas;
  out.world = options.world;
  return out;
}

work::retention retention_of(const config::configuration& configuration) {
  return {configuration.work_queue.dead_letter_ttl, configuration.replicas};
}

lane_keeper::terms lanes_of(const config::loaded_configuration& loaded) {
  const auto& settings = loaded.value.work_queue;
  const bool set = loaded.origins.contains("workQueue.ackTimeout");
  return {settings.ack_timeout, config::hold_of(settings, set)};
}

work_queue_options work_queue_part(const server_system_options& options,
                                   const server_system& parts) {
  const auto& configuration = options.configuration->value;
  work_queue_options out;
  out.child_id = work_queue_id;
  out.gateway = parts.gateway;
  out.registry = parts.registry;
  out.session = parts.session;
  out.listener = parts.work_queue;
  out.project_id = configuration.project_id;
  out.retention = retention_of(configuration);
  out.lanes = lanes_of(*options.configuration);
  out.attempts_max = configuration.work_queue.max_attempts;
  out.world = options.world;
  return out;
}

dead_letters_options dead_letters_part(const server_system_options& options,
                                       const server_system& parts) {
  const auto& configuration = options.configuration->value;
  dead_letters_options out;
  out.child_id = dead_letters_id;
  out.gateway = parts.gateway;
  out.registry = parts.registry;
  out.project_id = configuration.project_id;
  out.retention = retention_of(configuration);
  out.lanes = lanes_of(*options.configuration);
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
  out.dispatch.registry = parts.registry;
  out.dispatch.inbox = parts.inbox;
  out.dispatch.work_queue = parts.work_queue;
  out.dispatch.dead_letters = parts.dead_letters;
  out.dispatch.world = options.world;
  out.link = options.link;
  out.on_end_of_input = options.on_end_of_input;
  out.world = options.world;
  return out;
}

/// A permanent child of a part that hands checkpoints to its supervisor.
template <class Handle, class Options>
child_spec remembering_child(std::string id, const stable_slot<Handle>& slot, Options given,
                             Handle (*spawn)(caf::local_actor*, Options, checkpoint)) {
  return permanent_child(std::move(id), slot,
                         [given = std::move(given), spawn](caf::local_actor* spawner,
                                                           checkpoint last,
                                                           const supervisor_actor& supervisor) {
                           auto mine = given;
                           mine.supervisor = supervisor;
                           return spawn(spawner, std::move(mine), std::move(last));
                         });
}

} // namespace

server_system start_server_system(caf::actor_system& system, server_system_options options) {
  const auto gateway = make_stable_slot<gateway_actor>(system, gateway_id);
  const auto channels = make_stable_slot<channels_actor>(system, channels_id);
  const auto registry = make_stable_slot<registry_actor>(system, registry_id);
  const auto heartbeat = make_stable_slot<heartbeat_actor>(system, heartbeat_id);
  const auto inbox = make_stable_slot<inbox_actor>(system, inbox_id);
  const auto work_queue = make_stable_slot<work_queue_actor>(system, work_queue_id);
  const auto dead_letters = make_stable_slot<dead_letters_actor>(system, dead_letters_id);
  const auto session = make_stable_slot<session_actor>(system, session_id);
  server_system parts{
    {},           gateway.handle,    channels.handle,     registry.handle, heartbeat.handle,
    inbox.handle, work_queue.handle, dead_letters.handle, session.handle};

  std::vector<child_spec> children;
  children.push_back(permanent_child(gateway_id, gateway, options.start_gateway));
  children.push_back(
    remembering_child(channels_id, channels, channels_part(options, parts), spawn_channels));
  children.push_back(
    remembering_child(registry_id, registry, registry_part(options, parts), spawn_registry));
  children.push_back(permanent_child(
    heartbeat_id, heartbeat,
    [given = heartbeat_options{heartbeat_id, parts.gateway, parts.registry, options.world}](
      caf::local_actor* spawner, const checkpoint&, const supervisor_actor&) {
      return spawn_heartbeat(spawner, given);
    }));
  children.push_back(
    permanent_child(inbox_id, inbox,
                    [given = inbox_part(options, parts)](caf::local_actor* spawner, checkpoint last,
                                                         const supervisor_actor&) {
                      return spawn_inbox(spawner, given, std::move(last));
                    }));
  children.push_back(remembering_child(work_queue_id, work_queue, work_queue_part(options, parts),
                                       spawn_work_queue));
  children.push_back(
    permanent_child(dead_letters_id, dead_letters,
                    [given = dead_letters_part(options, parts)](
                      caf::local_actor* spawner, const checkpoint&, const supervisor_actor&) {
                      return spawn_dead_letters(spawner, given);
                    }));
  children.push_back(permanent_child(
    session_id, session,
    [given = session_part(options, parts)](caf::local_actor* spawner, checkpoint last,
                                           const supervisor_actor& supervisor) {
      auto mine = given;
      mine.dispatch.supervisor = supervisor;
      return spawn_session(spawner, std::move(mine), std::move(last));
    }));

  supervisor_options choice;
  choice.random = options.world.random;
  choice.on_event = std::move(options.on_event);
  choice.probe = options.world.probe;
  parts.supervisor = spawn_supervisor(system, std::move(choice), std::move(children));
  return parts;
}

} // namespace nats_mcp
