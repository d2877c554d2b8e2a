// SPDX-License-Identifier: MIT
// What several answers about work say: leases, attempts, items. Values only.
#pragma once

#include "protocol/json/value.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nats_mcp::tools {

enum class work_state : std::uint8_t { pending, claimed, completed, dead, cancelled, discarded };

[[nodiscard]] std::string_view to_text(work_state state) noexcept;

/// How a description begins: what lists show of it, whatever the facts hold.
[[nodiscard]] std::string preview_of(std::string_view description);

/// How long an item is somebody's. Both RFC 3339.
struct work_lease {
  /// Without a renewal it is free for others then.
  std::string until;
  /// Renewed by the server until then, or until the next report.
  std::string held_until;
};

/// One attempt as others are told of it.
struct work_attempt {
  std::int64_t number = 1;
  std::string worker_guid;
  std::string worker_handle;
  /// RFC 3339.
  std::string started_at;
  /// RFC 3339; empty while it is under way.
  std::string ended_at;
  /// `open`, `completed`, `failed`, `released`, `lease-over` or `cancelled`.
  std::string end;
  std::string error;
  std::string note;
  std::optional<double> progress;
};

/// An item in a list.
struct work_summary {
  std::string work_item_id;
  std::string task_id;
  std::string capability;
  std::int64_t priority = 5;
  work_state state = work_state::pending;
  /// Whoever holds it; empty if nobody does.
  std::string worker_handle;
  std::int64_t attempt = 0;
  std::int64_t attempts_max = 3;
  std::optional<double> progress;
  /// All of it; a list shows its `preview_of`.
  std::string description;
  /// RFC 3339.
  std::string updated_at;
  /// `project`; empty: whoever can do it, wherever.
  std::string scope;
  /// Only this agent gets it; empty: whoever can do it.
  std::string assigned_to{};
  /// A coordinator gives it to one worker after another.
  bool coordinated = false;
  /// RFC 3339; while its worker has not claimed it: somebody else gets it then.
  std::string assigned_until{};
};

/// Everything about one item.
struct work_status {
  work_summary summary;
  std::string worker_guid;
  /// RFC 3339; empty unless it is claimed.
  std::string lease_until;
  /// RFC 3339; empty unless it rests after a failure.
  std::string not_before;
  /// RFC 3339.
  std::string deadline;
  std::string offered_by_guid;
  std::string offered_by_handle;
  std::string offered_at;
  std::string note;
  /// With `completed`.
  std::string completion_summary;
  json::value result = json::value::object();
  /// With `dead` and `cancelled`.
  std::string reason;
  /// Oldest first.
  std::vector<work_attempt> attempts;
};

} // namespace nats_mcp::tools
