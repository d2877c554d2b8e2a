// SPDX-License-Identifier: MIT
// What the agents of a world do, and how one judges it. A workload sets the scene, takes one step
// at a time for an agent, proves in the end that everything works again, and hands out the
// checkers of what it did. docs/simulation.md says how to add one.
#pragma once

#include "protocol/config/configuration.hpp"

#include "actors/agents/own_entry.hpp"

#include "tests/simulation/checkers/checker.hpp"
#include "tests/simulation/jetstream/server.hpp"
#include "tests/simulation/world/agent.hpp"
#include "tests/simulation/world/dice.hpp"
#include "tests/simulation/world/request_history.hpp"
#include "tests/simulation/world/world_plan.hpp"

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace nats_mcp::simulation {

class workload {
public:
  workload() = default;
  workload(const workload&) = delete;
  workload& operator=(const workload&) = delete;
  virtual ~workload() = default;

  /// How many agents it takes to make its point.
  [[nodiscard]] virtual std::size_t crowd() const { return 3; }

  /// How fast its agents live.
  [[nodiscard]] virtual world_rhythm rhythm() const { return {}; }

  /// How many coordinators there are.
  [[nodiscard]] virtual std::size_t coordinators() const { return 0; }

  /// What the processes are configured with.
  virtual void set_up(config::configuration& settings, dice& chance) = 0;

  /// What is different for the processes of one agent.
  virtual void settle(config::configuration& settings, std::size_t agent) const;

  /// Who runs the agent's processes, and where; the session's id is the world's affair.
  [[nodiscard]] virtual process_identity process_of(std::size_t agent) const;

  /// The agent does one thing: mostly a call. @pre it has a process
  virtual void step(agent& who) = 0;

  /// The faults are over: the agent proves that everything works for it. Called again and again,
  /// with pauses, until it has. @pre it has a process
  virtual void prove(agent& who) = 0;
  [[nodiscard]] virtual bool proved(const agent& who) const = 0;

  /// The run is over. The checkers judge what `requests` and `nats` hold; both outlive them.
  [[nodiscard]] virtual checkers check(const request_history& requests, server& nats) = 0;
};

/// The workloads there are, by the names `--workload` takes.
[[nodiscard]] std::vector<std::string_view> workload_names();

/// @returns null when there is none of that name.
[[nodiscard]] std::unique_ptr<workload> make_workload(std::string_view name);

} // namespace nats_mcp::simulation
