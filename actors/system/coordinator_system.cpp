// SPDX-License-Identifier: MIT
#include "actors/system/coordinator_system.hpp"

#include "protocol/work/streams.hpp"

#include "actors/coordination/coordinator_actor.hpp"
#include "actors/coordination/overview_actor.hpp"
#include "actors/coordination/sweeper_actor.hpp"
#include "actors/system/permanent_child.hpp"
#include "actors/work/dead_letters_actor.hpp"

#include <utility>
#include <vector>

namespace nats_mcp {

namespace {

constexpr auto gateway_name = "gateway";
constexpr auto coordinator_name = "coordinator";
constexpr auto sweeper_name = "sweeper";
constexpr auto dead_letters_name = "dead-letters";
constexpr auto overview_name = "overview";
constexpr auto http_name = "http";

/// As which it stands in messages and leads.
constexpr auto own_handle = "coordinator";

work::retention kept_by(const config::configuration& configuration) {
  return {configuration.work_queue.dead_letter_ttl, configuration.replicas};
}

lane_keeper::terms lanes_made_by(const config::loaded_configuration& loaded) {
  const auto& settings = loaded.value.work_queue;
  const bool set = loaded.origins.contains("workQueue.ackTimeout");
  return {settings.ack_timeout, config::hold_of(settings, set)};
}

coordinator_options coordinating(const coordinator_system_options& options,
                                 const coordinator_system& parts) {
  coordinator_options out;
  out.child_id = coordinator_name;
  out.gateway = parts.gateway;
  out.listener = parts.coordinator;
  out.self = {options.guid, own_handle};
  out.host = options.host;
  out.retention = kept_by(options.configuration->value);
  out.assign_timeout = options.assign_timeout;
  out.world = options.world;
  out.on_event = options.on_leadership;
  out.on_act = options.on_act;
  return out;
}

sweeper_options sweeping(const coordinator_system_options& options,
                         const coordinator_system& parts) {
  sweeper_options out;
  out.child_id = sweeper_name;
  out.gateway = parts.gateway;
  out.coordinator = parts.coordinator;
  out.self = {options.guid, own_handle};
  out.retention = kept_by(options.configuration->value);
  out.lanes = lanes_made_by(*options.configuration);
  out.world = options.world;
  return out;
}

dead_letters_options burying(const coordinator_system_options& options,
                             const coordinator_system& parts) {
  dead_letters_options out;
  out.child_id = dead_letters_name;
  out.gateway = parts.gateway;
  out.reach = work_reach::everything;
  out.retention = kept_by(options.configuration->value);
  out.lanes = lanes_made_by(*options.configuration);
  out.world = options.world;
  return out;
}

overview_options showing(const coordinator_system_options& options, const coordinator_system& parts,
                         const listening_overview_actor& listener) {
  const auto& configuration = options.configuration->value;
  overview_options out;
  out.child_id = overview_name;
  out.gateway = parts.gateway;
  out.coordinator = parts.coordinator;
  out.listener = listener;
  out.channel_namespace = configuration.channel_namespace;
  out.channels = configuration.channels;
  out.world = options.world;
  return out;
}

/// A permanent child that neither keeps nor hands over anything.
template <class Handle, class Options>
child_spec forgetful_child(std::string id, const stable_slot<Handle>& slot, Options given,
                           Handle (*spawn)(caf::local_actor*, Options)) {
  return permanent_child(
    std::move(id), slot,
    [given = std::move(given), spawn](caf::local_actor* spawner, const checkpoint&,
                                      const supervisor_actor&) { return spawn(spawner, given); });
}

} // namespace

coordinator_system start_coordinator_system(caf::actor_system& system,
                                            coordinator_system_options options) {
  const auto gateway = make_stable_slot<gateway_actor>(system, gateway_name);
  const auto coordinator = make_stable_slot<coordinator_actor>(system, coordinator_name);
  const auto sweeper = make_stable_slot<sweeper_actor>(system, sweeper_name);
  const auto dead_letters = make_stable_slot<dead_letters_actor>(system, dead_letters_name);
  const auto overview = make_stable_slot<listening_overview_actor>(system, overview_name);
  coordinator_system parts{
    {}, gateway.handle, coordinator.handle, sweeper.handle, dead_letters.handle, overview.handle};

  std::vector<child_spec> children;
  children.push_back(permanent_child(gateway_name, gateway, options.start_gateway));
  children.push_back(forgetful_child(coordinator_name, coordinator, coordinating(options, parts),
                                     spawn_coordinator));
  children.push_back(
    forgetful_child(sweeper_name, sweeper, sweeping(options, parts), spawn_sweeper));
  children.push_back(
    forgetful_child(dead_letters_name, dead_letters, burying(options, parts), spawn_dead_letters));
  children.push_back(permanent_child(
    overview_name, overview,
    [given = showing(options, parts, overview.handle)](caf::local_actor* spawner, const checkpoint&,
                                                       const supervisor_actor& supervisor) {
      auto mine = given;
      mine.supervisor = supervisor;
      return spawn_overview(spawner, std::move(mine));
    }));
  if (options.start_http) {
    child_spec http;
    http.id = http_name;
    http.start = [start = std::move(options.start_http),
                  parts](caf::local_actor* spawner, const checkpoint&,
                         const supervisor_actor& supervisor) {
      auto all = parts;
      all.supervisor = supervisor;
      return start(spawner, all);
    };
    children.push_back(std::move(http));
  }

  supervisor_options choice;
  choice.random = options.world.random;
  choice.on_event = std::move(options.on_event);
  choice.probe = options.world.probe;
  parts.supervisor = spawn_supervisor(system, std::move(choice), std::move(children));
  return parts;
}

} // namespace nats_mcp
