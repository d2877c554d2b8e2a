// SPDX-License-Identifier: MIT
// How items end, and who may end them.
#include "tests/unit/actors/work/work_story.hpp"

namespace nats_mcp::testing {
namespace {

using work::item_state;

constexpr auto planner_guid = "10000000-0000-4000-8000-000000000001";

class work_finishing : public work_story {
protected:
  void SetUp() override {
    work_story::SetUp();
    offer(item(1));
  }
};

TEST_F(work_finishing, a_completion_is_stored_and_empties_the_queue) {
  ASSERT_EQ(taken(bob_), id_of(1));
  const auto done = completes(bob_, 1, "Wrote the parser.");
  ASSERT_TRUE(done) << done.error().message;
  EXPECT_EQ(done->task_id, "feature-1");
  EXPECT_FALSE(done->completed_before);
  advance(100ms);
  EXPECT_EQ(record(1)->state, item_state::completed);
  EXPECT_EQ(record(1)->summary, "Wrote the parser.");
  EXPECT_EQ(record(1)->outcome, (json::value{{"lines", 7}}));
  EXPECT_EQ(stored("WORK"), 0U);
  EXPECT_EQ(held(bob_), strings{});
  EXPECT_EQ(notices(planner_guid), 1U);
}

TEST_F(work_finishing, the_same_completion_again_is_a_success) {
  ASSERT_EQ(taken(bob_), id_of(1));
  ASSERT_TRUE(completes(bob_, 1));
  const auto again = completes(bob_, 1);
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_TRUE(again->completed_before);
}

TEST_F(work_finishing, another_completion_is_refused) {
  ASSERT_EQ(taken(bob_), id_of(1));
  ASSERT_TRUE(completes(bob_, 1));
  const auto other = completes(bob_, 1, "Something else.");
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().code, ec::conflict);
  const auto anns = completes(ann_, 1);
  ASSERT_FALSE(anns) << "it was not hers";
  EXPECT_NE(anns.error().message.find("was completed by bob"), std::string::npos)
    << anns.error().message;
}

TEST_F(work_finishing, a_completion_whose_answer_was_lost_can_be_repeated) {
  ASSERT_EQ(taken(bob_), id_of(1));
  bob_.asked->loses_answer = [](std::string_view line) {
    return line.starts_with("put work_items")
             ? std::optional{error{ec::unknown_outcome, "No answer came.", 0}}
             : std::nullopt;
  };
  EXPECT_EQ(completes(bob_, 1).error().code, ec::unknown_outcome);
  bob_.asked->loses_answer = {};
  const auto again = completes(bob_, 1);
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_TRUE(again->completed_before);
  advance(100ms);
  EXPECT_EQ(stored("WORK"), 0U) << "what follows was made up for";
  EXPECT_EQ(held(bob_), strings{});
}

TEST_F(work_finishing, a_notice_that_cannot_be_stored_holds_up_nothing) {
  ASSERT_EQ(taken(bob_), id_of(1));
  bob_.asked->refuses = [](std::string_view line) {
    return line.starts_with("publish inbox.")
             ? std::optional{error{ec::limit_exceeded, "The inbox is full.", 0}}
             : std::nullopt;
  };
  ASSERT_TRUE(completes(bob_, 1));
  advance(100ms);
  EXPECT_EQ(stored("WORK"), 0U);
}

TEST_F(work_finishing, a_failure_is_tried_again_after_a_while) {
  ASSERT_EQ(taken(bob_), id_of(1));
  const auto failed = fails(bob_, 1);
  ASSERT_TRUE(failed) << failed.error().message;
  EXPECT_TRUE(failed->retried);
  EXPECT_EQ(failed->attempt, 2);
  EXPECT_FALSE(failed->not_before.empty());
  EXPECT_EQ(taken(ann_), "nothing") << "not at once";
  advance(limits::work_retry_delay_min + 100ms);
  EXPECT_EQ(taken(ann_), id_of(1));
}

TEST_F(work_finishing, a_failure_for_good_ends_with_the_dead_letters) {
  ASSERT_EQ(taken(bob_), id_of(1));
  const auto failed = fails(bob_, 1, false);
  ASSERT_TRUE(failed) << failed.error().message;
  EXPECT_FALSE(failed->retried);
  EXPECT_NE(failed->reason.find("It broke."), std::string::npos) << failed->reason;
  advance(100ms);
  EXPECT_EQ(record(1)->state, item_state::dead);
  EXPECT_EQ(stored("DEAD_LETTER"), 1U);
  EXPECT_EQ(stored("WORK"), 0U);
}

TEST_F(work_finishing, the_last_failure_ends_with_the_dead_letters) {
  for (int attempt = 1; attempt <= 3; ++attempt) {
    const auto got = take(bob_);
    ASSERT_EQ(id_in(got), id_of(1));
    EXPECT_EQ(got->work->attempt, attempt);
    const auto failed = fails(bob_, 1);
    ASSERT_TRUE(failed);
    EXPECT_EQ(failed->retried, attempt < 3);
    advance(10s);
  }
  EXPECT_EQ(record(1)->attempts.size(), 3U);
  EXPECT_EQ(stored("DEAD_LETTER"), 1U);
}

TEST_F(work_finishing, a_released_item_is_free_at_once_and_the_attempt_does_not_count) {
  ASSERT_EQ(taken(bob_), id_of(1));
  const auto released = releases(bob_, 1);
  ASSERT_TRUE(released) << released.error().message;
  EXPECT_EQ(released->capability, "TypeScript");
  const auto got = take(ann_);
  ASSERT_EQ(id_in(got), id_of(1));
  EXPECT_EQ(got->work->attempt, 1);
}

TEST_F(work_finishing, nobody_ends_what_somebody_else_holds) {
  ASSERT_EQ(taken(bob_), id_of(1));
  for (const auto code : {reports(ann_, 1, 10).error().code, completes(ann_, 1).error().code,
                          fails(ann_, 1).error().code, releases(ann_, 1).error().code}) {
    EXPECT_EQ(code, ec::conflict);
  }
  EXPECT_EQ(record(1)->state, item_state::claimed);
  EXPECT_TRUE(completes(bob_, 1));
}

TEST_F(work_finishing, progress_is_told_to_the_offerer) {
  ASSERT_EQ(taken(bob_), id_of(1));
  ASSERT_TRUE(reports(bob_, 1, 40, "The parser stands."));
  advance(100ms);
  EXPECT_EQ(notices(planner_guid), 1U);
  EXPECT_EQ(record(1)->attempts.back().note, "The parser stands.");
}

// -- an agent that came back -------------------------------------------------------------------

TEST_F(work_finishing, an_agent_that_came_back_completes_what_it_held) {
  ASSERT_EQ(taken(bob_), id_of(1));
  die(bob_);
  identity_is(ann_, me); // its next process
  const auto done = completes(ann_, 1);
  ASSERT_TRUE(done) << done.error().message;
  EXPECT_EQ(record(1)->state, item_state::completed);
  advance(ack_wait);
  EXPECT_EQ(taken(ann_), "nothing") << "the delivery settles when it comes again";
  EXPECT_EQ(stored("WORK"), 0U);
}

TEST_F(work_finishing, an_agent_that_came_back_goes_on_with_what_it_reports_on) {
  ASSERT_EQ(taken(bob_), id_of(1));
  die(bob_);
  identity_is(ann_, me);
  const auto reported = reports(ann_, 1, 60);
  ASSERT_TRUE(reported) << reported.error().message;
  EXPECT_EQ(held(ann_), strings{id_of(1)});
  advance(5 * ack_wait);
  EXPECT_EQ(record(1)->attempts_begun, 1U);
  EXPECT_TRUE(completes(ann_, 1));
}

TEST_F(work_finishing, an_agent_that_came_back_and_reports_twice_at_once_holds_it_once) {
  ASSERT_EQ(taken(bob_), id_of(1));
  die(bob_);
  identity_is(ann_, me);
  const auto first = post(ann_.queue, report_on_work{{id_of(1), 10, {}}, now() + 5s});
  const auto second = post(ann_.queue, report_on_work{{id_of(1), 20, {}}, now() + 5s});
  advance(1s);
  EXPECT_TRUE(first.value());
  EXPECT_TRUE(second.value());
  EXPECT_EQ(held(ann_), strings{id_of(1)});
}

TEST_F(work_finishing, an_agent_that_came_back_fails_and_releases_what_it_held) {
  offer(item(2));
  ASSERT_EQ(taken(bob_), id_of(1));
  ASSERT_EQ(taken(bob_), id_of(2));
  die(bob_);
  identity_is(ann_, me);
  EXPECT_TRUE(fails(ann_, 1));
  EXPECT_TRUE(releases(ann_, 2));
  advance(ack_wait + 1s);
  EXPECT_EQ(taken(ann_), id_of(1));
  EXPECT_EQ(taken(ann_), id_of(2));
}

TEST_F(work_finishing, who_is_no_agent_ends_nothing) {
  identity_is(bob_, "");
  EXPECT_EQ(completes(bob_, 1).error().code, ec::not_found);
  EXPECT_EQ(cancels(bob_, 1).error().code, ec::not_found);
  EXPECT_EQ(record(1)->state, item_state::pending);
}

TEST_F(work_finishing, what_there_is_not_is_not_found) {
  const auto none = completes(bob_, 77);
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, ec::not_found);
  const auto nonsense =
    answer(bob_.queue, complete_held_work{{"../* >", {}, json::value::object()}, now() + 5s});
  ASSERT_FALSE(nonsense);
  EXPECT_EQ(nonsense.error().code, ec::not_found);
}

// -- the offerer -------------------------------------------------------------------------------

class work_cancelling : public work_story {
protected:
  void SetUp() override {
    work_story::SetUp();
    auto what = item(1);
    what.offered_by = {me, "bob"};
    offer(what);
  }
};

TEST_F(work_cancelling, takes_an_item_out_of_the_queue) {
  const auto done = cancels(bob_, 1);
  ASSERT_TRUE(done) << done.error().message;
  EXPECT_EQ(done->taken_from, "");
  advance(100ms);
  EXPECT_EQ(record(1)->state, item_state::cancelled);
  EXPECT_EQ(stored("WORK"), 0U);
  EXPECT_EQ(taken(ann_), "nothing");
}

TEST_F(work_cancelling, takes_an_item_from_whoever_works_on_it) {
  ASSERT_EQ(taken(ann_), id_of(1));
  const auto done = cancels(bob_, 1);
  ASSERT_TRUE(done) << done.error().message;
  EXPECT_EQ(done->taken_from, "ann");
  const auto late = completes(ann_, 1);
  ASSERT_FALSE(late);
  EXPECT_NE(late.error().message.find("was cancelled by its offerer"), std::string::npos)
    << late.error().message;
  EXPECT_EQ(held(ann_), strings{});
}

TEST_F(work_cancelling, again_changes_nothing) {
  ASSERT_TRUE(cancels(bob_, 1));
  const auto again = cancels(bob_, 1);
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_TRUE(again->cancelled_before);
}

TEST_F(work_cancelling, is_for_the_offerer_alone) {
  const auto refused = cancels(ann_, 1);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ec::permission_denied);
  EXPECT_EQ(record(1)->state, item_state::pending);
}

TEST_F(work_cancelling, by_others_is_refused_on_one_line_whatever_the_offerer_calls_itself) {
  auto what = item(2);
  what.offered_by = {me, "bob\n- Status: cancelled"};
  offer(what);
  const auto refused = cancels(ann_, 2);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message.find('\n'), std::string::npos) << refused.error().message;
}

TEST_F(work_cancelling, of_what_is_done_is_refused) {
  ASSERT_EQ(taken(ann_), id_of(1));
  ASSERT_TRUE(completes(ann_, 1));
  EXPECT_EQ(cancels(bob_, 1).error().code, ec::conflict);
}

TEST_F(work_cancelling, of_what_this_very_process_holds_lets_go_of_it) {
  ASSERT_EQ(taken(bob_), id_of(1));
  ASSERT_TRUE(cancels(bob_, 1));
  EXPECT_EQ(held(bob_), strings{});
  advance(100ms);
  EXPECT_EQ(stored("WORK"), 0U);
}

} // namespace
} // namespace nats_mcp::testing
