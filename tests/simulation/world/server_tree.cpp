// SPDX-License-Identifier: MIT
#include "tests/simulation/world/server_tree.hpp"

#include "protocol/mcp/owed.hpp"

#include "actors/gateway/nats_gateway.hpp"

#include "tests/simulation/network/simulated_link.hpp"

#include <caf/actor_cast.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/exit_reason.hpp>
#include <caf/send.hpp>

#include <algorithm>
#include <utility>

namespace nats_mcp::simulation {

namespace {

/// An orderly end under way.
struct ending {
  server_system tree;
  std::shared_ptr<simulated_client> client;
  monotonic_time deadline;
  std::function<void()> stopped;
};

/// Asks a part to end and goes on when it has, when it cannot answer or when time is over.
template <class Reply, class Handle, class Message, class Next>
void ask_to_end(caf::event_based_actor* self, const Handle& part, Message message,
                const ending& what, Next next) {
  const auto left = std::max(what.deadline - self->clock().now(), monotonic_time::duration{0});
  self->request(part, left + std::chrono::milliseconds{100}, std::move(message))
    .then([next](const Reply&) { next(); }, [next](const caf::error&) { next(); });
}

void stop_parts(caf::event_based_actor* self, const std::shared_ptr<ending>& what) {
  ask_to_end<session_finished>(
    self, what->tree.session, finish_session{what->deadline}, *what, [self, what] {
      // What a session that is down still owed.
      for (const auto& line : mcp::answers_after_crash(what->client->owed())) {
        what->client->write(line);
      }
      what->client->clear_owed();
      ask_to_end<gateway_closed>(
        self, what->tree.gateway, close_gateway{what->deadline}, *what, [self, what] {
          ask_to_end<tree_stopped>(self, what->tree.supervisor, stop_tree{}, *what,
                                   [what] { what->stopped(); });
        });
    });
}

} // namespace

server_tree::server_tree(options choice)
  : system_{*choice.system} {
  simulated_client::options pipes;
  pipes.on_input = [session = session_] { caf::anon_send(*session, input_waiting{}); };
  pipes.on_drained = [session = session_] { caf::anon_send(*session, output_drained{}); };
  pipes.on_line = std::move(choice.on_line);
  client_ = std::make_shared<simulated_client>(std::move(pipes));
  link_ = std::make_shared<simulated_link>(choice.wires);
  if (choice.through) {
    link_ = choice.through(link_, choice.wires);
  }
  server_system_options parts;
  parts.configuration = std::move(choice.configuration);
  parts.link = client_;
  parts.server_version = "0";
  parts.world.wall_clock = [wires = choice.wires] {
    return std::chrono::time_point_cast<std::chrono::milliseconds>(wires->civil_now());
  };
  parts.world.random = [bits = std::make_shared<dice>(choice.chance)] { return (*bits)(); };
  parts.world.probe = std::move(choice.probe);
  parts.on_event = std::move(choice.on_event);
  parts.on_end_of_input = [] {
    // The world decides when a process ends.
  };
  parts.start_gateway = [link = link_, world = parts.world](caf::local_actor* spawner,
                                                            const checkpoint& last,
                                                            const supervisor_actor& supervisor) {
    return caf::actor_cast<caf::strong_actor_ptr>(
      spawn_nats_gateway(spawner, {link, world.random}, last, supervisor, world.probe));
  };
  tree_ = start_server_system(system_, std::move(parts));
  *session_ = tree_.session;
}

server_tree::~server_tree() { kill(); }

void server_tree::kill() {
  client_->close();
  link_->close();
  if (tree_.supervisor) {
    caf::anon_send<caf::message_priority::high>(
      caf::actor_cast<caf::actor>(tree_.supervisor),
      caf::exit_msg{caf::actor_addr{}, caf::exit_reason::kill});
  }
  *session_ = nullptr;
  tree_ = {};
}

void server_tree::stop(monotonic_time deadline, std::function<void()> stopped) {
  const auto what = std::make_shared<ending>(ending{tree_, client_, deadline, std::move(stopped)});
  system_.spawn([what](caf::event_based_actor* self) { stop_parts(self, what); });
}

} // namespace nats_mcp::simulation
