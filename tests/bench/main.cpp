// SPDX-License-Identifier: MIT
// The benchmarks as one program. Nothing here passes or fails: a table says how far from the budget
// and from the floor a run was, and a person judges.
#include "tests/bench/measurements.hpp"

#include <CLI/CLI.hpp>

#include <array>
#include <cstddef>
#include <exception>
#include <filesystem>
#include <iostream>
#include <signal.h>
#include <string>
#include <vector>

namespace {

using namespace nats_mcp::bench;

struct measurement {
  const char* name;
  const char* what;
  void (*measure)(const run_options&);
};

constexpr std::array measurements{
  measurement{"start", "Process start to initialize and to the first message", measure_start},
  measurement{"idle", "Memory, and processor time at rest", measure_idle},
  measurement{"send", "send_message one at a time and pipelined", measure_send},
  measurement{"read", "read_messages, 100 and 1000 out of 10000", measure_read},
  measurement{"discover", "discover_agents among 100, 1000, 5000 agents", measure_discovery},
  measurement{"direct", "A direct message to a reader that waits", measure_direct_messages},
  measurement{"crowd", "Many processes registered at once", measure_crowd},
  measurement{"work", "Work offered, claimed and completed at several depths", measure_work},
  measurement{"wait", "A work item to a claim that waits", measure_waiting_claims},
  measurement{"letters", "Dead letters listed and retried among many", measure_dead_letters},
};

void add_options(CLI::App& app, run_options& options) {
  app.option_defaults()->always_capture_default();
  app.add_option("--server", options.server, "The nats-mcp-server to measure; without: the floor")
    ->check(CLI::ExistingFile);
  app.add_option("--starts", options.starts, "Processes started")->check(CLI::PositiveNumber);
  app.add_option("--messages", options.messages, "Messages sent one at a time")
    ->check(CLI::PositiveNumber);
  app.add_option("--pipelined-messages", options.pipelined_messages, "Messages sent per window")
    ->check(CLI::PositiveNumber);
  app.add_option("--reads", options.reads, "Reads of each size")->check(CLI::PositiveNumber);
  app.add_option("--idle-seconds", options.idle_seconds, "How long to watch it rest");
  app.add_option("--lookups", options.lookups, "Times discover_agents is called")
    ->check(CLI::PositiveNumber);
  app.add_option("--direct-messages", options.direct_messages, "Direct messages sent")
    ->check(CLI::PositiveNumber);
  app.add_option("--crowd", options.crowd, "Processes registered at once")
    ->check(CLI::PositiveNumber);
  app.add_option("--items", options.items, "Work items offered, claimed and completed")
    ->check(CLI::PositiveNumber);
  app.add_option("--dead-letters", options.dead_letters, "Dead letters to look among")
    ->check(CLI::PositiveNumber);
  app.add_option("--waits", options.waits, "Claims that wait for an offer")
    ->check(CLI::PositiveNumber);
}

} // namespace

int main(int argc, char** argv) {
  // A server that goes away is an error with a text, not a silent end.
  ::signal(SIGPIPE, SIG_IGN);
  run_options options;
  options.self = std::filesystem::read_symlink("/proc/self/exe").string();

  CLI::App app("Measures nats-mcp-server against its budgets and against nats.c alone");
  app.require_subcommand(1, 0); // any number of them
  add_options(app, options);
  const auto* all = app.add_subcommand("all", "Everything below, in this order");
  std::vector<const CLI::App*> commands;
  for (const auto& one : measurements) {
    commands.push_back(app.add_subcommand(one.name, one.what));
  }
  std::string url;
  auto* floor = app.add_subcommand("play-floor", "The floor's process; started by this program");
  floor->add_option("url", url)->required();
  CLI11_PARSE(app, argc, argv);
  if (!options.server.empty()) {
    options.server = std::filesystem::absolute(options.server); // its processes run elsewhere
  }

  try {
    if (floor->parsed()) {
      play_floor(url);
    }
    for (std::size_t i = 0; i < measurements.size(); ++i) {
      if (all->parsed() || commands[i]->parsed()) {
        measurements[i].measure(options);
      }
    }
  } catch (const std::exception& e) {
    std::cerr << "error: " << e.what() << '\n';
    return 1;
  }
  return 0;
}
