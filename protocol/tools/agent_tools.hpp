// SPDX-License-Identifier: MIT
// Arguments and results of the tools around the agent registry, as values, and the texts made of
// them. Their declarations stand in agent_tools.cpp and agent_fields.cpp; the actors see only these
// structs.
#pragma once

#include "protocol/agents/visibility.hpp"
#include "protocol/error.hpp"
#include "protocol/tools/agent_summary.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nats_mcp::tools {

struct tool_declaration;

struct register_agent_arguments {
  std::string agent_type;
  std::vector<std::string> capabilities;
  agents::visibility visibility = agents::visibility::project_only;
  /// Absent: the session's handle, else one made of the type.
  std::optional<std::string> handle;
};

/// Somebody of the same name who may be this agent's predecessor, killed a moment ago: too early to
/// tell, so the agent has a GUID of its own.
struct likely_predecessor {
  std::chrono::milliseconds seen_ago{0};
  /// From then on `register_agent` returns to its GUID, unless it gives a sign of life.
  std::chrono::milliseconds free_in{0};
};

struct register_agent_result {
  std::string guid;
  std::string handle;
  std::chrono::milliseconds heartbeat_interval{0};
  /// The GUID was that of an earlier process of this agent, whose mail is this one's now.
  bool returned = false;
  std::optional<likely_predecessor> predecessor{};
};

/// All that are given have to match. Types, hostnames and projects are plain texts; capabilities
/// are compared with `equal_but_for_case`.
struct discover_agents_arguments {
  std::optional<std::string> agent_type;
  std::optional<std::string> capability;
  std::optional<std::string> hostname;
  std::optional<std::string> project_id;
  /// Without it: online and busy ones, or all with `include_offline`.
  std::optional<effective_status> status;
  bool include_offline = false;
  std::int64_t limit = 50;
  /// The `next_cursor` of an earlier answer.
  std::optional<std::string> cursor;
};

struct discover_agents_result {
  /// Most recently seen first.
  std::vector<agent_summary> agents;
  /// How many match in all, those before the cursor included.
  std::uint64_t total = 0;
  /// Empty: these were the last.
  std::string next_cursor;
  /// There are more agents than one process keeps in view: some may be missing.
  bool incomplete = false;
  /// What NATS does not let this process see.
  std::vector<agents::visibility> not_allowed{};
};

/// Exactly one of the two; checked by `check`.
struct get_agent_info_arguments {
  std::optional<std::string> guid;
  std::optional<std::string> handle;
};

struct get_agent_info_result {
  agent_summary agent;
};

/// At least one of them; checked by `check`.
struct update_presence_arguments {
  std::optional<agent_status> status;
  std::optional<std::int64_t> current_task_count;
  std::optional<std::vector<std::string>> capabilities;
};

/// One thing that was changed, or set to what it was.
template <class Value>
struct change_of {
  Value before{};
  Value after{};
};

struct update_presence_result {
  std::optional<change_of<agent_status>> status;
  std::optional<change_of<std::int64_t>> current_task_count;
  std::optional<change_of<std::vector<std::string>>> capabilities;
};

struct deregister_agent_arguments {};

struct deregister_agent_result {
  std::string guid;
  std::string handle;
};

/// What a schema cannot say (either-or). @returns `ec::invalid_argument`.
[[nodiscard]] result<void> check(const get_agent_info_arguments& arguments);
[[nodiscard]] result<void> check(const update_presence_arguments& arguments);

/// The handle an agent gets that has none: its type in lower case, other characters as `-`.
[[nodiscard]] std::string handle_of_type(std::string_view agent_type);

/// The answer of a tool that needs registration to one who is not registered.
[[nodiscard]] error not_registered();

[[nodiscard]] std::string_view to_text(agent_status status) noexcept;
[[nodiscard]] std::string_view to_text(effective_status status) noexcept;
[[nodiscard]] std::string_view to_text(agents::visibility seen_by) noexcept;

/// What to do about it, in a sentence.
[[nodiscard]] std::string remark(const likely_predecessor& who);

[[nodiscard]] std::string render(const register_agent_result& outcome);
[[nodiscard]] std::string render(const discover_agents_result& outcome);
[[nodiscard]] std::string render(const get_agent_info_result& outcome);
[[nodiscard]] std::string render(const update_presence_result& outcome);
[[nodiscard]] std::string render(const deregister_agent_result& outcome);

/// The declarations, in the order of the listing.
[[nodiscard]] std::vector<tool_declaration> agent_tools();

} // namespace nats_mcp::tools
