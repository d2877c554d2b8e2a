// SPDX-License-Identifier: MIT
// JSON as the program sees it. The library is included here and nowhere else, so that limits on
// what strangers may send (depth, members) and the never-failing writer hold for every byte we read
// or write.
#pragma once

#include "protocol/error.hpp"

#include <nlohmann/json.hpp>

#include <optional>
#include <string>
#include <string_view>

// Its members are compiled once, in value.cpp, and not again in every file.
extern template class nlohmann::basic_json<nlohmann::ordered_map>;

namespace nats_mcp::json {

/// A JSON value; objects keep the order in which members were written.
using value = nlohmann::ordered_json;

/// Parses one complete JSON text. Bounded in depth and in members per object (protocol/limits.hpp).
/// Integers beyond 64 bits under the keys `id`, `requestId` and `progressToken` are kept digit by
/// digit (see `integer_text`), since JSON-RPC has us echo them exactly. Of two members with the
/// same key the last one wins; half a surrogate pair, written as an escape, becomes U+FFFD.
/// @returns `ec::malformed` with the byte position, `ec::limit_exceeded` beyond a bound.
[[nodiscard]] result<value> parse(std::string_view text);

/// The scalar member `key` of a JSON object that `parse` refused for a bound, so that its sender
/// can be answered; nothing when the text is not JSON at all or has no such member.
[[nodiscard]] std::optional<value> scan_member(std::string_view text, std::string_view key);

/// One line of compact JSON: no raw control characters, valid UTF-8 (broken bytes become U+FFFD).
/// Never fails.
[[nodiscard]] std::string write(const value& document);

/// The digits of an integer exactly as they were sent, or an empty string when `number` is none.
[[nodiscard]] std::string integer_text(const value& number);

/// The member `key` of `object`, or null when `object` is no object or has no such member.
[[nodiscard]] const value* find(const value& object, std::string_view key) noexcept;
[[nodiscard]] value* find(value& object, std::string_view key) noexcept;

} // namespace nats_mcp::json
