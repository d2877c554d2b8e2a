// SPDX-License-Identifier: MIT
// Arguments and results of the dead letter tools, as values, and the texts made of them. Their
// declarations stand in dead_letter_tools.cpp and dead_letter_fields.cpp; the actors see only these
// structs.
#pragma once

#include "protocol/error.hpp"
#include "protocol/tools/work_facts.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace nats_mcp::tools {

struct tool_declaration;

struct list_dead_letter_items_arguments {
  std::optional<std::string> capability;
  std::int64_t limit = 20;
  /// The `next_cursor` of an earlier answer.
  std::optional<std::string> cursor;
};

struct dead_letter_item {
  std::string id;
  std::string task_id;
  std::string capability;
  /// RFC 3339.
  std::string failed_at;
  std::int64_t attempts = 0;
  std::string reason;
  /// All of it; the list shows its `preview_of`.
  std::string description;
  /// Oldest first.
  std::vector<work_attempt> history;
};

struct list_dead_letter_items_result {
  /// Those that died first come first.
  std::vector<dead_letter_item> items;
  /// Empty: these were the last.
  std::string next_cursor;
};

/// Exactly one of item and capability; checked by `check`.
struct retry_dead_letter_item_arguments {
  std::optional<std::string> item_id;
  std::optional<std::string> capability;
  bool reset_attempts = false;
};

/// One item of a retry for a whole capability that stayed where it was.
struct retry_failure {
  std::string item_id;
  std::string reason;
};

struct retry_dead_letter_item_result {
  /// Absent after a retry for a whole capability.
  std::optional<std::string> item_id;
  std::string capability;
  bool attempts_reset = false;
  std::uint64_t retried = 1;
  /// How many are not, and the first of them.
  std::uint64_t failed = 0;
  std::vector<retry_failure> failures;
  /// There are more of this capability than were looked at: call it again.
  bool more = false;
};

struct discard_dead_letter_item_arguments {
  std::string item_id;
};
struct discard_dead_letter_item_result {
  std::string item_id;
};

/// What a schema cannot say (either-or). @returns `ec::invalid_argument`.
[[nodiscard]] result<void> check(const retry_dead_letter_item_arguments& arguments);

[[nodiscard]] std::string render(const list_dead_letter_items_result& outcome);
[[nodiscard]] std::string render(const retry_dead_letter_item_result& outcome);
[[nodiscard]] std::string render(const discard_dead_letter_item_result& outcome);

/// The declarations, in the order of the listing.
[[nodiscard]] std::vector<tool_declaration> dead_letter_tools();

} // namespace nats_mcp::tools
