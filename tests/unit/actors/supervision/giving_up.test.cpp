// SPDX-License-Identifier: MIT
#include "tests/unit/actors/supervision/supervised.hpp"

namespace nats_mcp::counting::giving_up_test {

class giving_up : public supervised {
protected:
  /// Fails once more than the intensity allows.
  void exhaust(const slot& where) {
    for (int i = 0; i < 4; ++i) {
      tell(where.handle, fail_now{"the table is broken"});
      if (i < 3) {
        advance(800ms);
      }
    }
  }
};

TEST_F(giving_up, follows_too_many_failures_and_names_part_reason_and_next_try) {
  auto supervisor = supervise({child(first), child(second)});
  exhaust(first);
  const auto answer = ask(first.handle, add{1});
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, ec::unavailable);
  EXPECT_EQ(answer.error().message,
            "The part \"first\" of this server is unavailable: it failed too often (the table is "
            "broken). It is tried again in about 5 s; everything else works on.");
  const auto status = ask(supervisor, tree_status_query{});
  ASSERT_TRUE(status);
  EXPECT_EQ(status->children.at(0).state, child_state::given_up);
  EXPECT_EQ(diary.back(), "2400 first given_up");
}

TEST_F(giving_up, concerns_one_part_only) {
  supervise({child(first), child(second)});
  exhaust(first);
  EXPECT_EQ(answer_of(second, 3), "3");
}

TEST_F(giving_up, is_followed_by_tries_with_growing_delay) {
  supervise({child(first)});
  exhaust(first);
  for (const auto delay : {5s, 10s, 20s, 40s, 40s}) {
    advance(delay - 1ms);
    EXPECT_EQ(answer_of(first, 1), "unavailable");
    advance(1ms);
    EXPECT_NE(answer_of(first, 1), "unavailable");
    tell(first.handle, fail_now{"still broken"});
  }
}

TEST_F(giving_up, is_forgotten_after_a_good_run) {
  supervise({child(first)});
  exhaust(first);
  advance(5s);
  advance(10s);
  tell(first.handle, fail_now{"once more"});
  advance(100ms);
  EXPECT_EQ(answer_of(first, 1), "1");
}

TEST_F(giving_up, happens_to_a_part_that_can_never_be_started) {
  auto spec = child(first);
  int starts = 0;
  spec.start = [&starts](caf::local_actor*, checkpoint, supervisor_actor) -> caf::strong_actor_ptr {
    ++starts;
    return nullptr;
  };
  auto supervisor = supervise({spec});
  advance(24h);
  const auto status = ask(supervisor, tree_status_query{});
  ASSERT_TRUE(status);
  EXPECT_EQ(status->children.at(0).state, child_state::given_up);
  EXPECT_EQ(status->children.at(0).last_failure, "its start function returned no actor");
  EXPECT_GT(starts, 2000); // 40 s apart
  EXPECT_LT(starts, 2200);
}

} // namespace nats_mcp::counting::giving_up_test
