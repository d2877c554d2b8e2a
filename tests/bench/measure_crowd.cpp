// SPDX-License-Identifier: MIT
#include "tests/bench/agent.hpp"
#include "tests/bench/coordinator_load.hpp"
#include "tests/bench/measurements.hpp"
#include "tests/bench/nats_side.hpp"
#include "tests/bench/report.hpp"

#include <chrono>
#include <filesystem>
#include <memory>
#include <thread>

namespace nats_mcp::bench {

namespace {

/// Long enough for every process to give a sign of life.
constexpr std::chrono::seconds watched{60};

} // namespace

void measure_crowd(const run_options& options) {
  if (options.server.empty()) {
    return; // there is no floor of it
  }
  const scratch_directory scratch;
  const nats_server nats(scratch.path());
  std::vector<std::unique_ptr<agent>> crowd;
  const auto begin = std::chrono::steady_clock::now();
  for (std::size_t i = 0; i < options.crowd; ++i) {
    crowd.push_back(std::make_unique<agent>(
      agent_options{{options.server}, nats.url(), scratch.path(), "crowd-" + std::to_string(i)}));
    crowd.back()->initialize();
    crowd.back()->register_as("worker");
  }
  const std::chrono::duration<double> registered = std::chrono::steady_clock::now() - begin;
  std::vector<double> memory;
  auto before = nats.processor_time();
  std::chrono::milliseconds own_before{0};
  for (const auto& one : crowd) {
    own_before += one->process().processor_time();
  }
  std::this_thread::sleep_for(watched);
  const auto load = nats.processor_time() - before;
  std::chrono::milliseconds own{0};
  for (const auto& one : crowd) {
    own += one->process().processor_time();
    memory.push_back(static_cast<double>(one->process().resident_bytes()) / mebibyte);
  }
  own -= own_before;
  const auto share = [](std::chrono::milliseconds used) {
    return 100.0 * static_cast<double>(used.count())
           / static_cast<double>(std::chrono::milliseconds{watched}.count());
  };
  const auto count = std::to_string(options.crowd);
  const auto coordinator = measure_coordinator_load(
    {std::filesystem::path{options.server}.replace_filename("nats-mcp-coordinator").string(),
     nats.url(), scratch.path(), watched});
  print_table(
    count + " processes registered at once, watched for a minute",
    {row{"resident memory of one, registered and idle, median",
         "MiB",
         "<= 14",
         memory_budget_mib,
         row::direction::at_most,
         {},
         percentile(memory, 0.5)},
     row{
       "the same, the largest", "MiB", "", {}, row::direction::at_most, {}, percentile(memory, 1)},
     row{"nats-server, share of a core", "%", "", {}, row::direction::at_most, {}, share(load)},
     row{"all processes together, share of a core",
         "%",
         "",
         {},
         row::direction::at_most,
         {},
         share(own)},
     row{"started and registered, one after another",
         "s",
         "",
         {},
         row::direction::at_most,
         {},
         registered.count()}});
  print_table("a coordinator beside these " + count, coordinator);
}

} // namespace nats_mcp::bench
