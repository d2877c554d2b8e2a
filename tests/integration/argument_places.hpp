// SPDX-License-Identifier: MIT
// Arguments of tools made from their published schemas alone, so that a tool that is added is
// covered by itself: calls that make sense, and the same with one string replaced.
#pragma once

#include "protocol/json/value.hpp"

#include <string>
#include <vector>

namespace nats_mcp::testing {

/// A string somewhere in a tool's arguments.
struct argument_place {
  std::string tool;
  /// Such as `channel` or `channels[]`.
  std::string name;
  /// Calls in which the string stands at this place and nothing else is wrong, as JSON with the
  /// string `replaced`.
  std::vector<json::value> calls;
};

/// What stands where the string goes.
inline constexpr auto replaced = "REPLACED";

/// Every string argument of every tool of a `tools/list` result; free objects have two, a member
/// and its name.
[[nodiscard]] std::vector<argument_place> string_places(const json::value& tools);

/// `call` with `text` in the place.
[[nodiscard]] json::value with_text(const json::value& call, const std::string& text);

} // namespace nats_mcp::testing
