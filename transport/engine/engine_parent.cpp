// SPDX-License-Identifier: MIT
#include "transport/engine/engine_parent.hpp"

#include "transport/engine/engine_endpoint.hpp"
#include "transport/engine/engine_log.hpp"
#include "transport/engine/engine_record.hpp"
#include "transport/engine/server_probe.hpp"
#include "transport/process/child_process.hpp"
#include "transport/process/ports_file.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <optional>
#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <unistd.h>

namespace nats_mcp::transport {

namespace {

using namespace std::chrono_literals;

constexpr auto start_poll_interval = 3ms;
constexpr auto parent_greeting_max = 1000ms;
constexpr auto users_look_shortest = 5ms;
constexpr auto users_look_longest = 1000ms;
constexpr std::size_t ports_file_bytes_max = 16 * 1024;
/// Any number: nats-server only has to keep it open.
constexpr int lock_target = 3;

monotonic_time now() { return std::chrono::steady_clock::now(); }

/// The signals that ask for an end arrive through a descriptor from here on.
result<descriptor> catch_end_signals() {
  sigset_t wanted;
  ::sigemptyset(&wanted);
  for (const int number : {SIGTERM, SIGINT, SIGHUP}) {
    ::sigaddset(&wanted, number);
  }
  ::sigprocmask(SIG_BLOCK, &wanted, nullptr);
  ::signal(SIGPIPE, SIG_IGN);
  descriptor signals{::signalfd(-1, &wanted, SFD_CLOEXEC | SFD_NONBLOCK)};
  if (!signals) {
    return tl::make_unexpected(system_failure("Cannot listen for signals", errno));
  }
  return signals;
}

class engine_run {
public:
  engine_run(const engine_options& options, engine_log log, descriptor signals, descriptor lock)
    : options_(options)
    , files_(options.directory)
    , log_(std::move(log))
    , signals_(std::move(signals))
    , lock_(std::move(lock)) {}

  result<engine_end> run(const std::function<void(std::uint16_t)>& ready) {
    if (auto started = start_server(); !started) {
      return tl::make_unexpected(started.error());
    }
    auto port = await_port();
    if (!port) {
      return end_with(tl::make_unexpected(port.error()));
    }
    if (!*port) {
      return end_with(engine_end::asked);
    }
    record_.port = **port;
    if (auto written = replace_file(files_.record(), write_record(record_)); !written) {
      return end_with(tl::make_unexpected(written.error()));
    }
    log_.note("The local engine answers on port " + std::to_string(record_.port) + ".");
    ready(record_.port);
    return end_with(serve());
  }

private:
  result<void> start_server() {
    std::error_code failure;
    std::filesystem::remove(files_.record(), failure);
    std::filesystem::remove_all(files_.ports(), failure);
    std::filesystem::create_directory(files_.ports(), failure);
    auto token = make_token();
    if (!token) {
      return tl::make_unexpected(token.error());
    }
    record_.token = *token;
    if (auto written =
          replace_file(files_.server_configuration(), server_configuration(files_, *token));
        !written) {
      return written;
    }
    child_options command;
    command.executable = options_.server_binary;
    command.arguments = {"--config", files_.server_configuration().string(), "--ports_file_dir",
                         files_.ports().string()};
    command.working_directory = files_.directory();
    command.descriptors = {{log_.number(), STDOUT_FILENO},
                           {log_.number(), STDERR_FILENO},
                           {lock_.number(), lock_target}};
    command.session = child_session::own;
    command.parent_death_signal = SIGTERM;
    auto started = child_process::start(command);
    if (!started) {
      return tl::make_unexpected(started.error());
    }
    server_.emplace(std::move(*started));
    // From here on nats-server alone holds the lock.
    lock_.reset();
    const auto server = look_up(server_->pid());
    const auto self = look_up(::getpid());
    if (!server || !self) {
      return fail(ec::system_error,
                  "The local NATS engine needs /proc, which cannot be read here.");
    }
    record_.server = server->identity;
    record_.parent = self->identity;
    return {};
  }

  /// Until the server greets on the port it chose. No port: a signal asked for the end.
  result<std::optional<std::uint16_t>> await_port() {
    const auto ports = files_.ports() / ports_file_name(options_.server_binary, server_->pid());
    const auto deadline = now() + options_.start_timeout;
    while (now() < deadline) {
      switch (wait(start_poll_interval)) {
        case event::signal:
          return std::nullopt;
        case event::server_ended:
          return fail(ec::nats_unreachable, "The local NATS engine did not start: nats-server "
                                              + ended_text()
                                              + "; its last words: " + log_.last_line() + ".");
        case event::time:
          break;
      }
      const auto text = read_small_file(ports, ports_file_bytes_max);
      const auto port = text ? client_port(*text) : std::nullopt;
      if (port && owns_loopback_listener(record_.server, *port)) {
        const auto greeting =
          read_greeting(*port, std::min(deadline, now() + parent_greeting_max), {});
        if (greeting && greeting->jetstream) {
          return port;
        }
      }
    }
    return fail(ec::nats_unreachable,
                "The local NATS engine did not answer within "
                  + std::to_string(options_.start_timeout.count())
                  + " ms after its start; nats-server's last words: " + log_.last_line() + ".");
  }

  /// Until nobody uses the engine, somebody wants it to end, or it has ended.
  result<engine_end> serve() {
    const auto interval = std::clamp<std::chrono::milliseconds>(
      options_.idle_end / 10, users_look_shortest, users_look_longest);
    std::optional<monotonic_time> unused_since;
    for (;;) {
      switch (wait(interval)) {
        case event::signal:
          return engine_end::asked;
        case event::server_ended:
          return fail(ec::nats_unreachable, "The local NATS engine has ended: nats-server "
                                              + ended_text()
                                              + "; the next request that needs NATS starts it.");
        case event::time:
          break;
      }
      log_.keep_bounded();
      auto nobody = take_lock(files_.users_lock(), lock_kind::exclusive);
      if (!nobody && nobody.error().code == ec::busy) {
        unused_since.reset();
        continue;
      }
      // A lock that cannot even be opened has no new users either: somebody removed the directory.
      unused_since = unused_since.value_or(now());
      if (now() - *unused_since >= options_.idle_end) {
        // Kept until this process is gone: a client that comes now waits, and starts a new engine.
        no_users_ = std::move(nobody).value_or(descriptor{});
        return engine_end::idle;
      }
    }
  }

  enum class event { time, signal, server_ended };

  event wait(std::chrono::milliseconds interval) {
    std::array<pollfd, 2> entries{
      {{signals_.number(), POLLIN, 0}, {server_->exit_descriptor(), POLLIN, 0}}};
    if (::poll(entries.data(), entries.size(), static_cast<int>(interval.count())) <= 0) {
      return event::time;
    }
    return entries[0].revents != 0 ? event::signal : event::server_ended;
  }

  /// The record goes first, so that nobody is sent to a server that is ending.
  result<engine_end> end_with(result<engine_end> outcome) {
    remove_own_record();
    const auto status = server_->end(SIGTERM, options_.end_grace);
    log_.note((outcome ? "The local engine was ended" : outcome.error().message) + " (nats-server "
              + to_string(status) + ").");
    return outcome;
  }

  /// Another parent may have started another engine as soon as nats-server was gone: then the lock
  /// is taken, and the record is not ours to remove.
  void remove_own_record() {
    result<descriptor> lock{};
    if (server_->wait_until(now())) {
      lock = take_lock(files_.engine_lock(), lock_kind::exclusive);
    }
    if (!lock) {
      return;
    }
    std::error_code failure;
    if (load_record(files_) == record_) {
      std::filesystem::remove(files_.record(), failure);
    }
  }

  std::string ended_text() {
    return to_string(server_->wait_until(monotonic_time::max()).value_or(exit_status{}));
  }

  const engine_options& options_;
  engine_files files_;
  engine_log log_;
  descriptor signals_;
  descriptor lock_;
  descriptor no_users_;
  engine_record record_;
  std::optional<child_process> server_;
};

} // namespace

result<engine_end> run_engine(const engine_options& options,
                              const std::function<void(std::uint16_t)>& ready) {
  const engine_files files{options.directory};
  ::umask(077);
  if (options.server_binary.empty()) {
    return fail(ec::nats_unreachable,
                "The local NATS engine cannot be started because the program nats-server is not "
                "installed: install it with `apt-get install nats-server`.");
  }
  if (auto prepared = files.prepare(); !prepared) {
    return tl::make_unexpected(prepared.error());
  }
  auto lock = take_lock(files.engine_lock(), lock_kind::exclusive);
  if (!lock) {
    if (lock.error().code == ec::busy) {
      return engine_end::already_running;
    }
    return tl::make_unexpected(lock.error());
  }
  auto signals = catch_end_signals();
  auto log = engine_log::open(files);
  if (!signals || !log) {
    return tl::make_unexpected(signals ? log.error() : signals.error());
  }
  engine_run run{options, std::move(*log), std::move(*signals), std::move(*lock)};
  return run.run(ready);
}

} // namespace nats_mcp::transport
