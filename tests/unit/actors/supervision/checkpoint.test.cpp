// SPDX-License-Identifier: MIT
#include "tests/unit/actors/supervision/supervised.hpp"

namespace nats_mcp::counting::checkpoint_test {

class checkpoints : public supervised {};

TEST_F(checkpoints, reach_the_next_incarnation) {
  supervise({child(first)});
  EXPECT_EQ(answer_of(first, 5), "5");
  EXPECT_EQ(answer_of(first, 2), "7");
  tell(first.handle, fail_now{"broken"});
  advance(100ms);
  EXPECT_EQ(answer_of(first, 1), "8");
}

TEST_F(checkpoints, count_even_when_the_same_message_then_crashes_the_actor) {
  supervise({child(first)});
  EXPECT_FALSE(ask(first.handle, add_and_fail{40}));
  advance(100ms);
  EXPECT_EQ(answer_of(first, 2), "42");
}

TEST_F(checkpoints, are_kept_for_each_child) {
  supervise({child(first), child(second)});
  EXPECT_EQ(answer_of(first, 1), "1");
  EXPECT_EQ(answer_of(second, 10), "10");
  tell(first.handle, fail_now{"broken"});
  tell(second.handle, fail_now{"broken"});
  advance(100ms);
  EXPECT_EQ(answer_of(first, 1), "2");
  EXPECT_EQ(answer_of(second, 1), "11");
}

TEST_F(checkpoints, are_empty_on_the_first_start_and_of_their_own_type) {
  const checkpoint none;
  EXPECT_EQ(none.as<int>(), nullptr);
  const checkpoint text{std::string{"five"}};
  EXPECT_EQ(text.as<int>(), nullptr);
  ASSERT_NE(text.as<std::string>(), nullptr);
  EXPECT_EQ(*text.as<std::string>(), "five");
}

TEST_F(checkpoints, of_unknown_children_are_ignored) {
  auto supervisor = supervise({child(first)});
  tell(supervisor, save_checkpoint{"nobody", {99}});
  tell(first.handle, fail_now{"broken"});
  advance(100ms);
  EXPECT_EQ(answer_of(first, 1), "1");
}

TEST_F(checkpoints, survive_giving_up) {
  supervise({child(first)});
  EXPECT_EQ(answer_of(first, 5), "5");
  for (int i = 0; i < 4; ++i) {
    tell(first.handle, fail_now{"broken"});
    advance(1s);
  }
  EXPECT_EQ(answer_of(first, 1), "unavailable");
  advance(5s);
  EXPECT_EQ(answer_of(first, 1), "6");
}

} // namespace nats_mcp::counting::checkpoint_test
