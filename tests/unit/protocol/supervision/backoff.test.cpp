// SPDX-License-Identifier: MIT
#include "protocol/backoff.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace nats_mcp::backoff_test {
namespace {

using namespace std::chrono_literals;

TEST(backoff, doubles_from_the_first_to_the_longest_and_begins_anew_after_a_success) {
  backoff delays{{100ms, 350ms, 0}};
  EXPECT_EQ(delays.next(7), 100ms);
  EXPECT_EQ(delays.next(7), 200ms);
  EXPECT_EQ(delays.next(7), 350ms);
  EXPECT_EQ(delays.next(7), 350ms);
  EXPECT_EQ(delays.failures(), 4U);
  delays.reset();
  EXPECT_EQ(delays.next(7), 100ms);
}

RC_GTEST_PROP(backoff, of_any_kind_never_leaves_its_bounds_or_shrinks_by_more_than_its_jitter, ()) {
  const backoff::options choice{
    std::chrono::milliseconds{*rc::gen::inRange(1, 1000)},
    std::chrono::milliseconds{*rc::gen::inRange(1000, 1'000'000)},
    *rc::gen::inRange(0U, 101U),
  };
  backoff delays{choice};
  auto unshortened = choice.first;
  for (const auto random :
       *rc::gen::container<std::vector<std::uint64_t>>(rc::gen::arbitrary<std::uint64_t>())) {
    const auto delay = delays.next(random);
    RC_ASSERT(delay <= unshortened);
    RC_ASSERT(delay.count()
              >= unshortened.count() - unshortened.count() * choice.jitter_percent / 100);
    unshortened = std::min(unshortened * 2, choice.longest);
  }
}

} // namespace
} // namespace nats_mcp::backoff_test
