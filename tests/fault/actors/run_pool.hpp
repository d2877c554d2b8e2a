// SPDX-License-Identifier: MIT
// Runs many crashes in several processes. Each worker plays the session once; at every message at
// which somebody is to crash it forks, and the child is the run in which that happens: what comes
// before is played once for all, and a run that ends its process is a result as well.
#pragma once

#include "protocol/error.hpp"

#include "tests/fault/actors/crash_point.hpp"

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace nats_mcp::fault {

struct pool_result {
  /// The fault's place in the list.
  std::size_t place = 0;
  std::vector<std::string> violations;
};

[[nodiscard]] std::string write_pool_result(const pool_result& one);
[[nodiscard]] std::optional<pool_result> read_pool_result(const std::string& line);

/// Plays the session. @returns what is wrong with the run, in whichever process it ends.
using session_player = std::function<std::vector<std::string>(const crash_point::chooser& chooses)>;

/// Calls `on_result` once for each fault, in any order.
[[nodiscard]] result<void> run_in_pool(const std::vector<actor_fault>& faults, std::size_t jobs,
                                       const session_player& plays,
                                       const std::function<void(const pool_result&)>& on_result);

} // namespace nats_mcp::fault
