// SPDX-License-Identifier: MIT
#include "tests/bench/agent.hpp"
#include "tests/bench/measurements.hpp"
#include "tests/bench/nats_side.hpp"
#include "tests/bench/report.hpp"

#include <array>
#include <chrono>
#include <memory>
#include <optional>
#include <thread>
#include <utility>

namespace nats_mcp::bench {

namespace {

constexpr std::array<std::pair<std::size_t, double>, 3> crowds_and_budgets_ms{
  {{100, 2}, {1000, 3}, {5000, 5}}};
constexpr double direct_message_budget_ms = 1;

/// An agent's GUID in a benchmark: its number.
std::string guid_of(std::size_t number) {
  constexpr std::size_t digits = 12;
  const auto last = std::to_string(number);
  return "00000000-0000-4000-8000-" + std::string(digits - last.size(), '0') + last;
}

std::string entry_of(const std::string& guid, std::size_t number) {
  return R"({"v":1,"writeId":"w","guid":")" + guid
         + R"(","sessionId":"s","agentType":"developer","handle":"agent-)" + std::to_string(number)
         + R"(","hostname":"host","projectId":"p","capabilities":["typescript","testing"],)"
           R"("visibility":"public","status":"online","currentTaskCount":0,)"
           R"("heartbeatIntervalMs":60000,"registeredAt":"2026-01-01T00:00:00.000Z"})";
}

double milliseconds_since(std::chrono::steady_clock::time_point begin) {
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin)
    .count();
}

} // namespace

void measure_discovery(const run_options& options) {
  const scratch_directory scratch;
  const nats_server nats(scratch.path());
  raw_nats raw(nats.url(), write_mode::at_once);
  std::unique_ptr<agent> product;
  if (options.server.empty()) {
    raw.add_stream("KV_agents", "$KV.agents.>");
  } else {
    product = std::make_unique<agent>(
      agent_options{{options.server}, nats.url(), scratch.path(), "discovery"});
    product->initialize();
    product->register_as("observer"); // makes the buckets
  }
  std::vector<row> rows;
  std::size_t there = 0;
  for (const auto& [count, budget] : crowds_and_budgets_ms) {
    for (; there < count; ++there) {
      const auto guid = guid_of(there);
      raw.publish("$KV.agents.public.all." + guid, entry_of(guid, there));
      if (product) {
        raw.publish("$KV.presence.public.all." + guid, R"({"v":1,"sessionId":"s"})");
      }
    }
    raw_nats reader(nats.url(), write_mode::at_once);
    std::vector<double> floor;
    std::vector<double> measured;
    std::optional<double> first;
    for (std::size_t i = 0; i < options.lookups; ++i) {
      floor.push_back(1000 * reader.fetch_newest("KV_agents", "$KV.agents.>", count));
      if (product) {
        const auto begin = std::chrono::steady_clock::now();
        product->call("discover_agents", R"({"capability":"testing"})");
        (first ? measured.emplace_back() : first.emplace()) = milliseconds_since(begin);
      }
    }
    const auto name = "discover_agents among " + std::to_string(count);
    const auto floor_half = percentile(floor, 0.5);
    const auto half = measured.empty() ? std::nullopt : std::optional(percentile(measured, 0.5));
    const auto slow = measured.empty() ? std::nullopt : std::optional(percentile(measured, 0.99));
    rows.push_back({name + ", p50", "ms", "<= " + std::to_string(static_cast<int>(budget)), budget,
                    row::direction::at_most, floor_half, half});
    rows.push_back({name + ", p99", "ms", "", {}, row::direction::at_most, {}, slow});
    rows.push_back({name + ", first call", "ms", "", {}, row::direction::at_most, {}, first});
  }
  print_table("Discovery (floor: a consumer and one pull of all entries with nats.c)", rows);
}

void measure_direct_messages(const run_options& options) {
  const scratch_directory scratch;
  const nats_server nats(scratch.path());
  raw_nats reader(nats.url(), write_mode::at_once);
  raw_nats writer(nats.url(), write_mode::at_once);
  std::vector<double> floor;
  for (const auto seconds :
       reader.hand_over(writer, "FLOOR", "floor.inbox", options.direct_messages)) {
    floor.push_back(1000 * seconds);
  }
  std::vector<double> measured;
  if (!options.server.empty()) {
    agent sender({{options.server}, nats.url(), scratch.path(), "sender"});
    agent receiver({{options.server}, nats.url(), scratch.path(), "receiver"});
    sender.initialize();
    receiver.initialize();
    sender.register_as("sender");
    const auto guid = receiver.register_as("receiver");
    const auto message =
      R"({"recipientGuid":")" + guid + R"(","message":")" + message_text() + R"("})";
    for (std::size_t i = 0; i < options.direct_messages; ++i) {
      receiver.post("read_direct_messages", R"({"timeout":30000,"limit":1})");
      std::this_thread::sleep_for(std::chrono::milliseconds(1)); // the reader waits now
      const auto begin = std::chrono::steady_clock::now();
      sender.post("send_direct_message", message);
      receiver.answer();
      measured.push_back(milliseconds_since(begin));
      sender.answer();
    }
  }
  const auto half = measured.empty() ? std::nullopt : std::optional(percentile(measured, 0.5));
  const auto slow = measured.empty() ? std::nullopt : std::optional(percentile(measured, 0.99));
  print_table("Direct messages (floor: js_Publish to a waiting pull of one)",
              {row{"send to a waiting reader, p50", "ms", "<= 1", direct_message_budget_ms,
                   row::direction::at_most, percentile(floor, 0.5), half},
               row{"send to a waiting reader, p99",
                   "ms",
                   "",
                   {},
                   row::direction::at_most,
                   percentile(floor, 0.99),
                   slow}});
}

} // namespace nats_mcp::bench
