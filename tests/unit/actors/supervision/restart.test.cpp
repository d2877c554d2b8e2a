// SPDX-License-Identifier: MIT
#include "tests/unit/actors/supervision/supervised.hpp"

namespace nats_mcp::counting::restart_test {

using lines = std::vector<std::string>;
class restart : public supervised {};

TEST_F(restart, starts_children_in_the_order_of_their_specs) {
  supervise({child(first), child(second), child(third)});
  EXPECT_EQ(diary, (lines{"0 first started", "0 second started", "0 third started"}));
}

TEST_F(restart, happens_after_the_delay_and_under_the_same_handle) {
  supervise({child(first)});
  EXPECT_EQ(answer_of(first, 5), "5");
  tell(first.handle, fail_now{"broken"});
  advance(99ms);
  EXPECT_EQ(answer_of(first, 1), "unavailable");
  advance(1ms);
  EXPECT_EQ(answer_of(first, 1), "6");
  EXPECT_EQ(diary, (lines{"0 first started", "0 first ended", "0 first restart_scheduled",
                          "100 first started"}));
}

TEST_F(restart, waits_longer_after_every_failure) {
  supervise({child(first)});
  for (const auto delay : {100ms, 200ms, 400ms}) {
    tell(first.handle, fail_now{"broken"});
    advance(delay - 1ms);
    EXPECT_EQ(answer_of(first, 1), "unavailable");
    advance(1ms);
    EXPECT_NE(answer_of(first, 1), "unavailable");
  }
}

TEST_F(restart, leaves_the_other_children_alone) {
  supervise({child(first), child(second)});
  EXPECT_EQ(answer_of(second, 7), "7");
  tell(first.handle, fail_now{"broken"});
  EXPECT_EQ(answer_of(second, 1), "8");
}

TEST_F(restart, names_the_part_and_the_failure_while_it_is_down) {
  supervise({child(first)});
  tell(first.handle, fail_now{"the disk is gone"});
  const auto answer = ask(first.handle, add{1});
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, ec::unavailable);
  EXPECT_EQ(answer.error().message,
            "The part \"first\" of this server ended (the disk is gone) and "
            "is being restarted. Try again.");
}

TEST_F(restart, answers_the_request_that_broke_the_part_with_its_name) {
  supervise({child(first)});
  const auto answer = ask(first.handle, add_and_fail{1});
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, ec::crashed);
  EXPECT_EQ(answer.error().message,
            "The part \"first\" of this server failed while it handled this request (failed after "
            "saving) and is being restarted. Whether it took effect is not known.");
}

TEST_F(restart, answers_what_the_dead_part_held) {
  supervise({child(first)});
  const auto held = post(first.handle, hold{});
  run();
  ASSERT_FALSE(held.answered());
  tell(first.handle, fail_now{"broken"});
  ASSERT_TRUE(held.answered());
  EXPECT_EQ(held.value().error().code, ec::crashed);
  EXPECT_NE(held.value().error().message.find("\"first\""), std::string::npos);
}

TEST_F(restart, answers_what_still_waited_for_the_dead_part_as_not_done) {
  supervise({child(first)});
  const auto fatal = post(first.handle, add_and_fail{1});
  const auto behind = post(first.handle, add{1});
  run();
  EXPECT_EQ(fatal.value().error().code, ec::crashed);
  ASSERT_TRUE(behind.answered());
  EXPECT_EQ(behind.value().error().code, ec::unavailable);
}

TEST_F(restart, follows_a_normal_end_of_a_permanent_child) {
  supervise({child(first)});
  tell(first.handle, finish{});
  advance(100ms);
  EXPECT_EQ(answer_of(first, 1), "1");
}

TEST_F(restart, follows_only_a_failure_of_a_transient_child) {
  supervise({child(first, supervision::restart::transient, when_told_to_end::ends)});
  tell(first.handle, fail_now{"broken"});
  advance(100ms);
  EXPECT_EQ(answer_of(first, 1), "1");
  tell(first.handle, finish{});
  advance(1h);
  EXPECT_EQ(answer_of(first, 1), "unavailable");
}

TEST_F(restart, never_follows_the_end_of_a_temporary_child) {
  auto supervisor =
    supervise({child(first, supervision::restart::temporary, when_told_to_end::ends)});
  tell(first.handle, fail_now{"broken"});
  advance(1h);
  EXPECT_EQ(answer_of(first, 1), "unavailable");
  const auto status = ask(supervisor, tree_status_query{});
  ASSERT_TRUE(status);
  EXPECT_EQ(status->children.at(0).state, child_state::stopped);
  EXPECT_EQ(status->children.at(0).last_failure, "broken");
}

TEST_F(restart, treats_a_failed_start_as_a_failure_of_the_child) {
  int starts = 0;
  auto spec = child(first);
  spec.start = [&starts, inner = spec.start](caf::local_actor* spawner, checkpoint last,
                                             supervisor_actor supervisor) {
    if (++starts < 3) {
      throw std::runtime_error{"no room"};
    }
    return inner(spawner, std::move(last), std::move(supervisor));
  };
  supervise({spec, child(second)});
  EXPECT_EQ(answer_of(second, 1), "1");
  EXPECT_EQ(answer_of(first, 1), "unavailable");
  advance(300ms);
  EXPECT_EQ(answer_of(first, 1), "1");
  EXPECT_EQ(starts, 3);
}

TEST_F(restart, is_counted_in_the_status) {
  auto supervisor = supervise({child(first), child(second)});
  tell(first.handle, fail_now{"broken"});
  auto status = ask(supervisor, tree_status_query{});
  ASSERT_TRUE(status);
  EXPECT_EQ(status->children.at(0).id, "first");
  EXPECT_EQ(status->children.at(0).state, child_state::restarting);
  EXPECT_EQ(status->children.at(0).restarts, 0U);
  advance(100ms);
  status = ask(supervisor, tree_status_query{});
  ASSERT_TRUE(status);
  EXPECT_EQ(status->children.at(0).state, child_state::running);
  EXPECT_EQ(status->children.at(0).restarts, 1U);
  EXPECT_EQ(status->children.at(0).last_failure, "broken");
  EXPECT_EQ(status->children.at(1).state, child_state::running);
  EXPECT_EQ(status->children.at(1).restarts, 0U);
}

TEST_F(restart, ignores_a_timer_of_an_earlier_incarnation) {
  auto supervisor = supervise({child(first)});
  tell(first.handle, fail_now{"broken"});
  tell(supervisor, supervision_timer{0, 0});
  EXPECT_EQ(answer_of(first, 1), "unavailable");
  advance(100ms);
  EXPECT_EQ(answer_of(first, 1), "1");
  tell(supervisor, supervision_timer{0, 1});
  EXPECT_EQ(answer_of(first, 1), "2");
}

} // namespace nats_mcp::counting::restart_test
