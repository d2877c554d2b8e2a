// SPDX-License-Identifier: MIT
// Judges a history of work together with what NATS holds in the end: every item that was accepted
// is completed once, dead, cancelled or still in its queue; none twice, none lost, and nobody got
// what somebody else still held. Pure.
#pragma once

#include "tests/fault/work_history.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace nats_mcp::testing {

/// What NATS holds of one item.
struct item_content {
  /// `pending`, `claimed`, …; nothing: there is no record.
  std::optional<std::string> state;
  std::string summary;
  std::uint32_t attempts_begun = 0;
  std::uint32_t attempts_max = 0;
  /// Attempts in the record that were not given back.
  std::uint32_t attempts_listed = 0;
  bool in_queue = false;
  bool in_dead_letters = false;
};

using work_content = std::map<std::string, item_content>;

struct work_rules {
  /// The shortest lease a claim has.
  std::chrono::milliseconds lease{0};
  /// Tasks whose offers bear an idempotency key.
  std::set<std::string> keyed_tasks;
};

/// Every item the history knows.
[[nodiscard]] std::set<std::string> items_of(const std::vector<work_event>& events);

/// What is wrong, a sentence each. Empty: nothing is.
[[nodiscard]] std::vector<std::string> check_work(const std::vector<work_event>& events,
                                                  const work_content& content,
                                                  const work_rules& rules);

} // namespace nats_mcp::testing
