// SPDX-License-Identifier: MIT
#include "protocol/jetstream/server_release.hpp"

#include <gtest/gtest.h>

namespace nats_mcp::jetstream {

namespace {

TEST(server_releases, before_2_10_may_forget_what_they_acknowledged) {
  for (const auto* version : {"2.9.10", "2.9.25", "2.2.0", "1.4.1"}) {
    EXPECT_TRUE(forgets_at_start(version)) << version;
  }
}

TEST(server_releases, from_2_10_on_are_not_known_to_forget) {
  for (const auto* version : {"2.10.0", "2.10.27", "2.15.1", "2.11.0-RC.1", "3.0.0"}) {
    EXPECT_FALSE(forgets_at_start(version)) << version;
  }
}

TEST(server_releases, before_2_10_let_both_of_two_writes_win_where_there_are_several_copies) {
  EXPECT_TRUE(lets_both_win("2.9.10", 3));
  EXPECT_FALSE(lets_both_win("2.9.10", 1));
  EXPECT_FALSE(lets_both_win("2.10.27", 3));
  EXPECT_FALSE(lets_both_win("", 3));
}

TEST(server_releases, that_say_no_version_are_not_judged) {
  for (const auto* version : {"", "2", "2.9", "x", ".9.1", "2..9", "-1.9.1", "99999999999.1.1"}) {
    EXPECT_FALSE(forgets_at_start(version)) << version;
  }
}

} // namespace

} // namespace nats_mcp::jetstream
