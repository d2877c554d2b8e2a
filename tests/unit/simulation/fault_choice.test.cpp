// SPDX-License-Identifier: MIT
#include "tests/simulation/world/fault_choice.hpp"

#include "tests/simulation/world/world_plan.hpp"

#include <gtest/gtest.h>

namespace nats_mcp::simulation::fault_choice_test {
namespace {

TEST(fault_choice, reads_names_and_groups) {
  EXPECT_TRUE(parse_fault_choice("none")->empty());
  EXPECT_EQ(*parse_fault_choice("crash-session,delay"),
            (fault_choice{fault_kind::delay, fault_kind::crash_session}));
  EXPECT_EQ(parse_fault_choice("network")->size(), 9U);
  EXPECT_EQ(parse_fault_choice("crashes")->size(), 10U);
  EXPECT_EQ(parse_fault_choice("all")->size(), 23U);
  EXPECT_EQ(parse_fault_choice("network,slow-client")->size(), 10U);
}

TEST(fault_choice, reads_back_the_name_of_every_kind) {
  const auto all = parse_fault_choice("all");
  for (const auto kind : *all) {
    EXPECT_EQ(*parse_fault_choice(to_string(kind)), (fault_choice{kind}));
  }
}

TEST(fault_choice, refuses_a_name_there_is_not_and_says_which_there_are) {
  const auto refused = parse_fault_choice("delay,earthquake");
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("\"earthquake\""), std::string::npos);
  EXPECT_NE(refused.error().message.find("crash-gateway"), std::string::npos);
}

TEST(world_plan, holds_nothing_that_was_not_chosen) {
  const auto plan = draw_world_plan(dice{7}, {{}, 3, 90});
  EXPECT_EQ(plan.network.lose_request + plan.network.lose_answer + plan.network.disconnect
              + plan.network.duplicate_request,
            0U);
  EXPECT_EQ(plan.network.restart_every.count() + plan.network.stall_every.count(), 0);
  EXPECT_TRUE(plan.crash_every.empty() && plan.ends.empty() && plan.stalls.empty());
  EXPECT_TRUE(plan.freezes.empty() && plan.partitions.empty());
}

TEST(world_plan, differs_between_seeds_and_repeats_for_one) {
  const auto all = *parse_fault_choice("all");
  const auto text = [&](std::uint64_t seed) {
    return to_text(draw_world_plan(dice{seed}, {all, 3, 90}));
  };
  EXPECT_EQ(text(5), text(5));
  EXPECT_NE(text(5), text(6));
}

} // namespace
} // namespace nats_mcp::simulation::fault_choice_test
