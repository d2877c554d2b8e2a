// SPDX-License-Identifier: MIT
// Reading members out of JSON that somebody else wrote (a NATS server, another agent): absent, of
// the wrong type and out of range are one ordinary case. Structures of our own use a field table
// instead.
#pragma once

#include "protocol/json/value.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace nats_mcp::json {

/// The text of member `key`, or an empty view when it is no string. Valid as long as `object`.
[[nodiscard]] std::string_view text_member(const value& object, std::string_view key) noexcept;

/// Member `key` as a whole number from 0 on, or nothing.
[[nodiscard]] std::optional<std::uint64_t> unsigned_member(const value& object,
                                                           std::string_view key) noexcept;

/// Member `key` as a whole number, or nothing.
[[nodiscard]] std::optional<std::int64_t> signed_member(const value& object,
                                                        std::string_view key) noexcept;

/// Member `key` as a boolean; absent or of another type is false.
[[nodiscard]] bool true_member(const value& object, std::string_view key) noexcept;

} // namespace nats_mcp::json
