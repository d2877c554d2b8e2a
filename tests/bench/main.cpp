// SPDX-License-Identifier: MIT
// The benchmarks as one program. Nothing here passes or fails: a table says how far from the budget
// and from the floor a run was, and a person judges.
#include "tests/bench/measurements.hpp"

#include <CLI/CLI.hpp>

#include <filesystem>
#include <iostream>
#include <signal.h>

int main(int argc, char** argv) {
  using namespace nats_mcp::bench;
  // A server that goes away is an error with a text, not a silent end.
  ::signal(SIGPIPE, SIG_IGN);
  run_options options;
  options.self = std::filesystem::read_symlink("/proc/self/exe").string();

  CLI::App app("Measures nats-mcp-server against its budgets and against nats.c alone");
  app.require_subcommand(1);
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
  auto* all = app.add_subcommand("all", "Everything below, in this order");
  auto* start = app.add_subcommand("start", "Process start to initialize and to the first message");
  auto* idle = app.add_subcommand("idle", "Memory, and processor time at rest");
  auto* send = app.add_subcommand("send", "send_message one at a time and pipelined");
  auto* read = app.add_subcommand("read", "read_messages, 100 and 1000 out of 10000");
  std::string url;
  auto* floor = app.add_subcommand("play-floor", "The floor's process; started by this program");
  floor->add_option("url", url)->required();
  CLI11_PARSE(app, argc, argv);

  try {
    if (floor->parsed()) {
      play_floor(url);
    }
    if (all->parsed() || start->parsed()) {
      measure_start(options);
    }
    if (all->parsed() || idle->parsed()) {
      measure_idle(options);
    }
    if (all->parsed() || send->parsed()) {
      measure_send(options);
    }
    if (all->parsed() || read->parsed()) {
      measure_read(options);
    }
  } catch (const std::exception& e) {
    std::cerr << "error: " << e.what() << '\n';
    return 1;
  }
  return 0;
}
