// SPDX-License-Identifier: MIT
// Whose turn it is when an item goes from one worker to the next: everybody has one before anybody
// has another.
#pragma once

#include "protocol/coordination/assignment_request.hpp"
#include "protocol/work/item_record.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace nats_mcp::coordination {

/// The GUID of the best worker for it (worker_choice.hpp), none of `not_these`; nothing when there
/// is none.
using worker_rule = std::function<std::optional<std::string>(
  const assignment_request& request, const std::vector<std::string>& not_these)>;

struct chosen_worker {
  std::string guid;
  /// GUIDs of those that had their turn.
  std::vector<std::string> passed_over;
};

/// Never the one that has it. Nothing when there is nobody else. @param record null: there is none.
[[nodiscard]] std::optional<chosen_worker> next_worker(const worker_rule& choose,
                                                       const assignment_request& request,
                                                       const work::item_record* record);

} // namespace nats_mcp::coordination
