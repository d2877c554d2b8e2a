// SPDX-License-Identifier: MIT
// Everything that will go wrong in one world, and how busy its agents are: drawn from the seed
// before anything runs and printed, so that a failure can be read.
#pragma once

#include "tests/simulation/network/fault_plan.hpp"
#include "tests/simulation/world/dice.hpp"
#include "tests/simulation/world/fault_choice.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace nats_mcp::simulation {

/// One process ends and another one takes its place.
struct process_end {
  enum class manner : std::uint8_t { killed, stopped };
  std::size_t agent = 0;
  std::chrono::milliseconds after{0};
  manner how = manner::killed;
  std::chrono::milliseconds gone_for{0};
};

/// A client that does not read.
struct client_stall {
  std::size_t agent = 0;
  std::chrono::milliseconds after{0};
  std::chrono::milliseconds lasts{0};
};

/// A process that stands still and goes on.
struct process_freeze {
  std::size_t agent = 0;
  std::chrono::milliseconds after{0};
  std::chrono::milliseconds lasts{0};
};

/// A process whose connection is dead for a while.
struct partition {
  std::size_t agent = 0;
  std::chrono::milliseconds after{0};
  std::chrono::milliseconds lasts{0};
};

/// A civil clock that is set, forward or back.
struct clock_step {
  std::size_t agent = 0;
  std::chrono::milliseconds after{0};
  /// From then on it is so far from the server's.
  std::chrono::milliseconds skew{0};
};

/// How fast the agents of a workload live, and how long things last that depend on it.
struct world_rhythm {
  /// Between two things one agent does, on average: drawn from these.
  std::chrono::milliseconds pause_min{40};
  std::chrono::milliseconds pause_max{400};
  /// Of a thing done, in ten thousandths: the agent rests for up to `rest_max` before the next.
  std::uint64_t rest = 0;
  std::chrono::milliseconds rest_max{0};
  std::chrono::milliseconds freeze_max{2'000};
  /// Until another process takes the place of one that ended.
  std::chrono::milliseconds gone_max{1'000};
  /// Of processes that are killed, in ten thousandths: the next one is killed too, so soon.
  std::uint64_t killed_again = 0;
  std::chrono::milliseconds killed_again_within{0};
};

struct world_plan {
  /// Between two things one agent does, on average.
  std::chrono::milliseconds pause{0};
  /// Of a thing to do, in ten thousandths: the next one follows at once.
  std::uint64_t hurry = 0;
  /// See `world_rhythm`.
  std::uint64_t rest = 0;
  std::chrono::milliseconds rest_max{0};
  std::chrono::milliseconds call_timeout{0};
  fault_plan network;
  /// By part: an incarnation fails at a message that is this one on average. None: never.
  std::map<std::string, std::uint64_t> crash_every;
  std::vector<process_end> ends;
  std::vector<client_stall> stalls;
  std::vector<process_freeze> freezes;
  std::vector<partition> partitions;
  std::vector<clock_step> clock_steps;
  /// Of a turn, in ten thousandths: time passes although somebody could go on.
  std::uint64_t slow_actors = 0;
};

struct plan_request {
  fault_choice faults;
  std::size_t agents = 0;
  /// Calls of all agents together.
  std::size_t calls = 0;
  world_rhythm rhythm{};
};

/// Another mixture for every seed: most have every kind of `faults`, some lack a few of them,
/// because what happens all the time may hide what happens rarely.
[[nodiscard]] world_plan draw_world_plan(dice chance, const plan_request& request);

/// For the reader of a run; several lines.
[[nodiscard]] std::string to_text(const world_plan& plan);

} // namespace nats_mcp::simulation
