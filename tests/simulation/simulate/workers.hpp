// SPDX-License-Identifier: MIT
// Runs seeds in several processes: a seed that takes its process down is one failed seed, not the
// end of the search. A worker is a fork of the program that reports each seed over a pipe.
#pragma once

#include "tests/simulation/simulate/seed_range.hpp"
#include "tests/simulation/simulate/seed_result.hpp"

#include <cstddef>
#include <functional>

namespace nats_mcp::simulation {

/// Runs every seed of the range, `jobs` at a time, and calls `on_result` for each as it ends, in
/// any order. @returns `ec::system_error` when no process or pipe could be made.
[[nodiscard]] result<void> run_seeds(const seed_range& seeds, std::size_t jobs,
                                     const simulation_choice& choice,
                                     const std::function<void(const seed_result&)>& on_result);

} // namespace nats_mcp::simulation
