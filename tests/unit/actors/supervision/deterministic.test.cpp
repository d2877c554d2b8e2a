// SPDX-License-Identifier: MIT
// The fixture itself: what the other actor tests take for granted.
#include "tests/unit/actors/supervision/supervised.hpp"

namespace nats_mcp::counting::deterministic_test {

class virtual_time : public supervised {};

TEST_F(virtual_time, stands_still_while_messages_are_handled) {
  supervise({child(first)});
  EXPECT_EQ(answer_of(first, 1), "1");
  EXPECT_EQ(elapsed(), 0ms);
}

TEST_F(virtual_time, fires_each_timer_at_its_own_due_time) {
  supervise({child(first)});
  tell(first.handle, fail_now{"broken"});
  advance(1h);
  EXPECT_EQ(diary.back(), "100 first started");
  EXPECT_EQ(elapsed(), 1h);
}

TEST_F(virtual_time, tells_an_answer_that_needs_time_from_one_that_came) {
  supervise({child(first)});
  const auto unanswered = ask(first.handle, hold{});
  ASSERT_FALSE(unanswered);
  EXPECT_EQ(unanswered.error().code, ec::timeout);
}

} // namespace nats_mcp::counting::deterministic_test
