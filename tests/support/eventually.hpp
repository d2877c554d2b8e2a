// SPDX-License-Identifier: MIT
// Waiting in tests of real processes: on a condition, with a deadline, and with the last thing seen
// in the failure's text. Never for a fixed time.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <poll.h>
#include <string>

namespace nats_mcp::testing {

/// What a look found: whether it is what the test waits for, and what it was.
struct observation {
  bool holds = false;
  std::string seen;
};

/// A condition whose truth says all there is to say.
inline observation observed(bool holds) { return {holds, {}}; }
inline observation observed(observation seen) { return seen; }

/// Looks again and again until the observation holds or `within` is over.
/// Use: `EXPECT_TRUE(eventually(5s, [&] { return observation{count() == 2,
/// std::to_string(count())}; }))`.
template <class Look>
::testing::AssertionResult eventually(std::chrono::milliseconds within, Look look) {
  const auto deadline = std::chrono::steady_clock::now() + within;
  for (;;) {
    const auto last = observed(look());
    if (last.holds) {
      return ::testing::AssertionSuccess();
    }
    if (std::chrono::steady_clock::now() >= deadline) {
      return ::testing::AssertionFailure()
             << "did not come true within " << within.count() << " ms; last seen: " << last.seen;
    }
    ::poll(nullptr, 0, 2);
  }
}

} // namespace nats_mcp::testing
