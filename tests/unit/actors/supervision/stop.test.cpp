// SPDX-License-Identifier: MIT
#include "tests/unit/actors/supervision/supervised.hpp"

namespace nats_mcp::counting::stop_test {

using lines = std::vector<std::string>;
using supervision::restart;

class stop : public supervised {};

TEST_F(stop, ends_the_children_in_reverse_order_and_then_answers) {
  auto supervisor = supervise({child(first), child(second), child(third)});
  diary.clear();
  const auto stopped = ask(supervisor, stop_tree{});
  ASSERT_TRUE(stopped);
  EXPECT_EQ(stopped->killed, 0U);
  EXPECT_EQ(diary, (lines{"0 third stopped", "0 second stopped", "0 first stopped"}));
  EXPECT_EQ(answer_of(first, 1), "unavailable");
}

TEST_F(stop, lets_a_child_finish_what_already_waits_for_it) {
  auto supervisor = supervise({child(first)});
  const auto stopped = post(supervisor, stop_tree{});
  const auto late = post(first.handle, add{3});
  run();
  ASSERT_TRUE(late.value());
  EXPECT_EQ(late.value()->value, 3);
  EXPECT_TRUE(stopped.value());
}

TEST_F(stop, kills_a_child_that_does_not_end_within_its_grace) {
  auto stubborn = child(second, restart::permanent, when_told_to_end::ignores_it);
  stubborn.shutdown = 250ms;
  auto supervisor = supervise({child(first), stubborn, child(third)});
  diary.clear();
  const auto stopped = post(supervisor, stop_tree{});
  advance(1s);
  ASSERT_TRUE(stopped.value());
  EXPECT_EQ(stopped.value()->killed, 1U);
  EXPECT_EQ(diary, (lines{"0 third stopped", "250 second killed", "250 second stopped",
                          "250 first stopped"}));
}

TEST_F(stop, kills_at_once_without_grace) {
  auto stubborn = child(first, restart::permanent, when_told_to_end::ignores_it);
  stubborn.shutdown = 0ms;
  auto supervisor = supervise({stubborn});
  EXPECT_TRUE(ask(supervisor, stop_tree{}));
}

TEST_F(stop, answers_what_a_killed_child_held) {
  auto supervisor = supervise({child(first, restart::permanent, when_told_to_end::ignores_it)});
  const auto held = post(first.handle, hold{});
  const auto stopped = post(supervisor, stop_tree{});
  advance(1s);
  EXPECT_TRUE(stopped.value());
  ASSERT_TRUE(held.answered());
  EXPECT_EQ(held.value().error().code, ec::crashed);
}

TEST_F(stop, restarts_nothing_afterwards) {
  auto supervisor = supervise({child(first), child(second)});
  tell(first.handle, fail_now{"broken"});
  EXPECT_TRUE(ask(supervisor, stop_tree{}));
  diary.clear();
  advance(1h);
  EXPECT_TRUE(diary.empty());
}

TEST_F(stop, goes_on_without_a_child_that_does_not_even_notice_the_kill) {
  auto spec = child(second);
  // Behind a reference that swallows EXIT, an actor looks like one that is stuck in a handler.
  spec.start = [this](caf::local_actor*, const checkpoint&, const supervisor_actor&) {
    return caf::actor_cast<caf::strong_actor_ptr>(third.handle);
  };
  auto supervisor = supervise({child(first), spec});
  diary.clear();
  const auto stopped = post(supervisor, stop_tree{});
  advance(1s);
  ASSERT_TRUE(stopped.value());
  EXPECT_EQ(stopped.value()->killed, 1U);
  EXPECT_EQ(diary, (lines{"500 second killed", "600 second abandoned", "600 first stopped"}));
}

TEST_F(stop, answers_everybody_who_asked) {
  auto supervisor = supervise({child(first, restart::permanent, when_told_to_end::ignores_it)});
  const auto one = post(supervisor, stop_tree{});
  const auto other = post(supervisor, stop_tree{});
  advance(1s);
  EXPECT_TRUE(one.value());
  EXPECT_TRUE(other.value());
}

TEST_F(stop, in_the_middle_of_a_rest_for_one_restart_ends_the_tree) {
  auto stubborn = child(second, restart::permanent, when_told_to_end::ignores_it);
  auto supervisor = supervise(supervision::strategy::rest_for_one, {child(first), stubborn});
  tell(first.handle, fail_now{"broken"});
  const auto stopped = post(supervisor, stop_tree{});
  advance(1s);
  ASSERT_TRUE(stopped.value());
  EXPECT_EQ(diary.back(), "500 second stopped");
}

TEST_F(stop, is_what_an_exit_message_asks_for) {
  auto supervisor = supervise({child(first)});
  diary.clear();
  tell(caf::actor_cast<caf::actor>(supervisor),
       caf::exit_msg{caf::actor_addr{}, caf::exit_reason::user_shutdown});
  EXPECT_EQ(diary, (lines{"0 first stopped"}));
}

TEST_F(stop, by_kill_takes_the_children_along) {
  auto supervisor = supervise({child(first)});
  tell(caf::actor_cast<caf::actor>(supervisor),
       caf::exit_msg{caf::actor_addr{}, caf::exit_reason::kill});
  const auto answer = ask(first.handle, add{1});
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().message, "The part \"first\" of this server is stopped because the "
                                    "server is shutting down.");
}

} // namespace nats_mcp::counting::stop_test
