// SPDX-License-Identifier: MIT
#include "tests/bench/agent.hpp"
#include "tests/bench/measurements.hpp"
#include "tests/bench/nats_side.hpp"
#include "tests/bench/report.hpp"

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>

namespace nats_mcp::bench {

namespace {

constexpr double latency_budget_ratio = 1.4;
constexpr double slowest_budget_ms = 1;
constexpr double rate_budget_64 = 40'000;
constexpr double rate_budget_256 = 60'000;
/// Not measured: connections, caches and the server's file settle.
constexpr std::size_t warm_up = 500;

template <class Send>
std::vector<double> latencies_ms(std::size_t count, Send send) {
  std::vector<double> samples;
  for (std::size_t i = 0; i < count + warm_up; ++i) {
    const auto begin = std::chrono::steady_clock::now();
    send();
    const auto end = std::chrono::steady_clock::now();
    if (i >= warm_up) {
      samples.push_back(std::chrono::duration<double, std::milli>(end - begin).count());
    }
  }
  return samples;
}

/// nats.c has two ways to write, and which is faster depends on the window: the floor is the
/// better.
double floor_rate(const std::string& url, std::size_t count, std::size_t window) {
  const auto rate = [&](write_mode mode) {
    raw_nats nats(url, mode);
    return nats.publish_pipelined(subject_name(floor_namespace), message_payload(), count, window);
  };
  return std::max(rate(write_mode::at_once), rate(write_mode::gathered));
}

} // namespace

void measure_send(const run_options& options) {
  const scratch_directory scratch;
  const nats_server nats(scratch.path());
  raw_nats raw(nats.url(), write_mode::at_once);
  raw.add_stream(stream_name(floor_namespace), subject_name(floor_namespace));
  std::unique_ptr<agent> product;
  if (!options.server.empty()) {
    product =
      std::make_unique<agent>(agent_options{{options.server}, nats.url(), scratch.path(), "send"});
    product->initialize();
    product->set_handle();
  }

  const auto floor = latencies_ms(
    options.messages, [&] { raw.publish(subject_name(floor_namespace), message_payload()); });
  std::optional<double> half;
  std::optional<double> slowest;
  if (product) {
    const auto measured = latencies_ms(options.messages, [&] { product->send(); });
    half = percentile(measured, 0.5);
    slowest = percentile(measured, 0.99);
  }
  const auto floor_half = percentile(floor, 0.5);
  std::vector<row> rows{{"send_message one at a time, p50", "ms", "<= 1.4 x floor",
                         latency_budget_ratio * floor_half, row::direction::at_most, floor_half,
                         half},
                        {"send_message one at a time, p99", "ms", "<= 1", slowest_budget_ms,
                         row::direction::at_most, percentile(floor, 0.99), slowest}};

  for (const auto& [window, limit, budget] :
       {std::tuple{std::size_t{64}, rate_budget_64, ">= 40000"},
        std::tuple{std::size_t{256}, rate_budget_256, ">= 60000"}}) {
    const auto floor_reached = floor_rate(nats.url(), options.pipelined_messages, window);
    std::optional<double> reached;
    if (product) {
      reached = product->send_pipelined(options.pipelined_messages, window);
    }
    rows.push_back({"send_message, " + std::to_string(window) + " in flight", "1/s", budget, limit,
                    row::direction::at_least, floor_reached, reached});
  }
  print_table(
    "Send (256 bytes of text, file storage; floors: js_Publish, js_PublishAsync, with ids)", rows);
}

} // namespace nats_mcp::bench
