// SPDX-License-Identifier: MIT
#include "actors/main/coordinate_command.hpp"

#include "protocol/limits.hpp"
#include "protocol/limits/coordination.hpp"

#include "transport/http/http_server.hpp"
#include "transport/log/logger.hpp"
#include "transport/nats/connection.hpp"
#include "transport/signals/signal_thread.hpp"

#include "actors/gateway/nats_gateway.hpp"
#include "actors/http/http_actor.hpp"
#include "actors/io_worker.hpp"
#include "actors/main/actor_configuration.hpp"
#include "actors/main/connection_log.hpp"
#include "actors/main/exit_latch.hpp"
#include "actors/main/log_events.hpp"
#include "actors/main/nats_endpoint.hpp"
#include "actors/main/version.hpp"
#include "actors/main/watchdog.hpp"
#include "actors/system/coordinator_system.hpp"

#include <caf/actor_cast.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>

#include <memory>
#include <utility>

namespace nats_mcp {

namespace {

constexpr int not_served_exit = 1;
constexpr int unusable_configuration = 2;
constexpr auto http_part = "http";

void log_start(transport::logger& log, const config::loaded_configuration& loaded,
               const std::string& guid) {
  for (const auto& one : loaded.problems) {
    log.write(
      {logging::level::error, "configuration", "configuration.problem", config::to_text(one), {}});
  }
  if (loaded.problems.empty()) {
    log.write({logging::level::info,
               "coordinator",
               "coordinator.started",
               "This coordinator leads as soon as no other one does.",
               {{"version", std::string{version()}}, {"guid", guid}}});
  }
}

/// Says why it cannot be served. @returns the exit code that says so too.
int not_served(transport::logger& log, const error& why) {
  log.write({logging::level::error, http_part, "http.not_served", why.message, {}});
  return why.code == ec::configuration_invalid ? unusable_configuration : not_served_exit;
}

void log_serving(transport::logger& log, const http::address& where) {
  const auto url = "http://" + http::to_text(where) + "/";
  log.write({logging::level::info,
             http_part,
             "http.serving",
             "The page, /healthz, /readyz and /metrics are at " + url + ".",
             {{"url", url}}});
}

/// How the tree starts what answers at that door.
auto http_starter(std::shared_ptr<transport::http_door> door, runtime world) {
  return [door = std::move(door), world = std::move(world)](caf::local_actor* spawner,
                                                            const coordinator_system& parts) {
    http_actor_options given;
    given.child_id = http_part;
    given.door = door;
    given.overview = parts.overview;
    given.dead_letters = parts.dead_letters;
    given.world = world;
    return caf::actor_cast<caf::strong_actor_ptr>(spawn_http(spawner, std::move(given)));
  };
}

/// Asks a part to do something last and waits for so long; one that is down answers at once.
template <class Reply, class Handle, class Message>
void ask_last(caf::scoped_actor& self, const Handle& part, Message message,
              std::chrono::milliseconds patience) {
  self->request(part, patience, std::move(message))
    .receive(
      [](const Reply&) {
        // nop
      },
      [](const caf::error&) {
        // Down, or too slow: the stop goes on.
      });
}

/// Hands over, serves nobody any more, flushes, then ends every part in reverse.
void stop(caf::actor_system& system, const coordinator_system& tree, transport::http_door& door) {
  caf::scoped_actor self{system};
  ask_last<handed_over>(self, tree.coordinator, hand_over{}, limits::hand_over_max);
  door.close();
  const auto half = limits::coordinator_stop_max / 2;
  ask_last<gateway_closed>(self, tree.gateway,
                           close_gateway{std::chrono::steady_clock::now() + half}, half);
  ask_last<tree_stopped>(self, tree.supervisor, stop_tree{}, half);
}

transport::connection::options connection_options(const config::configuration& settings,
                                                  const process_environment& environment,
                                                  const runtime& world,
                                                  const std::shared_ptr<io_worker>& worker) {
  transport::connection::options where;
  where.source = make_endpoint_source(settings, environment, engine_start::never);
  where.random = world.random;
  where.inbox_prefix = settings.nats.inbox_prefix;
  where.before_waiting = [worker](std::size_t reports) { worker->run(reports); };
  return where;
}

} // namespace

int coordinate(const process_environment& environment, const coordinate_options& choice) {
  transport::prepare_signals();
  exit_latch ended;
  watchdog last_resort;
  auto world = real_world();
  const auto loaded =
    std::make_shared<const config::loaded_configuration>(load_configuration(environment));
  const auto log = make_logger(loaded->value, world);
  world.unreadable = tell_of_strangers(log);
  const auto guid = make_uuid(world.random);
  log_start(*log, *loaded, guid);
  if (!loaded->problems.empty()) {
    return unusable_configuration;
  }

  // Destroyed in reverse: threads that may call an actor end before the actor system does.
  actor_configuration configuration;
  caf::actor_system system{configuration};
  // Shared with the thread it belongs to: an actor may be the last to let go of that.
  const auto nats_worker = std::make_shared<io_worker>(system);
  const auto connection = std::make_shared<transport::connection>(
    connection_options(loaded->value, environment, world, nats_worker));
  // Before anything connects: who cannot be looked at as wished does not begin to lead.
  const auto door = std::make_shared<transport::http_door>(guid);
  std::unique_ptr<transport::http_server> server;
  if (choice.http) {
    auto started = transport::http_server::start(
      {*choice.http, {loaded->value.http_token, choice.http_host_names}, door});
    if (!started) {
      nats_worker->stop();
      return not_served(*log, started.error());
    }
    server = std::move(*started);
    log_serving(*log, server->where());
  }

  coordinator_system_options options;
  options.configuration = loaded;
  options.guid = guid;
  options.host = environment.hostname;
  options.assign_timeout = choice.assign_timeout;
  options.world = world;
  options.on_event = [log](const supervision_event& event) { log->write(log_event_of(event)); };
  options.on_leadership = [log](const logging::event& event) { log->write(event); };
  if (server) {
    options.start_http = http_starter(door, world);
  }
  const auto connection_log = spawn_connection_log(system, log);
  options.start_gateway = [connection, world, connection_log](caf::local_actor* spawner,
                                                              const checkpoint& last,
                                                              const supervisor_actor& supervisor) {
    const auto gateway =
      spawn_nats_gateway(spawner, {connection, world.random}, last, supervisor, world.probe);
    caf::anon_send(gateway, observe_connection{connection_log});
    return caf::actor_cast<caf::strong_actor_ptr>(gateway);
  };
  const auto tree = start_coordinator_system(system, std::move(options));
  transport::signal_thread signals{[&](transport::termination_signal) {
    last_resort.arm(limits::coordinator_exit_max);
    ended.post(exit_reason::signal);
  }};

  (void)ended.wait(limits::end_of_input_patience);
  stop(system, tree, *door);
  caf::anon_send_exit(connection_log, caf::exit_reason::user_shutdown);
  nats_worker->stop();
  return 0;
}

} // namespace nats_mcp
