// SPDX-License-Identifier: MIT
#include "tests/bench/agent.hpp"
#include "tests/bench/measurements.hpp"
#include "tests/bench/nats_side.hpp"
#include "tests/bench/report.hpp"

#include <iostream>
#include <memory>
#include <optional>
#include <thread>

namespace nats_mcp::bench {

namespace {

constexpr double idle_budget_ms = 10;

double resident_mib(const child& process) {
  return static_cast<double>(process.resident_bytes()) / mebibyte;
}

} // namespace

void play_floor(const std::string& url) {
  raw_nats nats(url, write_mode::at_once);
  nats.add_stream(stream_name(floor_namespace), subject_name(floor_namespace));
  nats.publish(subject_name(floor_namespace), message_payload());
  std::cout << "stored" << std::endl;
  std::cin.ignore(); // until the end of input
}

void measure_idle(const run_options& options) {
  const scratch_directory scratch;
  const nats_server nats(scratch.path());
  child floor({{options.self, "play-floor", nats.url()}, {}, "/"});
  floor.read_line();
  std::unique_ptr<agent> product;
  std::optional<double> initialized;
  std::optional<double> sent;
  if (!options.server.empty()) {
    product =
      std::make_unique<agent>(agent_options{{options.server}, nats.url(), scratch.path(), "idle"});
    product->initialize();
    initialized = resident_mib(product->process());
    product->set_handle();
    product->send();
    sent = resident_mib(product->process());
  }
  const auto floor_memory = resident_mib(floor);
  const auto floor_before = floor.processor_time();
  const auto before = product ? product->process().processor_time() : std::chrono::milliseconds(0);
  std::this_thread::sleep_for(std::chrono::seconds(options.idle_seconds));
  const auto floor_idle = static_cast<double>((floor.processor_time() - floor_before).count());
  std::optional<double> idle;
  if (product) {
    idle = static_cast<double>((product->process().processor_time() - before).count());
  }
  print_table("At rest (floor: a process with one nats.c connection)",
              {row{"resident memory after initialize",
                   "MiB",
                   "<= 14",
                   memory_budget_mib,
                   row::direction::at_most,
                   {},
                   initialized},
               row{"resident memory after the first message", "MiB", "<= 14", memory_budget_mib,
                   row::direction::at_most, floor_memory, sent},
               row{"processor time, idle for " + std::to_string(options.idle_seconds) + " s", "ms",
                   "<= 10", idle_budget_ms, row::direction::at_most, floor_idle, idle}});
}

} // namespace nats_mcp::bench
