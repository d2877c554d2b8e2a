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

/// What is no growth yet: as long as one of both is not exceeded.
struct growth_bounds {
  std::int64_t amount = 0;
  /// Of what it was before; 0.05 is a twentieth.
  double part = 0;
};

/// In an hour in which no memory was lost these medians differed by an eighth of this at most,
/// single figures of one process by two thirds.
inline constexpr growth_bounds memory_bounds{1024 * 1024, 0.05};
/// Fewer in a third of the time say nothing.
inline constexpr std::size_t figures_min = 3;

/// The first third, in which caches and streams fill up, is never what growth is measured by.
struct growth_verdict {
  /// The median of the first third.
  std::int64_t at_first = 0;
  /// Of memory the median of the second third; of what is counted the most there was before the
  /// last.
  std::int64_t before = 0;
  /// The median of the last third.
  std::int64_t after = 0;
  bool grew = false;
};

/// @param figures in the order of their times @returns nothing when there are too few of them.
[[nodiscard]] std::optional<growth_verdict> judge_growth(const std::vector<figure>& figures,
                                                         const growth_bounds& bounds);

/// The same of what goes up and down in whole steps, such as with who leads just now: it grows when
/// there is mostly more in the last third than there ever was before.
[[nodiscard]] std::optional<growth_verdict> judge_count(const std::vector<figure>& figures);

} // namespace nats_mcp::testing
