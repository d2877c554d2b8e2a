// SPDX-License-Identifier: MIT
#include "tests/simulation/workloads/agent_world.hpp"

#include <algorithm>

namespace nats_mcp::simulation {

namespace {

/// With it, a partition and a slow server (1.5 s each) one after another fit into the interval.
constexpr std::chrono::milliseconds call_timeout_max{1'500};

} // namespace

world_rhythm agent_rhythm() {
  world_rhythm rhythm;
  rhythm.pause_min = std::chrono::milliseconds{40};
  rhythm.pause_max = std::chrono::milliseconds{800};
  rhythm.rest = 300;
  rhythm.rest_max = 6 * agent_interval;
  rhythm.freeze_max = 6 * agent_interval;
  rhythm.gone_max = 6 * agent_interval;
  // Before it could know that the one before it is gone: it is an agent of its own.
  rhythm.killed_again = 5'000;
  rhythm.killed_again_within = 2 * agent_interval;
  return rhythm;
}

void set_up_agents(config::configuration& settings) {
  settings.heartbeat_interval = agent_interval;
  settings.call_timeout = std::min(settings.call_timeout, call_timeout_max);
}

std::string project_of(std::size_t number) {
  return "00000000000000" + std::to_string(10 + number % 90);
}

std::string handle_of(std::size_t agent) { return "agent-" + std::to_string(agent); }

std::string other_handle_of(std::size_t agent) { return handle_of(agent) + "-too"; }

call_facts facts_of(const request_record& request) {
  call_facts call{request.agent, request.process, request.order, {}, request.success() != nullptr};
  if (!request.answers.empty()) {
    call.answered = request.answers.front().order;
  }
  return call;
}

} // namespace nats_mcp::simulation
