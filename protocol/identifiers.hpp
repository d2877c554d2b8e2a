// SPDX-License-Identifier: MIT
// Identifiers as types of their own, so that no two of them can be swapped.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

namespace nats_mcp {

/// One tool call while it runs; unique as long as the process lives, across restarts of the
/// session.
enum class call_id : std::uint64_t {};

/// Fresh random bits for ids, jitter and write ids. The real source asks the operating system and
/// may be called from any thread; a simulation's is seeded.
using random_source = std::function<std::uint64_t()>;

/// A UUID version 4 in lower case, such as `550e8400-e29b-41d4-a716-446655440000`.
[[nodiscard]] std::string make_uuid(const random_source& random);

} // namespace nats_mcp
