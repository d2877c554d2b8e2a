// SPDX-License-Identifier: MIT
// NATS subjects and patterns: which subject a pattern matches, and how patterns relate. The
// server's rules for streams, consumers, permissions and subscriptions all come down to these.
#pragma once

#include <string_view>
#include <vector>

namespace nats_mcp::simulation {

/// The parts between the dots.
[[nodiscard]] std::vector<std::string_view> tokens_of(std::string_view subject);

/// No wildcard token in it.
[[nodiscard]] bool is_literal(std::string_view subject);

/// Non-empty tokens, and `>` only at the end. A literal subject is a valid pattern.
[[nodiscard]] bool is_valid_pattern(std::string_view pattern);

/// Whether a literal `subject` is one of `pattern`.
[[nodiscard]] bool matches(std::string_view pattern, std::string_view subject);

/// Whether every subject of `inner` is one of `outer`.
[[nodiscard]] bool is_subset(std::string_view inner, std::string_view outer);

/// Whether some subject belongs to both patterns.
[[nodiscard]] bool overlap(std::string_view left, std::string_view right);

} // namespace nats_mcp::simulation
