// SPDX-License-Identifier: MIT
// What goes wrong between the processes and the server, and how often: drawn from one seed, printed
// at the start of a run, so that a failure can be read and replayed.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace nats_mcp::simulation {

/// Chances are in ten thousandths, for each message.
struct fault_plan {
  /// Every message takes this long, one way; messages of one process never overtake each other.
  std::chrono::microseconds delay_min{100};
  std::chrono::microseconds delay_max{100};
  std::uint64_t lose_request = 0;
  std::uint64_t lose_answer = 0;
  /// The server handles a request twice. Only what is safe to repeat: the network itself never
  /// doubles anything, a repetition by the sender does.
  std::uint64_t duplicate_request = 0;
  /// The connection breaks. What is under way is lost; the process notices after up to
  /// `notice_max`.
  std::uint64_t disconnect = 0;
  std::chrono::milliseconds notice_max{50};
  /// The server stops and is back after `restart_lasts`. Mean time between; zero = never.
  std::chrono::milliseconds restart_every{0};
  std::chrono::milliseconds restart_lasts{500};
  /// Of the restarts, in ten thousandths: killed, not stopped.
  std::uint64_t kill = 0;
  /// What a kill may undo: settlements younger than this.
  std::chrono::milliseconds unsynced{100};
  /// The server does nothing for `stall_lasts`. Mean time between; zero = never.
  std::chrono::milliseconds stall_every{0};
  std::chrono::milliseconds stall_lasts{300};
};

/// Another mixture of faults for every seed: each kind is in or out, and more or less frequent.
[[nodiscard]] fault_plan draw_fault_plan(std::uint64_t seed);

/// One line for the reader of a run.
[[nodiscard]] std::string to_text(const fault_plan& plan);

} // namespace nats_mcp::simulation
