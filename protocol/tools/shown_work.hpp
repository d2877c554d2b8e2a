// SPDX-License-Identifier: MIT
// The pieces that several answers about work are made of. What agents wrote is made safe in here.
#pragma once

#include "protocol/json/value.hpp"
#include "protocol/tools/work_facts.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace nats_mcp::tools {

/// How the lines of a claim's answer begin that stand above what others wrote.
inline constexpr std::array<std::string_view, 9> claim_lines{
  "Work claimed!", "- Work Item ID:", "- Task ID:",  "- Capability:", "- Priority:",
  "- Attempt:",    "- Lease until:",  "- Deadline:", "- Offered by:",
};

/// `developer (550e8400-…)`; one of the two alone if the other is not known.
[[nodiscard]] std::string named(std::string_view handle, std::string_view guid);

/// `40%`, with at most one digit behind the point; never rounded up to what is not there yet.
[[nodiscard]] std::string percent(double progress);

/// `2 of 3`.
[[nodiscard]] std::string out_of(std::int64_t attempt, std::int64_t attempts_max);

/// Until when the item is held, and what makes that later.
[[nodiscard]] std::string shown_lease(const work_lease& lease);

/// `\n**Title:** text`, the text over several lines if it has them; nothing without a text.
[[nodiscard]] std::string titled(std::string_view title, std::string_view text);
/// The same with an object in one line; nothing for one that is empty.
[[nodiscard]] std::string titled_object(std::string_view title, const json::value& object);

/// A few lines for each attempt, each line feed first; nothing without attempts.
[[nodiscard]] std::string shown_attempts(const std::vector<work_attempt>& attempts);

/// Where an item is in its life: `claimed by developer, attempt 1 of 3 at 40%`.
[[nodiscard]] std::string shown_state(const work_summary& item);

} // namespace nats_mcp::tools
