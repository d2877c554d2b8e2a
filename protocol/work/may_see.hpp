// SPDX-License-Identifier: MIT
// Which items a process may know of: those for everybody, those of its own project, and whatever
// its agent has offered or is to do (docs/wire.md, "Work").
#pragma once

#include "protocol/work/item_record.hpp"

#include <string>

namespace nats_mcp::work {

/// @param guid empty: no agent.
[[nodiscard]] inline bool may_see(const item_record& record, const std::string& guid,
                                  const std::string& project_id) {
  const auto& item = record.item;
  if (item.scope == public_scope || item.scope == project_id) {
    return true;
  }
  return !guid.empty() && (item.offered_by.guid == guid || item.assigned_to == guid);
}

} // namespace nats_mcp::work
