// SPDX-License-Identifier: MIT
// The benchmarks: each measures the shipped binary and the floor in the same run and on the same
// nats-server, and prints one table.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace nats_mcp::bench {

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
};

/// Process start → `initialize` answered, with NATS and without; → first message stored.
void measure_start(const run_options& options);
/// Resident memory after `initialize` and after the first message; processor time while idle.
void measure_idle(const run_options& options);
/// `send_message`, one at a time and pipelined.
void measure_send(const run_options& options);
/// `read_messages`, 100 and 1 000 out of 10 000.
void measure_read(const run_options& options);

/// The floor's process: connects with nats.c, stores one message, says so in a line, waits for the
/// end of its input. What a start costs, and what it holds, without the product.
void play_floor(const std::string& url);

} // namespace nats_mcp::bench
