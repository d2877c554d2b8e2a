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

constexpr std::size_t messages_stored = 10'000;
constexpr std::size_t fill_window = 256;
constexpr double budget_ratio = 2;
const std::string read_namespace = "read";

} // namespace

void measure_read(const run_options& options) {
  const scratch_directory scratch;
  const nats_server nats(scratch.path());
  raw_nats raw(nats.url(), write_mode::gathered);
  std::unique_ptr<agent> product;
  if (options.server.empty()) {
    raw.add_stream(stream_name(read_namespace), subject_name(read_namespace));
  } else {
    product = std::make_unique<agent>(
      agent_options{{options.server}, nats.url(), scratch.path(), read_namespace});
    product->initialize();
    product->set_handle();
    product->send(); // makes the stream the floor then fills and reads as well
  }
  raw.publish_pipelined(subject_name(read_namespace), message_payload(), messages_stored,
                        fill_window);
  raw_nats reader(nats.url(), write_mode::at_once);

  std::vector<row> rows;
  for (const std::size_t count : {100U, 1000U}) {
    std::vector<double> floor;
    std::vector<double> measured;
    for (std::size_t i = 0; i < options.reads; ++i) {
      floor.push_back(
        1000
        * reader.fetch_newest(stream_name(read_namespace), subject_name(read_namespace), count));
      if (product) {
        const auto begin = std::chrono::steady_clock::now();
        product->read(count);
        measured.push_back(
          std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin)
            .count());
      }
    }
    const auto floor_half = percentile(floor, 0.5);
    rows.push_back({"read_messages, " + std::to_string(count) + " out of 10000", "ms",
                    "<= 2 x floor", budget_ratio * floor_half, row::direction::at_most, floor_half,
                    measured.empty() ? std::nullopt : std::optional(percentile(measured, 0.5))});
  }
  print_table("Read (median of " + std::to_string(options.reads)
                + "; floor: a consumer and one pull of nats.c)",
              rows);
}

} // namespace nats_mcp::bench
