// SPDX-License-Identifier: MIT
#include "transport/engine/engine_control.hpp"

#include "transport/engine/engine_client.hpp"
#include "transport/engine/engine_launcher.hpp"
#include "transport/engine/server_probe.hpp"

#include <algorithm>
#include <signal.h>

namespace nats_mcp::transport {

namespace {

using namespace std::chrono_literals;

constexpr auto control_greeting_max = 1000ms;
constexpr auto control_look_interval = 10ms;
constexpr auto kill_max = 2000ms;
/// The parent's time beyond nats-server's own.
constexpr auto parent_margin = 1000ms;

patience for_at_most(std::chrono::milliseconds duration) {
  return {std::chrono::steady_clock::now() + duration, {}};
}

/// Who has to end before the store is free: the engine's parent, which ends nats-server in order,
/// and whoever holds the store.
std::vector<process_identity> engine_processes(const engine_files& files) {
  std::vector<process_identity> found;
  if (const auto record = load_record(files);
      record && condition_of(record->parent) != process_condition::gone) {
    found.push_back(record->parent);
  }
  for (const auto& holder : processes_with_open(files.engine_lock())) {
    found.push_back(holder.identity);
  }
  return found;
}

bool wait_until_gone(const std::vector<process_identity>& processes, const patience& waiting) {
  const auto gone = [](const process_identity& process) {
    return condition_of(process) == process_condition::gone;
  };
  do {
    if (std::all_of(processes.begin(), processes.end(), gone)) {
      return true;
    }
  } while (waiting.pause(control_look_interval));
  return false;
}

error in_use(const std::vector<process_facts>& users) {
  std::string names;
  for (const auto& user : users) {
    names += (names.empty() ? "" : ", ") + user.name + " (process "
             + std::to_string(user.identity.pid) + ")";
  }
  return {
    ec::conflict,
    "The local NATS engine was not ended: " + std::to_string(users.size())
      + (users.size() == 1 ? " process uses it: " : " processes use it: ") + names
      + ". Close them first, or repeat with --force; they start it again at their next request.",
    0};
}

} // namespace

engine_status engine_state(const engine_options& options) {
  const engine_files files{options.directory};
  engine_status status;
  const auto holders = processes_with_open(files.engine_lock());
  const auto record = living_engine(files);
  for (auto& user : processes_with_open(files.users_lock())) {
    if (!record || user.identity != record->parent) {
      status.users.push_back(std::move(user));
    }
  }
  if (!record) {
    if (!holders.empty()) {
      const auto stopped = std::any_of(holders.begin(), holders.end(), [](const auto& holder) {
        return holder.condition == process_condition::stopped;
      });
      status.condition = stopped ? engine_condition::stopped : engine_condition::changing;
      status.server = holders.front().identity.pid;
    }
    return status;
  }
  status.port = record->port;
  status.server = record->server.pid;
  status.parent = record->parent.pid;
  if (condition_of(record->server) == process_condition::stopped) {
    status.condition = engine_condition::stopped;
    return status;
  }
  status.condition = engine_condition::not_answering;
  if (owns_loopback_listener(record->server, record->port)) {
    const auto deadline = std::chrono::steady_clock::now() + control_greeting_max;
    if (const auto greeting = read_greeting(record->port, deadline, {})) {
      status.condition = engine_condition::running;
      status.version = greeting->version;
    }
  }
  return status;
}

result<engine_endpoint> start_engine(const engine_options& options, const patience& waiting) {
  if (options.use == local_engine_use::never) {
    return fail(ec::nats_unreachable, "The local NATS engine is not started: NATS_MCP_LOCAL=never "
                                      "forbids it.");
  }
  engine_client client{options};
  return client.own_engine(waiting);
}

result<engine_status> stop_engine(const engine_options& options, stop_policy policy) {
  const engine_files files{options.directory};
  const auto before = engine_state(options);
  const auto processes = engine_processes(files);
  if (processes.empty()) {
    return before;
  }
  if (policy == stop_policy::if_unused && !before.users.empty()) {
    return tl::make_unexpected(in_use(before.users));
  }
  // Asking the first is enough when it is the parent; a stopped process must run to obey.
  signal_process(processes.front(), SIGTERM);
  signal_process(processes.front(), SIGCONT);
  if (wait_until_gone(processes, for_at_most(options.end_grace + parent_margin))) {
    return before;
  }
  if (policy == stop_policy::in_any_case) {
    for (const auto& process : processes) {
      signal_process(process, SIGKILL);
    }
    if (wait_until_gone(processes, for_at_most(kill_max))) {
      return before;
    }
  }
  return fail(ec::timeout, "The local NATS engine was asked to end and did not within "
                             + std::to_string((options.end_grace + parent_margin).count())
                             + " ms (process " + std::to_string(processes.front().pid)
                             + "). Repeat with --force to kill it.");
}

} // namespace nats_mcp::transport
