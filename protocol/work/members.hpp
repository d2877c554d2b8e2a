// SPDX-License-Identifier: MIT
// The members that several payloads of work have in common, read out of what anybody may have
// written: absent, of the wrong type and beyond a bound are one ordinary case.
#pragma once

#include "protocol/json/value.hpp"
#include "protocol/time.hpp"
#include "protocol/work/work_item.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace nats_mcp::work {

/// At most `limits::work_note_bytes_max` of a reason, an error or a note.
[[nodiscard]] std::string kept_note(std::string_view text);

/// A note; empty without one.
[[nodiscard]] std::string note_member(const json::value& object, std::string_view key);
/// An object; an empty one without one.
[[nodiscard]] json::value object_member(const json::value& object, std::string_view key);
[[nodiscard]] std::optional<wall_time> time_member(const json::value& object, std::string_view key);
/// A number from 0 to 100.
[[nodiscard]] std::optional<double> progress_member(const json::value& object,
                                                    std::string_view key);
[[nodiscard]] std::uint32_t count_member(const json::value& object, std::string_view key,
                                         std::uint32_t otherwise);
/// `gen`, from 1.
[[nodiscard]] std::uint64_t generation_member(const json::value& object);

[[nodiscard]] json::value party_to_json(const party& who);
/// Without a GUID that is one, nobody's.
[[nodiscard]] party party_member(const json::value& object, std::string_view key);

} // namespace nats_mcp::work
