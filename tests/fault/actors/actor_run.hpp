// SPDX-License-Identifier: MIT
// One run of the scripted session with one crash, or without, and the verdict on it.
#pragma once

#include "tests/fault/actors/actor_stage.hpp"
#include "tests/fault/actors/crash_point.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace nats_mcp::fault {

struct actor_run_choice {
  actor_fault fault;
  /// One of `broken_parts`; empty: the product as it is.
  std::string broken;
  simulation::trace::reader reads;
  /// See `crash_point`.
  crash_point::chooser chooses{};
};

struct actor_run_report {
  /// What is wrong, a sentence each.
  std::vector<std::string> violations;
  /// Messages by actor.
  std::map<std::string, std::uint64_t> counts;
  std::size_t tool_calls = 0;
  /// Answers that were failures the script did not want.
  std::size_t failures = 0;
  std::chrono::milliseconds lasted{0};
  /// Of the whole course.
  std::uint64_t hash = 0;
};

[[nodiscard]] actor_run_report run_actor_fault(const actor_run_choice& choice);

} // namespace nats_mcp::fault
