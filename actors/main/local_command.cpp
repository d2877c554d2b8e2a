// SPDX-License-Identifier: MIT
#include "actors/main/local_command.hpp"

#include "protocol/text.hpp"

#include "transport/engine/engine_control.hpp"
#include "transport/engine/engine_files.hpp"
#include "transport/engine/engine_parent.hpp"
#include "transport/engine/engine_report.hpp"
#include "transport/process/descriptor.hpp"

#include <iostream>
#include <memory>
#include <unistd.h>

namespace nats_mcp {

namespace {

using namespace transport;

constexpr const char* exit_codes =
  "Exit codes: 0 done (status: the engine runs), 1 failed, 3 no engine runs (run: another engine "
  "has the store), 4 the engine is suspended, starting or ending, 5 in use (stop without --force).";

/// What the command line may change about the defaults.
struct local_arguments {
  engine_environment environment;
  std::string directory;
  std::string server_binary;
  std::int64_t idle_end_ms = 0;
  std::int64_t start_timeout_ms = 0;
  int report_descriptor = -1;
  bool force = false;
};

result<engine_options> options_from(const local_arguments& arguments) {
  auto options = default_engine_options(arguments.environment);
  if (!options) {
    return options;
  }
  if (!arguments.directory.empty()) {
    options->directory = std::filesystem::absolute(arguments.directory);
  }
  if (!arguments.server_binary.empty()) {
    options->server_binary = std::filesystem::absolute(arguments.server_binary);
  }
  if (arguments.idle_end_ms > 0) {
    options->idle_end = std::chrono::milliseconds{arguments.idle_end_ms};
  }
  if (arguments.start_timeout_ms > 0) {
    options->start_timeout = std::chrono::milliseconds{arguments.start_timeout_ms};
  }
  return options;
}

local_exit complain(const error& reason) {
  std::cerr << reason.message << '\n';
  return local_exit::failure;
}

std::string seconds_text(std::chrono::milliseconds duration) {
  return std::to_string(duration.count() / 1000) + " s";
}

// -- run -----------------------------------------------------------------------------------------

/// Tells the client that started us, if one did, and is silent afterwards.
class reporter {
public:
  explicit reporter(int number)
    : pipe_(number) {}

  [[nodiscard]] bool somebody_listens() const noexcept { return static_cast<bool>(pipe_); }

  void say(start_outcome outcome, const std::string& message) {
    const auto line = write_report({outcome, message});
    // The client may be gone by now; the engine does not need it.
    [[maybe_unused]] const auto written = ::write(pipe_.number(), line.data(), line.size());
    pipe_.reset();
  }

private:
  descriptor pipe_;
};

local_exit run(const engine_options& options, const local_arguments& arguments) {
  reporter client{arguments.report_descriptor};
  const auto ended = run_engine(options, [&](std::uint16_t port) {
    if (client.somebody_listens()) {
      client.say(start_outcome::ready, "");
    } else {
      std::cout << "The local NATS engine answers at nats://127.0.0.1:" << port
                << " and ends when nobody has used it for " << seconds_text(options.idle_end)
                << ", or at Ctrl-C. Its store is "
                << engine_files{options.directory}.store().string() << ".\n"
                << std::flush;
    }
  });
  if (!ended) {
    if (client.somebody_listens()) {
      client.say(start_outcome::failed, ended.error().message);
    }
    return complain(ended.error());
  }
  if (*ended == engine_end::already_running) {
    if (client.somebody_listens()) {
      client.say(start_outcome::taken, "");
    } else {
      std::cerr << "Another local NATS engine has the store in " << options.directory.string()
                << "; see `nats-mcp-server local status`.\n";
    }
    return local_exit::no_engine;
  }
  return local_exit::success;
}

// -- start, stop, status ------------------------------------------------------------------------

local_exit start(const engine_options& options, const local_arguments&) {
  const auto endpoint =
    start_engine(options, {std::chrono::steady_clock::now() + options.start_timeout, {}});
  if (!endpoint) {
    return complain(endpoint.error());
  }
  std::cout << "The local NATS engine runs at " << endpoint->url << " (nats-server, process "
            << endpoint->server.pid << "). It ends when nobody has used it for "
            << seconds_text(options.idle_end) << ".\n";
  return local_exit::success;
}

local_exit stop(const engine_options& options, const local_arguments& arguments) {
  const auto stopped =
    stop_engine(options, arguments.force ? stop_policy::in_any_case : stop_policy::if_unused);
  if (!stopped) {
    complain(stopped.error());
    return stopped.error().code == ec::conflict ? local_exit::in_use : local_exit::failure;
  }
  if (stopped->condition == engine_condition::not_running) {
    std::cout << "No local NATS engine runs.\n";
  } else {
    std::cout << "The local NATS engine (nats-server, process " << stopped->server
              << ") has ended; its messages are kept in " << options.directory.string() << ".\n";
  }
  return local_exit::success;
}

void print_users(const engine_status& status) {
  if (status.users.empty()) {
    std::cout << "Nobody uses it.\n";
    return;
  }
  std::cout << "Used by:\n";
  for (const auto& user : status.users) {
    std::cout << "  process " << user.identity.pid << ", " << one_line(user.name)
              << (user.condition == process_condition::stopped ? " (suspended)" : "") << '\n';
  }
}

local_exit status(const engine_options& options, const local_arguments&) {
  const auto found = engine_state(options);
  const auto server = "nats-server, process " + std::to_string(found.server);
  switch (found.condition) {
    case engine_condition::not_running:
      std::cout << "No local NATS engine runs; the first request that needs NATS starts it. Its "
                   "directory is "
                << options.directory.string() << ".\n";
      return local_exit::no_engine;
    case engine_condition::changing:
      std::cout << "The local NATS engine is starting or ending (" << server << ").\n";
      return local_exit::not_usable;
    case engine_condition::stopped:
      std::cout << "The local NATS engine is suspended (" << server
                << "): let it go on with `kill -CONT " << found.server
                << "`, or end it with `nats-mcp-server local stop --force`.\n";
      return local_exit::not_usable;
    case engine_condition::not_answering:
      std::cout << "The local NATS engine does not answer (" << server
                << "): end it with `nats-mcp-server local stop --force`.\n";
      return local_exit::not_usable;
    case engine_condition::running:
      break;
  }
  std::cout << "The local NATS engine runs at nats://127.0.0.1:" << found.port << " (" << server
            << ", version " << found.version << "). Its directory is " << options.directory.string()
            << ".\n";
  print_users(found);
  return local_exit::success;
}

using local_function = local_exit (*)(const engine_options&, const local_arguments&);

/// One command: decodes the options, does it, leaves the code.
CLI::App* add_command(CLI::App& group, const char* name, const char* what,
                      const std::shared_ptr<local_arguments>& arguments, int& exit_code,
                      local_function function) {
  auto* command = group.add_subcommand(name, what);
  command->add_option("--directory", arguments->directory,
                      "Where the engine lives, instead of $XDG_DATA_HOME/nats-mcp");
  command->callback([arguments, &exit_code, function] {
    const auto options = options_from(*arguments);
    exit_code =
      static_cast<int>(options ? function(*options, *arguments) : complain(options.error()));
  });
  return command;
}

void add_engine_settings(CLI::App& command, local_arguments& arguments) {
  command.add_option("--server-binary", arguments.server_binary,
                     "The nats-server to start, instead of the installed one");
  command
    .add_option("--idle-end-ms", arguments.idle_end_ms,
                "End the engine when nobody has used it for so long (60000)")
    ->check(CLI::PositiveNumber);
  command
    .add_option("--start-timeout-ms", arguments.start_timeout_ms,
                "Give up when nats-server does not answer within this (30000)")
    ->check(CLI::PositiveNumber);
}

} // namespace

void add_local_commands(CLI::App& program, engine_environment environment, int& exit_code) {
  // The callbacks live as long as `program` does, and so must what they write to.
  auto arguments = std::make_shared<local_arguments>();
  arguments->environment = std::move(environment);
  auto* local = program.add_subcommand(
    "local", "The NATS server that is started for you when NATS_URL is not set");
  local->require_subcommand(1);
  local->footer(exit_codes);
  auto* run_command =
    add_command(*local, "run", "Run the engine here, in the foreground", arguments, exit_code, run);
  add_engine_settings(*run_command, *arguments);
  // For the client that starts an engine; of no use to a human.
  run_command->add_option("--report-descriptor", arguments->report_descriptor)->group("");
  auto* start_command =
    add_command(*local, "start", "Start the engine in the background", arguments, exit_code, start);
  add_engine_settings(*start_command, *arguments);
  auto* stop_command = add_command(*local, "stop", "End the engine", arguments, exit_code, stop);
  stop_command->add_flag("--force", arguments->force,
                         "End it although processes use it, and kill it if it does not obey");
  add_command(*local, "status", "Say how the engine is and who uses it", arguments, exit_code,
              status);
}

} // namespace nats_mcp
