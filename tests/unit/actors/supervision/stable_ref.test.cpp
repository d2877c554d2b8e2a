// SPDX-License-Identifier: MIT
#include "tests/unit/actors/supervision/supervised.hpp"

namespace nats_mcp::counting::stable_ref_test {

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

TEST_F(stable_handle, keeps_what_comes_while_the_part_is_being_started) {
  first.ref->hold();
  const auto early = post(first.handle, add{1});
  run();
  EXPECT_FALSE(early.answered());
  supervise({child(first)});
  EXPECT_EQ(early.value().value().value, 1);
}

TEST_F(stable_handle, refuses_what_it_kept_when_the_start_fails) {
  first.ref->hold();
  const auto early = post(first.handle, add{1});
  tell(first.handle, finish{});
  first.ref->take_down("The part \"first\" of this server could not be started.");
  run();
  ASSERT_FALSE(early.value());
  EXPECT_EQ(early.value().error().code, ec::unavailable);
  EXPECT_EQ(first.ref->dropped(), 1U);
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

} // namespace nats_mcp::counting::stable_ref_test
