// SPDX-License-Identifier: MIT
#include "tests/simulation/world/server_tree.hpp"

#include "protocol/limits.hpp"

#include "transport/stdio/unanswered.hpp"

#include "actors/gateway/nats_gateway.hpp"

#include "tests/simulation/network/simulated_link.hpp"

#include <caf/actor_cast.hpp>
#include <caf/atom.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/exit_reason.hpp>
#include <caf/send.hpp>

#include <algorithm>
#include <utility>

namespace nats_mcp::simulation {

namespace {

/// The end of the input was taken, or there was patience enough.
using begin_atom = caf::atom_constant<caf::atom("begin")>;

/// An orderly end under way: what `serve` does (actors/main/serve_command.cpp), without waiting.
struct ending {
  server_system tree;
  std::shared_ptr<simulated_client> client;
  std::function<void()> stopped;
  monotonic_time deadline{};
  bool begun = false;
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
  if (std::exchange(what->begun, true)) {
    return;
  }
  what->deadline = self->clock().now() + limits::drain_max;
  const auto gone = [self, what] {
    transport::answer_for_dead_session(*what->client);
    transport::end_open_streams(*what->client);
    transport::answer_untaken(*what->client);
    what->stopped();
    self->quit();
  };
  const auto close = [self, what, gone] {
    ask_to_end<tree_stopped>(self, what->tree.supervisor, stop_tree{}, *what, gone);
  };
  const auto offline = [self, what, close] {
    ask_to_end<gateway_closed>(self, what->tree.gateway, close_gateway{what->deadline}, *what,
                               close);
  };
  const auto finished = [self, what, offline] {
    ask_to_end<goodbye_said>(self, what->tree.registry, say_goodbye{what->deadline}, *what,
                             offline);
  };
  ask_to_end<session_finished>(self, what->tree.session,
                               finish_session{what->deadline - limits::goodbye_reserve}, *what,
                               finished);
}

} // namespace

server_tree::server_tree(options choice)
  : system_{*choice.system} {
  simulated_client::options pipes;
  pipes.on_input = [session = session_] { caf::anon_send(*session, input_waiting{}); };
  pipes.on_drained = [session = session_] { caf::anon_send(*session, output_drained{}); };
  pipes.on_line = std::move(choice.on_line);
  client_ = std::make_shared<simulated_client>(std::move(pipes));
  const auto wired = std::make_shared<simulated_link>(choice.wires);
  network_process_ = wired->process();
  link_ = wired;
  if (choice.through) {
    link_ = choice.through(link_, choice.wires);
  }
  server_system_options parts;
  parts.configuration = std::move(choice.configuration);
  parts.link = client_;
  parts.server_version = "0";
  parts.world.wall_clock = [wires = choice.wires, skew = choice.skew] {
    return std::chrono::time_point_cast<std::chrono::milliseconds>(wires->civil_now()) + *skew;
  };
  parts.world.random = [bits = std::make_shared<dice>(choice.chance)] { return (*bits)(); };
  parts.world.probe = std::move(choice.probe);
  parts.process = std::move(choice.process);
  parts.on_event = std::move(choice.on_event);
  parts.on_end_of_input = [taken = on_end_] {
    if (*taken) {
      (*taken)();
    }
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
  *on_end_ = nullptr;
  tree_ = {};
}

void server_tree::stop(std::function<void()> stopped) {
  const auto what = std::make_shared<ending>(ending{tree_, client_, std::move(stopped)});
  const auto stopper = system_.spawn([what](caf::event_based_actor* self) -> caf::behavior {
    self->delayed_send(self, limits::end_of_input_patience, begin_atom::value);
    return {[self, what](begin_atom) { stop_parts(self, what); }};
  });
  *on_end_ = [stopper] { caf::anon_send(stopper, begin_atom::value); };
  client_->end();
}

} // namespace nats_mcp::simulation
