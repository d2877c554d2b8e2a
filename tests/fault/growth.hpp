// SPDX-License-Identifier: MIT
// Judges whether something grows that was measured again and again while a program worked: memory,
// descriptors, threads, what a server keeps for it. Pure.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace nats_mcp::testing {

/// What was measured, and when since the beginning.
struct figure {
  std::chrono::milliseconds at{0};
  std::int64_t value = 0;
};

/// What is no growth yet: one of both is not exceeded.
struct growth_bounds {
  std::int64_t amount = 0;
  /// Of what it was before; 0.05 is a twentieth.
  double part = 0;
};

/// Memory under load goes up and down by this much on its own.
inline constexpr growth_bounds memory_bounds{2 * 1024 * 1024, 0.05};
/// What can be counted while nothing happens may not grow by one.
inline constexpr growth_bounds count_bounds{0, 0};
/// Fewer in a third of the time say nothing.
inline constexpr std::size_t figures_min = 3;

struct growth_verdict {
  /// Of the first third, in which caches and streams fill up, which is not judged.
  std::int64_t at_first = 0;
  /// Medians of the second and the last third of the time.
  std::int64_t before = 0;
  std::int64_t after = 0;
  bool grew = false;
};

/// @param figures in the order of their times @returns nothing when there are too few of them.
[[nodiscard]] std::optional<growth_verdict> judge_growth(const std::vector<figure>& figures,
                                                         const growth_bounds& bounds);

} // namespace nats_mcp::testing
