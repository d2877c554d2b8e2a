// SPDX-License-Identifier: MIT
#include "tests/simulation/checkers/work_history.hpp"

namespace nats_mcp::simulation {

bool is_agent(const work_history& history, const std::string& guid, std::size_t agent) {
  const auto found = history.agents.find(guid);
  return found != history.agents.end() && found->second == agent;
}

bool is_during(const call_facts& call, const stored_when& when) noexcept {
  return when.order > call.asked && (!call.answered || when.order < *call.answered);
}

} // namespace nats_mcp::simulation
