// SPDX-License-Identifier: MIT
// What must hold of the parts of all processes when one of them crashed once, and of the words in
// which callers heard of it.
#pragma once

#include "tests/fault/actors/actor_stage.hpp"
#include "tests/fault/actors/script_player.hpp"
#include "tests/simulation/world/request_history.hpp"

#include <chrono>
#include <map>
#include <string>
#include <vector>

namespace nats_mcp::fault {

/// A part that crashed is started again once, unless its process ends; nobody else fails, is given
/// up, killed or abandoned. @returns what does not hold.
[[nodiscard]] std::vector<std::string> judge_events(const std::vector<part_event>& events,
                                                    const std::string& crashed);

/// A failure nobody wanted says whether anything happened, or that it does not know; without a
/// crash there is none.
[[nodiscard]] std::vector<std::string>
judge_failures(const simulation::request_history& history,
               const std::map<std::size_t, asked_request>& asked, bool struck);

/// What was shown as read or unread long before the crash is not shown again: positions and
/// acknowledgements survive.
[[nodiscard]] std::vector<std::string>
judge_repetitions(const simulation::request_history& history,
                  const std::map<std::size_t, asked_request>& asked, monotonic_time struck_at);

/// Whoever waits for messages is told of one soon after it was stored, and not when its time is
/// over.
[[nodiscard]] std::vector<std::string>
judge_waits(const simulation::request_history& history,
            const std::map<std::size_t, asked_request>& asked);

} // namespace nats_mcp::fault
