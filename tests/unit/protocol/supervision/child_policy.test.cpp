// SPDX-License-Identifier: MIT
#include "protocol/supervision/child_policy.hpp"

#include <gtest/gtest.h>

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

} // namespace nats_mcp::supervision::child_policy_test
