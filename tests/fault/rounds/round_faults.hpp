// SPDX-License-Identifier: MIT
// What can happen to those on the stage, each with its healing; which comes next a seed decides.
#pragma once

#include "tests/fault/rounds/round_stage.hpp"

#include <functional>
#include <random>
#include <string>
#include <vector>

namespace nats_mcp::testing {

struct round_fault {
  /// `agent: answers lost`, `node that leads killed`, …
  std::string kind;
  /// Two faults of one round have different ones.
  std::string victim;
  std::function<void()> apply;
  /// Afterwards everybody has to work again.
  std::function<void()> heal;
};

/// Every kind of fault there is for such a NATS.
[[nodiscard]] std::vector<std::string> fault_kinds(round_nats::kind nats);

/// One of this kind, with its victim.
[[nodiscard]] round_fault make_fault(const std::string& kind, round_stage& stage,
                                     std::mt19937_64& chance);

} // namespace nats_mcp::testing
