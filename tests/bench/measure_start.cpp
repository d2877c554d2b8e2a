// SPDX-License-Identifier: MIT
#include "tests/bench/agent.hpp"
#include "tests/bench/measurements.hpp"
#include "tests/bench/nats_side.hpp"
#include "tests/bench/report.hpp"

#include <chrono>
#include <memory>
#include <optional>

namespace nats_mcp::bench {

namespace {

constexpr double initialize_budget_ms = 10;
constexpr double first_message_budget_ms = 25;
/// Nothing listens on the discard port.
const std::string dead_url = "nats://127.0.0.1:9";

/// Median in milliseconds. `start` returns the process, whose end is not measured.
template <class Start>
double median_ms(std::size_t count, Start start) {
  std::vector<double> samples;
  for (std::size_t i = 0; i < count; ++i) {
    const auto begin = std::chrono::steady_clock::now();
    const auto process = start(i);
    samples.push_back(
      std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count());
  }
  return percentile(samples, 0.5);
}

/// The least a process can do: `cat` answers with the line it got.
double echo_floor_ms(const run_options& options) {
  return median_ms(options.starts, [&](std::size_t) {
    auto process = std::make_unique<child>(child_options{{"/bin/cat"}, {}, "/"});
    process->write("{}\n");
    process->read_line();
    return process;
  });
}

double message_floor_ms(const run_options& options, const std::string& url) {
  return median_ms(options.starts, [&](std::size_t) {
    auto process =
      std::make_unique<child>(child_options{{options.self, "play-floor", url}, {}, "/"});
    process->read_line();
    return process;
  });
}

double initialize_ms(const run_options& options, const agent_options& agent_options) {
  return median_ms(options.starts, [&](std::size_t) {
    auto process = std::make_unique<agent>(agent_options);
    process->initialize();
    return process;
  });
}

/// `fresh`: every start finds a namespace without streams.
double first_message_ms(const run_options& options, const agent_options& base, bool fresh) {
  return median_ms(options.starts, [&](std::size_t run) {
    auto own = base;
    own.channel_namespace = fresh ? "fresh-" + std::to_string(run) : base.channel_namespace;
    auto process = std::make_unique<agent>(own);
    process->initialize_and_send();
    return process;
  });
}

} // namespace

void measure_start(const run_options& options) {
  const scratch_directory scratch;
  const nats_server nats(scratch.path());
  const auto echo = echo_floor_ms(options);
  const auto stored = message_floor_ms(options, nats.url());
  std::optional<double> with_nats;
  std::optional<double> without_nats;
  std::optional<double> first;
  std::optional<double> first_fresh;
  if (!options.server.empty()) {
    const agent_options up{{options.server}, nats.url(), scratch.path(), "start"};
    const agent_options down{{options.server}, dead_url, scratch.path(), "down"};
    agent(up).initialize_and_send(); // the channel exists from here on
    with_nats = initialize_ms(options, up);
    without_nats = initialize_ms(options, down);
    first = first_message_ms(options, up, false);
    first_fresh = first_message_ms(options, up, true);
  }
  const auto row_of = [](std::string what, const char* budget, double limit, double floor,
                         std::optional<double> measured) {
    return row{std::move(what), "ms", budget, limit, row::direction::at_most, floor, measured};
  };
  print_table(
    "Start (median of " + std::to_string(options.starts) + "; floors: cat, nats.c)",
    {row_of("process start -> initialize answered", "<= 10", initialize_budget_ms, echo, with_nats),
     row_of("the same, NATS down", "<= 10", initialize_budget_ms, echo, without_nats),
     row_of("process start -> first message stored", "<= 25", first_message_budget_ms, stored,
            first),
     row_of("the same, channel not yet created", "<= 25", first_message_budget_ms, stored,
            first_fresh)});
}

} // namespace nats_mcp::bench
