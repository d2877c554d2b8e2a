// SPDX-License-Identifier: MIT
// The tools of those who do the work of others: claiming an item, holding it, and how that ends.
// Include protocol/tools/work_tools.hpp.
#pragma once

#include "protocol/error.hpp"
#include "protocol/json/value.hpp"
#include "protocol/tools/work_facts.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace nats_mcp::tools {

struct tool_declaration;

struct claim_work_arguments {
  /// Absent: every capability the agent registered.
  std::optional<std::string> capability;
  /// How long to wait for work when there is none.
  std::chrono::milliseconds timeout{0};
};

struct claimed_work {
  std::string work_item_id;
  std::string task_id;
  std::string capability;
  std::int64_t priority = 5;
  std::int64_t attempt = 1;
  std::int64_t attempts_max = 3;
  work_lease lease;
  /// RFC 3339.
  std::string deadline;
  std::string description;
  json::value context_data = json::value::object();
  std::string offered_by_guid;
  std::string offered_by_handle;
  /// RFC 3339.
  std::string offered_at;
  /// What those before had to say, oldest first.
  std::vector<work_attempt> earlier_attempts;
};

struct claim_work_result {
  /// Absent: there was none.
  std::optional<claimed_work> work;
  /// What was looked for.
  std::vector<std::string> capabilities;
  /// How long it was waited for.
  std::chrono::milliseconds waited{0};
};

/// At least one of progress and note; checked by `check`.
struct report_progress_arguments {
  std::string work_item_id;
  std::optional<double> progress;
  std::optional<std::string> note;
};
struct report_progress_result {
  std::string work_item_id;
  std::optional<double> progress;
  work_lease lease;
};

struct complete_work_arguments {
  std::string work_item_id;
  std::optional<std::string> summary;
  /// An object.
  json::value result = json::value::object();
};
struct complete_work_result {
  std::string work_item_id;
  std::string task_id;
  /// It was completed with this result before: nothing changed.
  bool completed_before = false;
};

struct fail_work_arguments {
  std::string work_item_id;
  std::string error;
  bool retryable = true;
  /// Absent: a delay that grows with each attempt.
  std::optional<std::chrono::milliseconds> retry_after;
};
struct fail_work_result {
  std::string work_item_id;
  /// Whether it will be tried again; else it is with the dead letters.
  bool retried = true;
  /// The next attempt, if there is one.
  std::int64_t attempt = 2;
  std::int64_t attempts_max = 3;
  /// RFC 3339: not before then; empty without another attempt.
  std::string not_before;
  /// Why it is dead; empty with another attempt.
  std::string reason;
  /// Why it is not in the list of dead letters yet; empty when it is.
  std::string not_listed;
};

struct release_work_arguments {
  std::string work_item_id;
};
struct release_work_result {
  std::string work_item_id;
  std::string capability;
};

/// What a schema cannot say: something to report, the size of a result, no delay for what nobody
/// tries again. @returns `ec::invalid_argument`.
[[nodiscard]] result<void> check(const report_progress_arguments& arguments);
[[nodiscard]] result<void> check(const complete_work_arguments& arguments);
[[nodiscard]] result<void> check(const fail_work_arguments& arguments);

[[nodiscard]] std::string render(const claim_work_result& outcome);
[[nodiscard]] std::string render(const report_progress_result& outcome);
[[nodiscard]] std::string render(const complete_work_result& outcome);
[[nodiscard]] std::string render(const fail_work_result& outcome);
[[nodiscard]] std::string render(const release_work_result& outcome);

/// The declarations, in the order of the listing.
[[nodiscard]] std::vector<tool_declaration> work_holding_tools();

} // namespace nats_mcp::tools
