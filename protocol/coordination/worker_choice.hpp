// SPDX-License-Identifier: MIT
// Who gets an item: one pure function over what is known of the agents. Deterministic: two
// coordinators that know the same choose the same.
#pragma once

#include "protocol/agents/visibility.hpp"
#include "protocol/time.hpp"
#include "protocol/tools/agent_tools.hpp"
#include "protocol/work/work_item.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace nats_mcp::coordination {

/// An agent as it comes into question.
struct candidate {
  agents::principal who;
  std::string handle;
  agents::visibility seen_by = agents::visibility::project_only;
  tools::effective_status status = tools::effective_status::offline;
  std::vector<std::string> capabilities;
  /// As it says itself; work from elsewhere too.
  std::int64_t current_tasks = 0;
  /// Items given to it that it has not claimed, and items it holds.
  std::uint32_t waiting = 0;
  std::uint32_t held = 0;
  /// When it last got or finished an item; the beginning of time: never, as far as known.
  wall_time busy_at{};
};

struct wanted_worker {
  const work::work_item& item;
  /// Of the item's offerer: a worker it may not see is not told to it.
  const agents::principal& offerer;
  /// GUID; empty: none.
  const std::string& preferred;
  /// GUIDs of those that had their turn.
  const std::vector<std::string>& not_these;
};

/// Null when nobody comes into question. Who does is online or busy, has the capability, belongs to
/// the project if the item is one's, may be seen by the offerer, and has fewer than
/// `limits::assigned_waiting_max` items waiting. The offerer itself only if it is preferred.
/// The preferred one is taken if it comes into question; else of those online, or if nobody is, of
/// the busy: the one with the fewest items, then the one that has been idle for longest, then the
/// lowest GUID.
[[nodiscard]] const candidate* choose_worker(const std::vector<candidate>& all,
                                             const wanted_worker& wanted);

/// How many such items those who come into question could be given, all together.
[[nodiscard]] std::size_t places_for(const std::vector<candidate>& all,
                                     const wanted_worker& wanted);

} // namespace nats_mcp::coordination
