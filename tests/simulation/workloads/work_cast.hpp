// SPDX-License-Identifier: MIT
// Who there is in a world of work, and who can do what.
#pragma once

#include "tests/simulation/workloads/agent_world.hpp"
#include "tests/simulation/world/dice.hpp"

#include <array>
#include <cstddef>
#include <string>
#include <vector>

namespace nats_mcp::simulation {

/// What work needs; most are names that no subject could hold as they are.
inline constexpr std::array work_capabilities{"c++", "node.js", "code review", "cobol"};

[[nodiscard]] inline std::string worker_handle(std::size_t agent) {
  return "agent-" + std::to_string(agent);
}

[[nodiscard]] inline std::string worker_project(std::size_t agent) { return project_of(agent % 2); }

/// Every agent can do two things; among eight everything is done by two, in both projects.
[[nodiscard]] inline std::vector<std::string> worker_abilities(std::size_t agent) {
  const auto count = work_capabilities.size();
  const auto first = agent % count;
  return {work_capabilities.at(first), work_capabilities.at((first + 1) % count)};
}

/// @pre there are some
template <class T>
[[nodiscard]] const T& one_of(const std::vector<T>& all, dice& chance) {
  return all[chance.below(all.size())];
}

} // namespace nats_mcp::simulation
