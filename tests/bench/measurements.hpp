// SPDX-License-Identifier: MIT
// The benchmarks: each measures the shipped binary and the floor in the same run and on the same
// nats-server, and prints one table.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace nats_mcp::bench {

inline constexpr double mebibyte = 1024.0 * 1024.0;
/// Resident memory of one process.
inline constexpr double memory_budget_mib = 14;
/// Whose stream the floor writes to.
inline const std::string floor_namespace = "floor";

struct run_options {
  /// The shipped binary; empty = the floor alone.
  std::string server;
  /// This program, which also plays the floor's process.
  std::string self;
  std::size_t starts = 50;
  std::size_t messages = 5000;
  std::size_t pipelined_messages = 100'000;
  std::size_t reads = 50;
  std::size_t idle_seconds = 20;
  std::size_t lookups = 200;
  std::size_t direct_messages = 1000;
  std::size_t crowd = 200;
  std::size_t items = 2000;
  std::size_t dead_letters = 100'000;
  std::size_t waits = 500;
};

/// Process start → `initialize` answered, with NATS and without; → first message stored.
void measure_start(const run_options& options);
/// Resident memory after `initialize` and after the first message; processor time while idle.
void measure_idle(const run_options& options);
/// `send_message`, one at a time and pipelined.
void measure_send(const run_options& options);
/// `read_messages`, 100 and 1 000 out of 10 000.
void measure_read(const run_options& options);
/// `discover_agents` among 100, 1 000 and 5 000 agents.
void measure_discovery(const run_options& options);
/// From the line of a `send_direct_message` to the answer of a reader that waits.
void measure_direct_messages(const run_options& options);
/// Many processes registered at once: memory of each, load of nats-server from their heartbeats.
void measure_crowd(const run_options& options);
/// Work items offered, claimed and completed by 1, 4 and 16 workers, in queues of several depths.
void measure_work(const run_options& options);
/// From the line of an offer to the answer of a claim that waits.
void measure_waiting_claims(const run_options& options);
/// Dead letters listed and retried among many.
void measure_dead_letters(const run_options& options);

/// The floor's process: connects with nats.c, stores one message, says so in a line, waits for the
/// end of its input. What a start costs, and what it holds, without the product.
void play_floor(const std::string& url);

} // namespace nats_mcp::bench
