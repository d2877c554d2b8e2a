// SPDX-License-Identifier: MIT
// The tools of those who have work for others: offering an item and taking it back. Include
// protocol/tools/work_tools.hpp.
#pragma once

#include "protocol/error.hpp"
#include "protocol/json/value.hpp"
#include "protocol/tools/work_facts.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace nats_mcp::tools {

struct tool_declaration;

/// Who may take an item: everybody, or the agents of the offerer's project.
enum class work_scope : std::uint8_t { public_, project };

struct broadcast_work_offer_arguments {
  std::string task_id;
  /// Exactly one of the two; `required_capability` is the other one's older name. See
  /// `capability_of`.
  std::optional<std::string> capability;
  std::optional<std::string> required_capability;
  std::string description;
  std::int64_t priority = 5;
  /// RFC 3339, in the future.
  std::optional<std::string> deadline;
  /// An object.
  json::value context_data = json::value::object();
  work_scope scope = work_scope::public_;
  /// Only this agent gets it.
  std::optional<std::string> assign_to;
  std::optional<std::string> idempotency_key;
  /// The offerer is told when somebody takes it, not only how it ends.
  bool notify_claim = false;
  /// A coordinator gives it to one worker after another, instead of a queue.
  bool coordinated = false;
  /// With `coordinated`: this agent first, if it can.
  std::optional<std::string> preferred_worker;
};

[[nodiscard]] const std::string& capability_of(const broadcast_work_offer_arguments& arguments);

/// Only ever made after JetStream's acknowledgement: the item is in its queue, or with the
/// coordinators.
struct broadcast_work_offer_result {
  std::string work_item_id;
  std::string task_id;
  std::string capability;
  std::int64_t priority = 5;
  /// RFC 3339.
  std::string deadline;
  /// Its idempotency key was used before: this is that item, and nothing was published.
  bool offered_before = false;
  /// Which arguments were others then, as a list in words; empty: none.
  std::string differs;
  /// Only this agent gets it; empty: whoever can do it.
  std::string assigned_to;
  /// A coordinator gives it to one worker after another.
  bool coordinated = false;
  /// Offered before: what has become of it since; one that is over is not worked on again.
  std::optional<work_state> state;
};

struct cancel_work_arguments {
  std::string work_item_id;
  std::optional<std::string> reason;
};
struct cancel_work_result {
  std::string work_item_id;
  /// The handle of whoever was working on it; empty if nobody was.
  std::string taken_from;
  /// It was cancelled before: nothing changed.
  bool cancelled_before = false;
};

/// What a schema cannot say: one capability, the size of the context, who chooses the worker.
/// @returns `ec::invalid_argument`.
[[nodiscard]] result<void> check(const broadcast_work_offer_arguments& arguments);

[[nodiscard]] std::string render(const broadcast_work_offer_result& outcome);
[[nodiscard]] std::string render(const cancel_work_result& outcome);

/// The declarations, in the order of the listing.
[[nodiscard]] std::vector<tool_declaration> work_offer_tools();

} // namespace nats_mcp::tools
