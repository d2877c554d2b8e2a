// SPDX-License-Identifier: MIT
// What stands under `key.…` in the bucket `agent_sessions`: the GUID to which an agent of this
// name, user, computer and project returns, and every other GUID agents of that name have or had.
// A GUID stands there before anybody can write to it, so that mail to one whose process died is
// found by whoever comes next (docs/decisions/0021-former-inboxes.md).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nats_mcp::agents {

struct way_back {
  /// Empty: whoever comes next is its own.
  std::string guid;
  /// Oldest first; without `guid`, and none twice.
  std::vector<std::string> others;

  friend bool operator==(const way_back&, const way_back&) = default;
};

/// Whether this GUID is found by it.
[[nodiscard]] bool leads_to(const way_back& way, std::string_view guid);
/// Makes this GUID the one that is returned to; who was that until now is one of the others.
void lead_back_to(way_back& way, std::string guid);
/// Adds this GUID. @returns false if it is not found by it and there is no room.
[[nodiscard]] bool add_other(way_back& way, std::string guid);
void forget(way_back& way, std::string_view guid);

[[nodiscard]] std::string write_way_back(const way_back& way, std::string_view write_id);
/// What cannot be read leads nowhere.
[[nodiscard]] way_back read_way_back(std::string_view value);

} // namespace nats_mcp::agents
