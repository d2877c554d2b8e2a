// SPDX-License-Identifier: MIT
#include "tests/unit/actors/supervision/supervised.hpp"

namespace nats_mcp::counting {

class stable_handle : public supervised {};

TEST_F(stable_handle, answers_unavailable_before_the_first_start) {
  const auto answer = ask(first.handle, add{1});
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error(),
            (error{ec::unavailable, "The part \"first\" of this server is not started yet.", 0}));
}

TEST_F(stable_handle, drops_and_counts_messages_nobody_waits_for_while_down) {
  tell(first.handle, finish{});
  tell(first.handle, finish{});
  EXPECT_EQ(first.ref->dropped(), 2U);
  supervise({child(first)});
  EXPECT_EQ(answer_of(first, 1), "1");
  EXPECT_EQ(first.ref->dropped(), 2U);
}

TEST_F(stable_handle, passes_no_exit_message_to_the_part) {
  supervise({child(first)});
  tell(caf::actor_cast<caf::actor>(first.handle),
       caf::exit_msg{caf::actor_addr{}, caf::exit_reason::kill});
  EXPECT_EQ(answer_of(first, 1), "1");
}

TEST_F(stable_handle, can_be_pointed_elsewhere_while_requests_are_under_way) {
  supervise({child(first), child(second)});
  const auto held = post(first.handle, hold{});
  run();
  first.ref->take_down("The part \"first\" of this server is being moved.");
  EXPECT_EQ(answer_of(first, 1), "unavailable");
  EXPECT_FALSE(held.answered());
}

} // namespace nats_mcp::counting
