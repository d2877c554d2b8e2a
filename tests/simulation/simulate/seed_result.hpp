// SPDX-License-Identifier: MIT
// What one seed came to, as a worker reports it to the program and the program to its user.
#pragma once

#include "protocol/error.hpp"

#include "tests/simulation/world/fault_choice.hpp"
#include "tests/simulation/world/run_report.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

namespace nats_mcp::simulation {

/// The numbers are the exit codes of the program, and part of its documentation.
enum class seed_outcome : std::uint8_t {
  passed = 0,
  usage = 1,
  violated = 2,
  not_converged = 3,
  not_deterministic = 4,
  /// The run ended in an exception or in the death of its process.
  crashed = 5,
};

struct seed_result {
  std::uint64_t seed = 0;
  seed_outcome outcome = seed_outcome::passed;
  run_report report;
};

/// What is the same for all seeds of one call of the program.
struct simulation_choice {
  std::string workload = "channels";
  /// As given; `faults` is what it means.
  std::string fault_names = "all";
  fault_choice faults;
  /// 0 = as many as the workload takes.
  std::size_t agents = 0;
  /// Of all agents together; 0 = 30 of each.
  std::size_t steps = 0;
  /// Empty = the product as it ships.
  std::string broken;
  /// Every seed runs twice, and both runs must take the same course.
  bool twice = false;
  /// Everything that happens goes to standard output.
  bool traced = false;
};

/// The choice with every number in it.
[[nodiscard]] simulation_choice completed(simulation_choice choice);

/// Runs one seed. Never throws.
[[nodiscard]] seed_result run_seed(std::uint64_t seed, const simulation_choice& choice);

/// The command that runs this seed again.
[[nodiscard]] std::string replay_command(std::uint64_t seed, const simulation_choice& choice);

/// For the user: what went wrong with which plan, and how to see it again.
[[nodiscard]] std::string describe(const seed_result& failed, const simulation_choice& choice);

/// The course of a run in hexadecimal digits, see `trace`.
[[nodiscard]] std::string course_of(const run_report& report);

/// One line that `parse_result` reads back.
[[nodiscard]] std::string write_result(const seed_result& one);
[[nodiscard]] result<seed_result> parse_result(std::string_view line);

} // namespace nats_mcp::simulation
