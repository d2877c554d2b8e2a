// SPDX-License-Identifier: MIT
// What the workloads around agents have in common: how fast such a world lives, so that silence,
// take-over and return happen within one run, and how an answer becomes a fact.
#pragma once

#include "protocol/config/configuration.hpp"

#include "tests/simulation/checkers/channel_history.hpp"
#include "tests/simulation/world/request_history.hpp"
#include "tests/simulation/world/world_plan.hpp"

#include <chrono>
#include <cstddef>
#include <string>

namespace nats_mcp::simulation {

/// Between two signs of life of an agent.
inline constexpr std::chrono::milliseconds agent_interval{5'000};
/// An agent that lives is known to live, and one that died to be dead, so long after the last
/// fault.
inline constexpr auto agents_settle_within = 4 * agent_interval;

/// Processes stay away, stand still and agents rest for up to six intervals. Every second process
/// that takes the place of one that was killed is killed soon itself.
[[nodiscard]] world_rhythm agent_rhythm();

/// Signs of life every `agent_interval`. Calls end early enough that what is sent by an agent sure
/// of itself (2 intervals) is stored before anybody may replace it (3 intervals), all delays of the
/// fault plan included.
void set_up_agents(config::configuration& settings);

/// The id of a project by number.
[[nodiscard]] std::string project_of(std::size_t number);

/// The handle of an agent by number.
[[nodiscard]] std::string handle_of(std::size_t agent);
/// Which it goes by now and then.
[[nodiscard]] std::string other_handle_of(std::size_t agent);

[[nodiscard]] call_facts facts_of(const request_record& request);

} // namespace nats_mcp::simulation
