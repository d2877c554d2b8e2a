// SPDX-License-Identifier: MIT
#include "tests/simulation/simulate/seed_range.hpp"

#include <gtest/gtest.h>

namespace nats_mcp::simulation::seed_range_test {
namespace {

TEST(seed_range, is_a_number_or_two_with_dots_between) {
  EXPECT_EQ(parse_seed_range("7")->size(), 1U);
  EXPECT_EQ(parse_seed_range("3..12")->first, 3U);
  EXPECT_EQ(parse_seed_range("3..12")->last, 12U);
  EXPECT_EQ(to_text(*parse_seed_range("3..12")), "3..12");
  EXPECT_EQ(to_text(*parse_seed_range("7..7")), "7");
}

TEST(seed_range, is_nothing_else) {
  for (const auto* text :
       {"", "..", "a..b", "5..4", "1..2..3", "-1", "1.. 2", "1..99999999999999999999"}) {
    EXPECT_FALSE(parse_seed_range(text)) << text;
  }
}

} // namespace
} // namespace nats_mcp::simulation::seed_range_test
