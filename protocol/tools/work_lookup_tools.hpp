// SPDX-License-Identifier: MIT
// The tools of those who want to know what became of work: one item, a task, or what there is. They
// change nothing. Include protocol/tools/work_tools.hpp.
#pragma once

#include "protocol/error.hpp"
#include "protocol/tools/work_facts.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace nats_mcp::tools {

struct tool_declaration;

/// Exactly one of the two; checked by `check`.
struct get_work_status_arguments {
  std::optional<std::string> work_item_id;
  std::optional<std::string> task_id;
};
struct get_work_status_result {
  /// One item, or all items of the task, oldest first.
  std::vector<work_status> items;
  /// There are more items of this task than are shown.
  bool more = false;
};

struct list_work_arguments {
  std::optional<std::string> capability;
  /// Absent: what is pending or claimed.
  std::optional<work_state> state;
  std::int64_t limit = 20;
  /// The `next_cursor` of an earlier answer.
  std::optional<std::string> cursor;
};
struct list_work_result {
  /// Those unchanged for the longest first.
  std::vector<work_summary> items;
  /// Empty: these were the last. Not empty although `items` is: nothing that matches so far.
  std::string next_cursor;
};

/// What a schema cannot say (either-or). @returns `ec::invalid_argument`.
[[nodiscard]] result<void> check(const get_work_status_arguments& arguments);

[[nodiscard]] std::string render(const get_work_status_result& outcome);
[[nodiscard]] std::string render(const list_work_result& outcome);

/// The declarations, in the order of the listing.
[[nodiscard]] std::vector<tool_declaration> work_lookup_tools();

} // namespace nats_mcp::tools
