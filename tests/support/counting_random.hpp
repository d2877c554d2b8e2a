// SPDX-License-Identifier: MIT
// Random numbers of a test: the same each time, and never one twice.
#pragma once

#include "protocol/identifiers.hpp"

#include <cstdint>

namespace nats_mcp::testing {

/// Numbers that never repeat: nothing here depends on which they are.
inline random_source counting_from(std::uint64_t seed) {
  return [state = seed]() mutable {
    state += 0x9e3779b97f4a7c15ULL;
    const auto mixed = (state ^ (state >> 30U)) * 0xbf58476d1ce4e5b9ULL;
    return mixed ^ (mixed >> 31U);
  };
}

} // namespace nats_mcp::testing
