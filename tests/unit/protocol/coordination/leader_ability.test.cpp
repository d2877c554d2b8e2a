// SPDX-License-Identifier: MIT
// A leader that cannot make what it needs: what it says, and when another one should try.
#include "protocol/coordination/leader_ability.hpp"

#include <gtest/gtest.h>

namespace nats_mcp::coordination::leader_ability_test {
namespace {

using namespace std::chrono_literals;

constexpr monotonic_time begin{1h};

TEST(an_ability, is_there_until_something_fails) {
  const leader_ability able;
  EXPECT_EQ(able.problem(), "");
  EXPECT_FALSE(able.is_hopeless(begin));
}

TEST(an_ability, is_said_to_fail_once_for_each_sentence) {
  leader_ability able;
  EXPECT_TRUE(able.failed("No.", begin));
  EXPECT_FALSE(able.failed("No.", begin + 1s));
  EXPECT_TRUE(able.failed("Never.", begin + 2s));
  EXPECT_EQ(able.problem(), "Never.");
  able.worked();
  EXPECT_EQ(able.problem(), "");
  EXPECT_TRUE(able.failed("Never.", begin + 3s)) << "it had worked meanwhile";
}

TEST(an_ability, is_hopeless_when_it_failed_for_long) {
  leader_ability able;
  (void)able.failed("No.", begin);
  (void)able.failed("Never.", begin + limits::leader_unable_max / 2);
  EXPECT_FALSE(able.is_hopeless(begin + limits::leader_unable_max - 1ms));
  EXPECT_TRUE(able.is_hopeless(begin + limits::leader_unable_max));
  able.worked();
  EXPECT_FALSE(able.is_hopeless(begin + limits::leader_unable_max));
}

TEST(an_ability, that_rests_begins_its_time_anew_and_has_solved_nothing) {
  leader_ability able;
  (void)able.failed("No.", begin);
  able.rests();
  EXPECT_EQ(able.problem(), "No.");
  EXPECT_FALSE(able.is_hopeless(begin + limits::leader_unable_max));
  const auto again = begin + 2 * limits::leader_unable_max;
  EXPECT_FALSE(able.failed("No.", again)) << "that was said";
  EXPECT_FALSE(able.is_hopeless(again + limits::leader_unable_max - 1ms));
  EXPECT_TRUE(able.is_hopeless(again + limits::leader_unable_max));
}

} // namespace
} // namespace nats_mcp::coordination::leader_ability_test
