// SPDX-License-Identifier: MIT
#include "tests/bench/agent.hpp"
#include "tests/bench/measurements.hpp"
#include "tests/bench/nats_side.hpp"
#include "tests/bench/report.hpp"
#include "tests/bench/work_items.hpp"

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace nats_mcp::bench {

namespace {

constexpr std::size_t page = 100;
constexpr std::size_t rounds = 50;
/// Of one retry for a whole capability.
constexpr std::size_t retried_at_once = 1000;

double milliseconds_of(const std::function<void()>& what) {
  const auto begin = std::chrono::steady_clock::now();
  what();
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin)
    .count();
}

void add_latencies(std::vector<row>& rows, const std::string& name,
                   const std::vector<double>& floor, const std::vector<double>& measured) {
  rows.push_back({name + ", p50",
                  "ms",
                  "",
                  {},
                  row::direction::at_most,
                  percentile(floor, 0.5),
                  percentile(measured, 0.5)});
  rows.push_back({name + ", p99",
                  "ms",
                  "",
                  {},
                  row::direction::at_most,
                  percentile(floor, 0.99),
                  percentile(measured, 0.99)});
}

} // namespace

void measure_dead_letters(const run_options& options) {
  if (options.server.empty()) {
    return; // the floors stand beside what they are the floor of
  }
  const scratch_directory scratch;
  const nats_server nats(scratch.path());
  raw_nats raw(nats.url(), write_mode::gathered);
  agent offerer({{options.server}, nats.url(), scratch.path(), "offerer"});
  agent worker({{options.server}, nats.url(), scratch.path(), "worker"});
  offerer.initialize();
  worker.initialize();
  offerer.register_as("offerer");
  worker.register_as("worker", capability);
  make_work_streams(offerer, worker);
  fill_dead_letters(raw, options.dead_letters);

  std::vector<row> rows;
  std::vector<double> floor;
  std::vector<double> measured;
  raw_nats reader(nats.url(), write_mode::at_once);
  for (std::size_t i = 0; i < rounds; ++i) {
    floor.push_back(1000 * reader.fetch_newest("DEAD_LETTER", "dead.public.*.*", page));
    measured.push_back(milliseconds_of([&] {
      offerer.call("list_dead_letter_items",
                   R"({"limit":100,"capability":")" + std::string(capability) + R"("})");
    }));
  }
  const auto among = " among " + std::to_string(options.dead_letters);
  add_latencies(rows, "list 100" + among, floor, measured);

  floor.clear();
  measured.clear();
  reader.add_stream("FLOOR", "floor.retry");
  for (std::size_t i = 0; i < rounds; ++i) {
    floor.push_back(milliseconds_of([&] { reader.publish("floor.retry", message_payload()); }));
    measured.push_back(milliseconds_of(
      [&] { offerer.call("retry_dead_letter_item", R"({"itemId":")" + item_id(i) + R"("})"); }));
  }
  add_latencies(rows, "retry one" + among, floor, measured);

  const auto at_once = milliseconds_of([&] {
    offerer.call("retry_dead_letter_item",
                 R"({"capability":")" + std::string(capability) + R"("})");
  });
  rows.push_back({"retry 1000 of a capability" + among,
                  "1/s",
                  "",
                  {},
                  row::direction::at_least,
                  {},
                  1000.0 * static_cast<double>(retried_at_once) / at_once});
  print_table("Dead letters (floors: a consumer and a pull of 100 with nats.c; js_Publish)", rows);
}

} // namespace nats_mcp::bench
