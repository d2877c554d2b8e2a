// SPDX-License-Identifier: MIT
#include "actors/main/serve_command.hpp"

#include "protocol/limits.hpp"

#include "transport/log/logger.hpp"
#include "transport/nats/connection.hpp"
#include "transport/signals/signal_thread.hpp"
#include "transport/stdio/client_link.hpp"
#include "transport/stdio/protocol_streams.hpp"
#include "transport/stdio/unanswered.hpp"

#include "actors/gateway/nats_gateway.hpp"
#include "actors/io_worker.hpp"
#include "actors/main/actor_configuration.hpp"
#include "actors/main/connection_log.hpp"
#include "actors/main/exit_latch.hpp"
#include "actors/main/log_events.hpp"
#include "actors/main/nats_endpoint.hpp"
#include "actors/main/version.hpp"
#include "actors/main/watchdog.hpp"
#include "actors/system/server_system.hpp"

#include <caf/actor_cast.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>

#include <algorithm>
#include <iostream>
#include <memory>

namespace nats_mcp {

namespace {

using namespace std::chrono_literals;
using clock = std::chrono::steady_clock;

/// Asks a part to end and waits at most until shortly after `deadline`. A part that is down answers
/// with an error at once; either way the stop goes on.
/// @returns whether it did.
template <class Reply, class Handle, class Message>
bool ask_to_end(caf::scoped_actor& self, const Handle& part, Message message,
                clock::time_point deadline) {
  const auto patience = std::max<clock::duration>(deadline - clock::now(), 0ms) + 100ms;
  bool ended = false;
  self->request(part, patience, std::move(message))
    .receive([&](const Reply&) { ended = true; }, [](const caf::error&) {});
  return ended;
}

/// Stops the tree: answers what is in flight by `deadline`, says offline, flushes, then ends every
/// part in reverse. @param hurry says offline first: whoever sent a signal kills soon.
void stop(caf::actor_system& system, const server_system& tree, transport::client_link& link,
          clock::time_point deadline, bool hurry) {
  caf::scoped_actor self{system};
  const auto say_offline = [&] {
    (void)ask_to_end<goodbye_said>(self, tree.registry, say_goodbye{deadline}, deadline);
  };
  if (hurry) {
    say_offline();
  }
  // A call that waits for news would take all the time there is.
  const auto finished_by = hurry ? deadline : deadline - limits::goodbye_reserve;
  (void)ask_to_end<session_finished>(self, tree.session, finish_session{finished_by}, finished_by);
  (void)link.flush(finished_by);
  if (!hurry) {
    say_offline();
  }
  (void)ask_to_end<gateway_closed>(self, tree.gateway, close_gateway{deadline}, deadline);
  if (ask_to_end<tree_stopped>(self, tree.supervisor, stop_tree{}, deadline)) {
    // What a session that was down left behind; what is written here is small and goes out at once.
    transport::answer_for_dead_session(link);
    transport::end_open_streams(link);
    transport::answer_untaken(link);
  }
  (void)link.flush(deadline);
}

std::shared_ptr<transport::connection> make_connection(const config::configuration& settings,
                                                       const process_environment& environment,
                                                       const runtime& world,
                                                       std::shared_ptr<io_worker> worker) {
  transport::connection::options choice;
  choice.source = make_endpoint_source(settings, environment, engine_start::if_needed);
  choice.random = world.random;
  choice.inbox_prefix = settings.nats.inbox_prefix;
  choice.before_waiting = [worker = std::move(worker)](std::size_t reports) {
    worker->run(reports);
  };
  return std::make_shared<transport::connection>(std::move(choice));
}

} // namespace

int serve(const process_environment& environment) {
  auto streams = transport::take_protocol_streams();
  if (!streams) {
    std::cerr << streams.error().message << '\n';
    return 1;
  }
  transport::prepare_signals();
  exit_latch ended;
  watchdog last_resort;
  auto world = real_world();
  const auto loaded =
    std::make_shared<const config::loaded_configuration>(load_configuration(environment));
  const auto log = make_logger(loaded->value, world);
  world.unreadable = tell_of_strangers(log);
  log_start(*log, *loaded);

  // Destroyed in reverse: threads that may call an actor end before the actor system does.
  actor_configuration configuration;
  caf::actor_system system{configuration};
  // Shared with the threads they belong to: an actor may be the last to let go of those.
  const auto client_worker = std::make_shared<io_worker>(system);
  const auto nats_worker = std::make_shared<io_worker>(system);
  const auto connection = make_connection(loaded->value, environment, world, nats_worker);
  const auto session = std::make_shared<session_actor>();
  transport::client_link::options pipes;
  pipes.input = streams->input.number();
  pipes.output = streams->output.number();
  pipes.on_input = [session] { send_from_outside(*session, input_waiting{}); };
  pipes.on_drained = [session] { send_from_outside(*session, output_drained{}); };
  pipes.before_waiting = [client_worker](std::size_t lines) { client_worker->run(lines); };
  pipes.on_end = [&ended] { ended.post(exit_reason::client_gone); };
  const auto link = std::make_shared<transport::client_link>(std::move(pipes));

  server_system_options options;
  options.configuration = loaded;
  options.link = link;
  options.server_version = std::string{version()};
  options.process = make_process_identity(environment, world.random);
  options.world = world;
  options.on_event = [log](const supervision_event& event) { log->write(log_event_of(event)); };
  options.on_end_of_input = [&ended] { ended.post(exit_reason::end_of_input); };
  const auto connection_log = spawn_connection_log(system, log);
  options.start_gateway = [connection, world, connection_log](caf::local_actor* spawner,
                                                              const checkpoint& last,
                                                              const supervisor_actor& supervisor) {
    const auto gateway =
      spawn_nats_gateway(spawner, {connection, world.random}, last, supervisor, world.probe);
    caf::anon_send(gateway, observe_connection{connection_log});
    return caf::actor_cast<caf::strong_actor_ptr>(gateway);
  };
  auto tree = start_server_system(system, std::move(options));
  *session = tree.session;
  transport::signal_thread signals{[&](transport::termination_signal) {
    last_resort.arm(limits::signal_exit_max);
    ended.post(exit_reason::signal);
  }};
  link->start();

  const auto reason = ended.wait(limits::end_of_input_patience);
  const auto by_signal = reason == exit_reason::signal;
  last_resort.arm(by_signal ? limits::signal_exit_max : limits::shutdown_max);
  link->stop_reading();
  stop(system, tree, *link,
       clock::now() + (by_signal ? limits::signal_flush_max : limits::drain_max), by_signal);
  caf::anon_send_exit(connection_log, caf::exit_reason::user_shutdown);
  client_worker->stop();
  nats_worker->stop();
  return 0;
}

} // namespace nats_mcp
