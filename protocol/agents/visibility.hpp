// SPDX-License-Identifier: MIT
// Who may see whom, in one place: the decision itself, and the key of an entry, which carries it.
// A process watches and reads only keys it may see, so what it may not see never reaches it, and a
// NATS permission on a key pattern is a wall (docs/wire.md, "Agents").
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nats_mcp::agents {

enum class visibility : std::uint8_t { private_, project_only, user_only, public_ };

/// What visibility is decided by: of the one who looks, and of the one who is looked at.
struct principal {
  /// Empty: somebody who is not registered.
  std::string guid;
  std::string project_id;
  /// The hash of the user's name; empty when the name is not known: then it is nobody's.
  std::string user_hash;
};

/// Whether `viewer` may know that `owner` exists. One always sees oneself.
[[nodiscard]] bool may_see(const principal& viewer, const principal& owner, visibility of_owner);

/// The key of an agent in the buckets `agents` and `presence`; nothing for `user_only` without a
/// user.
[[nodiscard]] std::optional<std::string> agent_key(const principal& owner, visibility of_owner);

/// What a key says. `owner` is the project, the user's hash, or empty.
struct parsed_agent_key {
  visibility seen_by = visibility::private_;
  std::string_view owner;
  std::string_view guid;
};

/// The inverse; nothing for what is no such key. The views point into `key`.
[[nodiscard]] std::optional<parsed_agent_key> parse_agent_key(std::string_view key);

/// The patterns over keys that `viewer` may see, its own private entry included. They do not
/// overlap.
[[nodiscard]] std::vector<std::string> visible_patterns(const principal& viewer);

/// Whose entries such a pattern matches.
[[nodiscard]] visibility visibility_of_pattern(std::string_view pattern) noexcept;

/// The keys under which the agent `guid` may stand as far as `viewer` may see: at most four.
[[nodiscard]] std::vector<std::string> visible_keys(const principal& viewer, std::string_view guid);

/// How long a GUID is as text.
inline constexpr std::size_t guid_length = 36;

/// Whether the text is a UUID as this system writes them: 36 characters, lower case.
[[nodiscard]] bool is_guid(std::string_view text) noexcept;

} // namespace nats_mcp::agents
