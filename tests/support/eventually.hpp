// SPDX-License-Identifier: MIT
// Waiting in tests of real processes: on a condition, with a deadline, and with the last thing seen
// in the failure's text. Never for a fixed time.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <concepts>
#include <poll.h>
#include <string>
#include <type_traits>

namespace nats_mcp::testing {

/// What a look found: whether it is what the test waits for, and what it was.
struct observation {
  bool holds = false;
  std::string seen;
};

/// Looks again and again until the observation holds or `within` is over.
/// Use: `EXPECT_TRUE(eventually(5s, [&] { return observation{count() == 2,
/// std::to_string(count())}; }))`.
template <class Look>
  requires(std::convertible_to<std::invoke_result_t<Look&>, observation>)
::testing::AssertionResult eventually(std::chrono::milliseconds within, Look look) {
  const auto deadline = std::chrono::steady_clock::now() + within;
  for (;;) {
    const observation last = look();
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

/// The same for a condition whose truth says all there is to say.
template <class Condition>
  requires(std::convertible_to<std::invoke_result_t<Condition&>, bool>)
bool eventually(std::chrono::milliseconds within, Condition condition) {
  const auto look = [&] { return observation{condition(), {}}; };
  return static_cast<bool>(eventually(within, look));
}

} // namespace nats_mcp::testing
