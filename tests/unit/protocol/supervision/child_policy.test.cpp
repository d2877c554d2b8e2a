// SPDX-License-Identifier: MIT
#include "protocol/supervision/child_policy.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace nats_mcp::supervision::child_policy_test {

TEST(child_policy, names_its_values_as_otp_does) {
  EXPECT_EQ(to_string(restart::permanent), "permanent");
  EXPECT_EQ(to_string(restart::transient), "transient");
  EXPECT_EQ(to_string(restart::temporary), "temporary");
  EXPECT_EQ(to_string(strategy::one_for_one), "one_for_one");
  EXPECT_EQ(to_string(strategy::rest_for_one), "rest_for_one");
  EXPECT_EQ(to_string(ending::normal), "normal");
  EXPECT_EQ(to_string(ending::abnormal), "abnormal");
}

TEST(child_policy, one_for_one_restarts_the_failed_child_alone) {
  EXPECT_EQ(restart_set(strategy::one_for_one, 1, 4), (child_range{1, 2}));
}

TEST(child_policy, rest_for_one_restarts_the_failed_child_and_all_later_ones) {
  EXPECT_EQ(restart_set(strategy::rest_for_one, 1, 4), (child_range{1, 4}));
  EXPECT_EQ(restart_set(strategy::rest_for_one, 3, 4), (child_range{3, 4}));
}

RC_GTEST_PROP(child_policy, restarts_who_failed_and_only_whoever_builds_on_it, ()) {
  const auto count = *rc::gen::inRange<std::size_t>(1, 20);
  const auto failed = *rc::gen::inRange<std::size_t>(0, count);
  const auto rule = *rc::gen::element(strategy::one_for_one, strategy::rest_for_one);
  const auto range = restart_set(rule, failed, count);
  RC_ASSERT(range.last <= count);
  for (std::size_t child = 0; child < count; ++child) {
    const bool builds_on_it = rule == strategy::rest_for_one && child > failed;
    const bool is_restarted = range.first <= child && child < range.last;
    RC_ASSERT(is_restarted == (child == failed || builds_on_it));
  }
}

} // namespace nats_mcp::supervision::child_policy_test
