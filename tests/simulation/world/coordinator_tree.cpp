// SPDX-License-Identifier: MIT
#include "tests/simulation/world/coordinator_tree.hpp"

#include "protocol/identifiers.hpp"
#include "protocol/limits/coordination.hpp"

#include "actors/gateway/nats_gateway.hpp"
#include "actors/http/http_actor.hpp"

#include "tests/simulation/network/simulated_link.hpp"

#include <caf/actor_cast.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/exit_reason.hpp>
#include <caf/send.hpp>

#include <utility>

namespace nats_mcp::simulation {

coordinator_tree::coordinator_tree(options choice)
  : system_{*choice.system} {
  const auto wired = std::make_shared<simulated_link>(choice.wires);
  network_process_ = wired->process();
  link_ = choice.through ? choice.through(wired, choice.wires) : wired;
  coordinator_system_options parts;
  parts.configuration = std::move(choice.configuration);
  parts.world.wall_clock = [wires = choice.wires, skew = choice.skew] {
    return std::chrono::time_point_cast<std::chrono::milliseconds>(wires->civil_now()) + *skew;
  };
  parts.world.random = [bits = std::make_shared<dice>(choice.chance)] { return (*bits)(); };
  parts.world.probe = std::move(choice.probe);
  parts.guid = make_uuid(parts.world.random);
  parts.host = "simulated";
  parts.assign_timeout = choice.assign_timeout;
  parts.on_event = std::move(choice.on_event);
  parts.on_act = std::move(choice.on_act);
  parts.start_gateway = [link = link_, world = parts.world](caf::local_actor* spawner,
                                                            const checkpoint& last,
                                                            const supervisor_actor& supervisor) {
    return caf::actor_cast<caf::strong_actor_ptr>(
      spawn_nats_gateway(spawner, {link, world.random}, last, supervisor, world.probe));
  };
  if (choice.door) {
    parts.start_http = [door = choice.door, world = parts.world](caf::local_actor* spawner,
                                                                 const coordinator_system& all) {
      return caf::actor_cast<caf::strong_actor_ptr>(
        spawn_http(spawner, {"http", door, all.overview, all.dead_letters, world}));
    };
  }
  tree_ = start_coordinator_system(system_, std::move(parts));
}

coordinator_tree::~coordinator_tree() { kill(); }

void coordinator_tree::kill() {
  link_->close();
  if (tree_.supervisor) {
    caf::anon_send<caf::message_priority::high>(
      caf::actor_cast<caf::actor>(tree_.supervisor),
      caf::exit_msg{caf::actor_addr{}, caf::exit_reason::kill});
  }
  tree_ = {};
}

void coordinator_tree::leave(std::function<void()> left) {
  system_.spawn(
    [coordinator = tree_.coordinator, left = std::move(left)](caf::event_based_actor* self) {
      self->request(coordinator, limits::hand_over_max, hand_over{})
        .then([left](const handed_over&) { left(); }, [left](const caf::error&) { left(); });
    });
}

void coordinator_tree::stop(std::function<void()> stopped) {
  system_.spawn([tree = tree_, stopped = std::move(stopped)](caf::event_based_actor* self) {
    const auto half = limits::coordinator_stop_max / 2;
    const auto end = [self, tree, stopped, half] {
      self->request(tree.supervisor, half, stop_tree{})
        .then([stopped](const tree_stopped&) { stopped(); },
              [stopped](const caf::error&) { stopped(); });
    };
    self->request(tree.gateway, half, close_gateway{self->clock().now() + half})
      .then([end](const gateway_closed&) { end(); }, [end](const caf::error&) { end(); });
  });
}

} // namespace nats_mcp::simulation
