// SPDX-License-Identifier: MIT
#include "tests/unit/actors/supervision/supervised.hpp"

namespace nats_mcp::counting::rest_for_one_test {

using lines = std::vector<std::string>;
using supervision::strategy;

class rest_for_one : public supervised {};

TEST_F(rest_for_one, restarts_later_children_too_in_order_after_stopping_them_in_reverse) {
  supervise(strategy::rest_for_one, {child(first), child(second), child(third)});
  diary.clear();
  tell(first.handle, fail_now{"broken"});
  advance(100ms);
  EXPECT_EQ(diary, (lines{"0 first ended", "0 first restart_scheduled", "0 third stopped",
                          "0 second stopped", "100 first started", "100 second started",
                          "100 third started"}));
}

TEST_F(rest_for_one, leaves_earlier_children_alone) {
  supervise(strategy::rest_for_one, {child(first), child(second), child(third)});
  diary.clear();
  tell(third.handle, fail_now{"broken"});
  advance(100ms);
  EXPECT_EQ(diary, (lines{"0 third ended", "0 third restart_scheduled", "100 third started"}));
}

TEST_F(rest_for_one, says_of_a_stopped_child_what_it_waits_for) {
  supervise(strategy::rest_for_one, {child(first), child(second)});
  tell(first.handle, fail_now{"broken"});
  const auto answer = ask(second.handle, add{1});
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, ec::unavailable);
  EXPECT_EQ(answer.error().message, "The part \"second\" of this server waits for the part "
                                    "\"first\", which is being restarted. Try again.");
}

TEST_F(rest_for_one, waits_for_a_stubborn_later_child_before_it_starts_the_first_again) {
  auto stubborn = child(second, supervision::restart::permanent, when_told_to_end::ignores_it);
  stubborn.shutdown = 300ms;
  supervise(strategy::rest_for_one, {child(first), stubborn});
  diary.clear();
  tell(first.handle, fail_now{"broken"});
  advance(1s);
  EXPECT_EQ(diary, (lines{"0 first ended", "0 first restart_scheduled", "300 second killed",
                          "300 second stopped", "300 first started", "300 second started"}));
}

TEST_F(rest_for_one, keeps_later_children_down_while_an_earlier_one_is_given_up) {
  auto supervisor = supervise(strategy::rest_for_one, {child(first), child(second)});
  for (int i = 0; i < 4; ++i) {
    tell(first.handle, fail_now{"broken"});
    if (i < 3) {
      advance(800ms);
    }
  }
  auto status = ask(supervisor, tree_status_query{});
  ASSERT_TRUE(status);
  EXPECT_EQ(status->children.at(0).state, child_state::given_up);
  EXPECT_EQ(status->children.at(1).state, child_state::restarting);
  EXPECT_EQ(answer_of(second, 1), "unavailable");
  advance(5s);
  EXPECT_EQ(answer_of(first, 1), "1");
  EXPECT_EQ(answer_of(second, 1), "1");
}

TEST_F(rest_for_one, keeps_the_checkpoints_of_children_it_stopped) {
  supervise(strategy::rest_for_one, {child(first), child(second)});
  EXPECT_EQ(answer_of(second, 6), "6");
  tell(first.handle, fail_now{"broken"});
  advance(100ms);
  EXPECT_EQ(answer_of(second, 1), "7");
}

} // namespace nats_mcp::counting::rest_for_one_test
