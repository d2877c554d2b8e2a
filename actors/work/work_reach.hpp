// SPDX-License-Identifier: MIT
// Whose work a part looks after.
#pragma once

#include <cstdint>

namespace nats_mcp {

enum class work_reach : std::uint8_t {
  /// What an agent of one project may see: what is public, and its project's.
  own,
  /// All projects', of all capabilities: a coordinator's.
  everything,
};

} // namespace nats_mcp
