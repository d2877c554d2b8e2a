// SPDX-License-Identifier: MIT
// So many calls a second in the long run, and a minute's worth at once.
#include "protocol/mcp/call_rate.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <vector>

namespace nats_mcp::mcp::call_rate_test {
namespace {

using namespace std::chrono_literals;

constexpr monotonic_time start{std::chrono::hours{1}};

/// How many are there at this moment.
std::uint64_t taken_at_once(call_rate& rate, monotonic_time now) {
  std::uint64_t count = 0;
  while (rate.take(now).count() == 0) {
    ++count;
  }
  return count;
}

TEST(call_rate, allows_a_minutes_worth_at_once) {
  call_rate rate{100};
  EXPECT_EQ(rate.burst(), 6000U);
  EXPECT_EQ(taken_at_once(rate, start), 6000U);
}

TEST(call_rate, says_how_long_until_the_next_one) {
  call_rate rate{2};
  ASSERT_EQ(taken_at_once(rate, start), 120U);
  EXPECT_EQ(rate.take(start), 500ms);
  EXPECT_EQ(rate.take(start + 200ms), 300ms);
  EXPECT_EQ(rate.take(start + 499ms), 1ms);
  EXPECT_EQ(rate.take(start + 500ms), 0ms);
  EXPECT_EQ(rate.take(start + 500ms), 500ms);
}

TEST(call_rate, takes_nothing_for_what_it_refuses) {
  call_rate rate{1};
  ASSERT_EQ(taken_at_once(rate, start), 60U);
  for (int i = 0; i < 1000; ++i) {
    ASSERT_EQ(rate.take(start), 1s);
  }
  EXPECT_EQ(rate.take(start + 1s), 0s);
}

TEST(call_rate, has_all_again_after_a_rest) {
  call_rate rate{10};
  ASSERT_EQ(taken_at_once(rate, start), 600U);
  EXPECT_EQ(taken_at_once(rate, start + 3s), 30U);
  EXPECT_EQ(taken_at_once(rate, start + 1h), 600U) << "and no more";
}

TEST(call_rate, of_zero_is_none) {
  call_rate rate{0};
  for (int i = 0; i < 100'000; ++i) {
    ASSERT_EQ(rate.take(start), 0ns);
  }
}

TEST(call_rate, serves_from_the_first_moment_of_the_clock) {
  call_rate rate{1};
  EXPECT_EQ(taken_at_once(rate, monotonic_time{}), 60U);
}

RC_GTEST_PROP(call_rate_property, never_grants_more_than_the_burst_and_the_rate_of_any_window, ()) {
  const auto per_second =
    *rc::gen::weightedOneOf<std::uint32_t>({{3, rc::gen::inRange<std::uint32_t>(1, 50)},
                                            {1, rc::gen::inRange<std::uint32_t>(50, 1'000'000)}});
  call_rate rate{per_second};
  // What the windows that end now have beyond their rate, at most.
  double beyond = 0;
  auto now = start;
  for (const auto gap :
       *rc::gen::container<std::vector<int>>(rc::gen::inRange<int>(0, 2'000'000'000))) {
    const std::chrono::nanoseconds passed{gap % 3 == 0 ? 0 : gap}; // now and then nothing at all
    now += passed;
    beyond = std::max(0.0, beyond - std::chrono::duration<double>{passed}.count() * per_second);
    for (int tries = gap % 80; tries > 0; --tries) {
      if (const auto wait = rate.take(now); wait.count() == 0) {
        beyond += 1;
        RC_ASSERT(beyond <= static_cast<double>(rate.burst()) + 1e-6);
      } else {
        RC_ASSERT(wait <= 1s);
      }
    }
  }
}

RC_GTEST_PROP(call_rate_property, grants_what_was_refused_when_it_said_so, ()) {
  call_rate rate{*rc::gen::inRange<std::uint32_t>(1, 5000)};
  auto now = start;
  (void)taken_at_once(rate, now);
  for (const auto gap : *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 1'000'000))) {
    now += std::chrono::nanoseconds{gap};
    if (const auto wait = rate.take(now); wait.count() > 0) {
      RC_ASSERT(rate.take(now + wait - 1ns).count() > 0);
      now += wait;
      RC_ASSERT(rate.take(now).count() == 0);
    }
  }
}

RC_GTEST_PROP(call_rate_property, never_refuses_who_keeps_to_the_rate, ()) {
  const auto per_second = *rc::gen::inRange<std::uint32_t>(1, 1000);
  call_rate rate{per_second};
  const auto calls = *rc::gen::inRange(1, 2000);
  for (int i = 0; i < calls; ++i) {
    // Rounded up: the rate is.
    const auto due = start + i * (1'000'000'000ns / per_second + 1ns);
    RC_ASSERT(rate.take(due).count() == 0);
  }
}

} // namespace
} // namespace nats_mcp::mcp::call_rate_test
