// SPDX-License-Identifier: MIT
// The numbers of a coordinator for whoever scrapes it (metrics.hpp). Pure.
#pragma once

#include "protocol/coordination/metrics.hpp"
#include "protocol/coordination/work_view.hpp"
#include "protocol/time.hpp"
#include "protocol/tools/agent_tools.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace nats_mcp::coordination {

/// Whether what comes from NATS is as it is there now.
enum class sight : bool { stale, fresh };

struct coordinator_numbers {
  /// Without a fresh sight only what belongs to the process is told: a number that was true once
  /// looks like one that is.
  sight seen = sight::fresh;
  wall_time server_now{};
  bool is_leader = false;
  std::uint64_t term = 0;
  std::vector<tools::agent_summary> agents;
  /// Assignments made and taken back since the process started.
  std::uint64_t assignments = 0;
  std::uint64_t reassignments = 0;
  /// Requests nobody could be given yet.
  std::uint64_t unplaced = 0;
  /// Restarts by actor.
  std::vector<std::pair<std::string, std::uint64_t>> restarts;
  std::uint64_t reconnects = 0;
  /// Absent: not known.
  std::optional<std::chrono::microseconds> round_trip;
};

[[nodiscard]] std::vector<metric_family> metric_families(const coordinator_numbers& numbers,
                                                         const work_view& work);

} // namespace nats_mcp::coordination
