// SPDX-License-Identifier: MIT
#include "transport/engine/engine_launcher.hpp"

#include "transport/engine/engine_report.hpp"
#include "transport/engine/server_probe.hpp"
#include "transport/process/child_process.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <poll.h>
#include <unistd.h>

namespace nats_mcp::transport {

namespace {

using namespace std::chrono_literals;

/// A nats-server that lives greets within microseconds; this long it may be busy.
constexpr auto launch_greeting_max = 2000ms;
/// How often a start that somebody else does is looked at.
constexpr auto launch_look_interval = 10ms;
/// Wait before the first repeated start after losing the race, doubled up to the longest.
constexpr auto restart_delay_first = 100ms;
constexpr auto restart_delay_longest = 1000ms;
constexpr std::size_t report_bytes_max = 16 * 1024;
constexpr int report_target = 3;

error called_off() {
  return {ec::cancelled, "The wait for the local NATS engine was called off.", 0};
}

std::string numbered(const process_facts& process) {
  return process.name + ", process " + std::to_string(process.identity.pid);
}

error stopped_engine(const std::string& who, pid_t pid) {
  return {ec::nats_unreachable,
          "The local NATS engine is stopped: " + who
            + " exists but was suspended, as by SIGSTOP or Ctrl-Z. Let it go on with `kill -CONT "
            + std::to_string(pid) + "`, or end it with `nats-mcp-server local stop --force`.",
          0};
}

error ending_engine(const std::string& who, std::uint16_t port) {
  return {ec::not_found,
          "The local NATS engine (" + who + ") does not listen on port " + std::to_string(port)
            + " any more; it is ending, or another process has that port.",
          0};
}

child_options parent_command(const engine_options& options, const descriptor& report) {
  child_options command;
  command.executable = options.own_binary;
  command.arguments = {"local",
                       "run",
                       "--directory",
                       options.directory.string(),
                       "--server-binary",
                       options.server_binary.string(),
                       "--idle-end-ms",
                       std::to_string(options.idle_end.count()),
                       "--start-timeout-ms",
                       std::to_string(options.start_timeout.count()),
                       "--report-descriptor",
                       std::to_string(report_target)};
  // The parent outlives this client: it must not keep the client's secrets, nor its directory.
  command.environment.emplace();
  command.working_directory = options.directory;
  command.descriptors = {{report.number(), report_target}};
  return command;
}

/// Reads the parent's line. Absent when the patience ended first.
std::optional<engine_report> await_report(const descriptor& pipe, const patience& waiting) {
  std::string text;
  std::array<char, 1024> block{};
  while (waiting.lasts() && text.size() <= report_bytes_max) {
    pollfd entry{pipe.number(), POLLIN, 0};
    if (::poll(&entry, 1, static_cast<int>(launch_look_interval.count())) <= 0) {
      continue;
    }
    const auto count = ::read(pipe.number(), block.data(), block.size());
    if (count < 0 && errno == EINTR) {
      continue;
    }
    if (count > 0) {
      text.append(block.data(), static_cast<std::size_t>(count));
    }
    if (count <= 0 || text.find('\n') != std::string::npos) {
      return parse_report(text).value_or(engine_report{
        start_outcome::failed, "The parent of the local NATS engine ended without saying why."});
    }
  }
  return std::nullopt;
}

/// Starts one parent and hears how it went. Absent when the patience ended first.
result<std::optional<engine_report>> start_parent(const engine_options& options,
                                                  const patience& waiting) {
  auto pipe = make_pipe();
  if (!pipe) {
    return tl::make_unexpected(pipe.error());
  }
  if (auto started = start_detached(parent_command(options, pipe->write)); !started) {
    return tl::make_unexpected(started.error());
  }
  pipe->write.reset();
  return await_report(pipe->read, waiting);
}

/// Waits up to `delay` for the record of the winner of a race. Absent when it did not appear.
std::optional<engine_record> await_record(const engine_files& files, const patience& waiting,
                                          std::chrono::milliseconds delay) {
  const patience shorter{waiting.within(delay), waiting.stop};
  do {
    if (auto record = living_engine(files)) {
      return record;
    }
  } while (shorter.pause(launch_look_interval));
  return std::nullopt;
}

} // namespace

std::optional<engine_record> living_engine(const engine_files& files) {
  auto record = load_record(files);
  if (!record || condition_of(record->server) == process_condition::gone
      || condition_of(record->parent) == process_condition::gone) {
    return std::nullopt;
  }
  return record;
}

result<engine_endpoint> confirm_engine(const engine_record& record, const patience& waiting) {
  const auto pid = record.server.pid;
  const auto who = "nats-server, process " + std::to_string(pid) + ",";
  if (condition_of(record.server) == process_condition::stopped) {
    return tl::make_unexpected(stopped_engine(who, pid));
  }
  if (!owns_loopback_listener(record.server, record.port)) {
    return tl::make_unexpected(ending_engine(who, record.port));
  }
  const auto greeting =
    read_greeting(record.port, waiting.within(launch_greeting_max), waiting.stop);
  if (!greeting) {
    if (greeting.error().code == ec::cancelled) {
      return tl::make_unexpected(called_off());
    }
    if (condition_of(record.server) == process_condition::stopped) {
      return tl::make_unexpected(stopped_engine(who, pid));
    }
    // It listened before the greeting and may have ended during it.
    if (condition_of(record.parent) == process_condition::gone
        || !owns_loopback_listener(record.server, record.port)) {
      return tl::make_unexpected(ending_engine(who, record.port));
    }
    return fail(ec::nats_unreachable,
                "The local NATS engine (" + who + ") does not answer: " + greeting.error().message
                  + " End it with `nats-mcp-server local stop --force`; the next request starts it "
                    "again.");
  }
  return engine_endpoint{"nats://127.0.0.1:" + std::to_string(record.port),
                         record.token,
                         true,
                         record.port,
                         record.server,
                         greeting->version};
}

result<engine_endpoint> launch_engine(const engine_options& options, const patience& waiting) {
  const engine_files files{options.directory};
  std::chrono::milliseconds delay = restart_delay_first;
  while (waiting.lasts()) {
    if (const auto record = living_engine(files)) {
      if (auto endpoint = confirm_engine(*record, waiting);
          endpoint || endpoint.error().code != ec::not_found) {
        return endpoint;
      }
    }
    const auto report = start_parent(options, waiting);
    if (!report) {
      return tl::make_unexpected(report.error());
    }
    if (!*report) {
      break;
    }
    if ((*report)->outcome == start_outcome::failed) {
      return fail(ec::nats_unreachable,
                  (*report)->message + " The log is " + files.log().string()
                    + ". Set NATS_URL to use a NATS server that runs elsewhere.");
    }
    // After `ready` the record is there already; after `taken` it appears when the winner is ready.
    if (!await_record(files, waiting, delay)) {
      delay = std::min<std::chrono::milliseconds>(2 * delay, restart_delay_longest);
    }
  }
  return tl::make_unexpected(waiting.stop.stop_requested() ? called_off() : diagnose_engine(files));
}

error diagnose_engine(const engine_files& files) {
  auto holders = processes_with_open(files.engine_lock());
  if (const auto record = load_record(files)) {
    if (const auto parent = look_up(record->parent.pid);
        parent && parent->identity == record->parent) {
      holders.push_back(*parent);
    }
  }
  for (const auto& holder : holders) {
    if (holder.condition == process_condition::stopped) {
      return stopped_engine(numbered(holder) + ",", holder.identity.pid);
    }
  }
  if (holders.empty()) {
    return {
      ec::nats_unreachable,
      "The local NATS engine in " + files.directory().string()
        + " does not start in time and no process that can be seen from here holds its store; "
          "it may run in another container that shares this directory. Set NATS_URL to its "
          "server, or XDG_DATA_HOME to a directory of your own.",
      0};
  }
  return {ec::nats_unreachable,
          "The local NATS engine is still starting or ending (" + numbered(holders.front())
            + ", holds its store). Try again in a few seconds; if that does not help, see "
            + files.log().string() + " or end it with `nats-mcp-server local stop --force`.",
          0};
}

} // namespace nats_mcp::transport
