// SPDX-License-Identifier: MIT
// The program `nats-mcp-coordinator`: reads the command line, hands back the exit code.
#include "protocol/http/address.hpp"
#include "protocol/limits/coordination.hpp"
#include "protocol/text.hpp"

#include "actors/main/coordinate_command.hpp"
#include "actors/main/process_environment.hpp"
#include "actors/main/version.hpp"

#include <CLI/CLI.hpp>

#include <chrono>
#include <exception>
#include <iostream>
#include <malloc.h>
#include <string>
#include <string_view>
#include <utility>

namespace {

using namespace nats_mcp;
using std::chrono::seconds;

constexpr auto footer =
  "Settings come from the environment (NATS_URL, LOG_LEVEL …), .mcp-config.json of the working\n"
  "directory and ~/.nats-mcp/config.json, as those of nats-mcp-server do. Without NATS_URL the\n"
  "local engine is used while it runs; it is never started from here. Any number of coordinators\n"
  "may run: one leads, the others wait. A signal (TERM, INT, HUP) hands leadership over at once.\n"
  "NATS_MCP_HTTP_TOKEN guards what --http serves; off loopback it is needed.\n"
  "Exit codes: 0 ended by a signal, 1 could not start, 2 wrong usage or unusable configuration.\n";

constexpr int not_started = 1;
constexpr int usage_error = 2;
/// Each further heap of the allocator costs memory; our threads take turns more than they compete.
constexpr int allocator_arenas_max = 2;

constexpr long long in_seconds(std::chrono::milliseconds time) {
  return std::chrono::duration_cast<seconds>(time).count();
}

} // namespace

int main(int argument_count, char** arguments) {
  ::mallopt(M_ARENA_MAX, allocator_arenas_max);
  CLI::App program{"Assigns work to AI agents, sweeps, and shows what they do",
                   "nats-mcp-coordinator"};
  long long assign_timeout = in_seconds(limits::assign_timeout_default);
  program.footer(footer);
  program.set_version_flag("--version", "nats-mcp-coordinator " + std::string{version()});
  program
    .add_option("--assign-timeout", assign_timeout,
                "How long a worker has to claim what it was given, in seconds")
    ->capture_default_str()
    ->check(
      CLI::Range(in_seconds(limits::assign_timeout_min), in_seconds(limits::assign_timeout_max)));
  std::string http_address;
  coordinate_options choice;
  program.add_option("--http", http_address,
                     "Serve the page, /healthz, /readyz and /metrics at ADDRESS:PORT, such as"
                     " 127.0.0.1:7280");
  program
    .add_option("--http-host", choice.http_host_names,
                "A name under which browsers ask for the page, behind a proxy; may be repeated")
    ->take_all()
    ->expected(1);
  const auto refuse = [&program](std::string_view why) {
    std::cerr << one_line(why) << "\n\n" << program.help();
    return usage_error;
  };
  try {
    program.parse(argument_count, arguments);
  } catch (const CLI::ParseError& wrong) {
    return wrong.get_exit_code() == 0 ? program.exit(wrong) : refuse(wrong.what());
  }
  try {
    choice.assign_timeout = seconds{assign_timeout};
    if (!http_address.empty()) {
      auto where = http::parse_address(http_address);
      if (!where) {
        return refuse("--http: " + where.error().message);
      }
      choice.http = std::move(*where);
    }
    auto environment = read_process_environment();
    environment.program = "nats-mcp-coordinator";
    return coordinate(environment, choice);
  } catch (const std::exception& wrong) {
    std::cerr << "nats-mcp-coordinator cannot start: " << wrong.what() << '\n';
    return not_started;
  }
}
