// SPDX-License-Identifier: MIT
// The program `nats-mcp-server`: reads the environment, chooses the command, hands back its exit
// code. Without a command it is the MCP server.
#include "protocol/text.hpp"

#include "actors/main/apply_command.hpp"
#include "actors/main/demo_command.hpp"
#include "actors/main/doctor_command.hpp"
#include "actors/main/local_command.hpp"
#include "actors/main/nats_endpoint.hpp"
#include "actors/main/process_environment.hpp"
#include "actors/main/serve_command.hpp"
#include "actors/main/version.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <array>
#include <iostream>
#include <malloc.h>
#include <string>
#include <string_view>

namespace {

using namespace nats_mcp;

constexpr auto footer =
  "Without a command this is an MCP server on standard input and output; an MCP client starts it:\n"
  "  claude mcp add nats-mcp -- nats-mcp-server\n"
  "Settings come from the environment (NATS_URL, LOG_LEVEL …), .mcp-config.json of the project "
  "and\n"
  "~/.nats-mcp/config.json; `nats-mcp-server doctor` shows which are in force.\n"
  "Exit codes: 0 the client or a signal ended it, 1 could not start, 2 wrong usage.\n";

/// The command line cannot be understood.
constexpr int usage_error = 2;
/// Each further heap of the allocator costs memory; our threads take turns more than they compete.
constexpr int allocator_arenas_max = 2;

constexpr std::array<std::string_view, 4> command_names{"doctor", "apply", "demo", "local"};
constexpr std::array<std::string_view, 4> local_command_names{"run", "start", "stop", "status"};

/// @returns whether `given` is an option or one of `names`; says what there is if it is neither.
template <std::size_t Count>
bool is_known(std::string_view given, std::string_view before,
              const std::array<std::string_view, Count>& names) {
  if (given.starts_with('-') || std::find(names.begin(), names.end(), given) != names.end()) {
    return true;
  }
  std::string list;
  for (const auto name : names) {
    list += (list.empty() ? "" : ", ") + std::string{before} + std::string{name};
  }
  std::cerr << "Unknown command \"" << before << one_line(given) << "\". Commands: " << list
            << ". See nats-mcp-server " << before << "--help.\n";
  return false;
}

/// What is wrong, and what may be said instead: the help of the command that was meant.
int refuse(const CLI::App& program, const CLI::ParseError& wrong) {
  const auto* meant = &program;
  while (!meant->get_subcommands().empty()) {
    meant = meant->get_subcommands().front();
  }
  std::cerr << one_line(wrong.what()) << "\n\n" << meant->help();
  return usage_error;
}

void add_doctor(CLI::App& program, const process_environment& environment, int& exit_code) {
  auto* command = program.add_subcommand(
    "doctor", "Check configuration, NATS, JetStream, permissions, clocks and versions");
  command->footer("Changes nothing. Exit codes: 0 everything works, 1 something does not.");
  command->callback([&] { exit_code = static_cast<int>(run_doctor(environment)); });
}

void add_apply(CLI::App& program, const process_environment& environment, int& exit_code) {
  auto* command = program.add_subcommand(
    "apply", "Give what exists in NATS the configured settings, after saying what that deletes");
  static bool yes = false;
  command->add_flag("--yes", yes, "Do not ask");
  command->footer("Exit codes: 0 everything is as configured now, 1 failed, 3 not confirmed.");
  command->callback([&] {
    const auto confirmed = yes ? confirmation_given::yes : confirmation_given::no;
    exit_code = static_cast<int>(run_apply(environment, confirmed));
  });
}

void add_demo(CLI::App& program, const process_environment& environment, int& exit_code) {
  auto* command =
    program.add_subcommand("demo", "Let two agents talk through two processes of this program");
  command->footer("Exit codes: 0 every step worked, 1 one did not.");
  command->callback([&] { exit_code = run_demo(environment); });
}

} // namespace

int main(int argument_count, char** arguments) {
  ::mallopt(M_ARENA_MAX, allocator_arenas_max);
  const auto environment = read_process_environment();
  if (argument_count == 1) {
    return serve(environment); // before anything could print
  }
  CLI::App program{"MCP server through which AI agents talk and share work over NATS JetStream",
                   "nats-mcp-server"};
  int exit_code = 0;
  program.footer(footer);
  program.set_version_flag("--version", "nats-mcp-server " + std::string{version()});
  program.require_subcommand(0, 1);
  add_doctor(program, environment, exit_code);
  add_apply(program, environment, exit_code);
  add_demo(program, environment, exit_code);
  add_local_commands(program, engine_part(environment), exit_code);
  const std::string_view first{arguments[1]};
  if (!is_known(first, "", command_names)
      || (first == "local" && argument_count > 2
          && !is_known(arguments[2], "local ", local_command_names))) {
    return usage_error;
  }
  try {
    program.parse(argument_count, arguments);
  } catch (const CLI::ParseError& wrong) {
    return wrong.get_exit_code() == 0 ? program.exit(wrong) : refuse(program, wrong);
  }
  return program.get_subcommands().empty() ? serve(environment) : exit_code;
}
