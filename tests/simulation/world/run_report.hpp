// SPDX-License-Identifier: MIT
// How one run ended.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace nats_mcp::simulation {

enum class verdict : std::uint8_t {
  passed,
  /// A checker found something.
  violated,
  /// The faults stopped and it did not work again in time.
  not_converged,
};

struct run_report {
  verdict outcome = verdict::passed;
  /// What is wrong, a sentence each.
  std::vector<std::string> problems;
  /// What was planned to go wrong; several lines.
  std::string plan;
  /// Of everything that happened, see `trace`.
  std::uint64_t hash = 0;

  // What went on, for whoever wonders whether a run is worth anything.
  std::size_t requests = 0;
  std::size_t answers = 0;
  std::uint64_t turns = 0;
  /// Faults and failures by name.
  std::map<std::string, std::uint64_t> events;
  std::chrono::milliseconds busy{0};
  /// From the end of the faults until everything was proved to work.
  std::chrono::milliseconds healing{0};
};

} // namespace nats_mcp::simulation
