// SPDX-License-Identifier: MIT
// The checkers of what became of work in the end against histories made by hand: a good one, and
// bad ones that differ from it in one way.
#include "tests/simulation/checkers/work_end_checkers.hpp"

#include "tests/unit/simulation/work_story.hpp"

namespace nats_mcp::simulation::work_end_checkers_test {
namespace {

using work::item_state;

constexpr auto build = "item build";

class work_end_checkers : public work_story {};

TEST_F(work_end_checkers, catch_an_accepted_item_that_is_not_in_the_queue) {
  offer("build");
  claim(ben, build);
  complete(ben, build, "built");
  history_.journal.queued.clear();
  EXPECT_EQ(found<accepted_work_is_kept>(), 1U);
}

TEST_F(work_end_checkers, catch_an_item_that_was_accepted_before_it_was_queued) {
  offer("build");
  history_.journal.queued.back().when.order = *history_.offers.back().call.answered + 1;
  EXPECT_EQ(found<accepted_work_is_kept>(), 1U);
}

TEST_F(work_end_checkers, accept_an_offer_of_what_was_told_to_have_ended_before_it_was_queued) {
  offer("build");
  history_.journal.queued.clear();
  take_from_queue();
  change(build).state = item_state::cancelled;
  auto& again = history_.offers.back();
  again.call = begin(anna);
  answer(again.call);
  again.offered_before = true;
  again.state = item_state::cancelled;
  EXPECT_EQ(found<accepted_work_is_kept>(), 0U);
  again.state.reset();
  EXPECT_EQ(found<accepted_work_is_kept>(), 2U) << "not told, and not in the queue";
}

TEST_F(work_end_checkers, catch_an_offer_that_was_told_of_a_state_its_item_was_not_in) {
  offer("build");
  claim(ben, build);
  auto& again = history_.offers.back();
  again.call = begin(anna);
  answer(again.call);
  again.offered_before = true;
  again.state = item_state::claimed;
  EXPECT_EQ(found<accepted_work_is_kept>(), 0U);
  again.state = item_state::pending;
  EXPECT_EQ(found<accepted_work_is_kept>(), 1U) << "it was, before the call";
}

TEST_F(work_end_checkers, catch_an_item_that_is_queued_as_another) {
  offer("build").wanted.priority = 9;
  EXPECT_EQ(found<accepted_work_is_kept>(), 1U);
}

TEST_F(work_end_checkers, catch_an_item_that_left_the_queue_before_it_was_over) {
  offer("build");
  claim(ben, build);
  take_from_queue();
  EXPECT_EQ(found<accepted_work_is_kept>(), 1U);
}

TEST_F(work_end_checkers, catch_an_item_that_left_the_queue_without_a_record) {
  offer("build");
  history_.journal.records.clear();
  EXPECT_EQ(found<accepted_work_is_kept>(), 0U) << "the next claim makes one";
  take_from_queue();
  EXPECT_EQ(found<accepted_work_is_kept>(), 1U);
}

TEST_F(work_end_checkers, accept_a_retry_that_broke_off_while_its_letter_is_there) {
  offer("build");
  claim(ben, build);
  fail_at(ben, build, "impossible", false);
  auto& record = change(build);
  record.state = item_state::pending;
  record.queue_sequence = 0;
  ++record.generation;
  EXPECT_EQ(found<accepted_work_is_kept>(), 0U);
  EXPECT_EQ(found<dead_letters_are_complete>(), 0U);
  history_.journal.letters_left.clear();
  EXPECT_EQ(found<accepted_work_is_kept>(), 1U);
}

TEST_F(work_end_checkers, catch_an_item_that_is_queued_twice) {
  put_into_queue(offer("build").wanted);
  EXPECT_EQ(found<accepted_work_is_kept>(), 1U);
}

TEST_F(work_end_checkers, catch_an_item_that_nobody_finishes) {
  auto& item = offer("build").wanted;
  EXPECT_EQ(found<all_work_ends>(), 1U);
  claim(ben, build);
  EXPECT_EQ(found<all_work_ends>(), 1U);
  newest(build).record.item.assigned_to = "guid of one who is gone";
  item.assigned_to = "guid of one who is gone";
  EXPECT_EQ(found<all_work_ends>(), 0U);
}

TEST_F(work_end_checkers, catch_a_dead_item_without_a_letter) {
  offer("build");
  claim(ben, build);
  fail_at(ben, build, "impossible", false);
  history_.journal.letters_left.clear();
  EXPECT_EQ(found<dead_letters_are_complete>(), 1U);
}

TEST_F(work_end_checkers, accept_a_dead_item_that_waits_in_the_lane_of_somebody_who_is_gone) {
  offer("build");
  auto& record = change(build);
  record.state = item_state::dead;
  EXPECT_EQ(found<dead_letters_are_complete>(), 1U);
  record.item.assigned_to = "guid of one who is gone";
  EXPECT_EQ(found<dead_letters_are_complete>(), 0U);
  take_from_queue();
  EXPECT_EQ(found<dead_letters_are_complete>(), 1U);
}

TEST_F(work_end_checkers, catch_a_letter_that_does_not_tell_everything) {
  offer("build");
  claim(ben, build);
  fail_at(ben, build, "impossible", false);
  auto& letter = history_.journal.letters.back().letter;
  letter.history.clear();
  EXPECT_EQ(found<dead_letters_are_complete>(), 1U);
  letter.history = newest(build).record.attempts;
  letter.reason = "no reason";
  EXPECT_EQ(found<dead_letters_are_complete>(), 1U);
}

TEST_F(work_end_checkers, catch_a_letter_of_what_lives) {
  offer("build");
  write_letter(build);
  EXPECT_EQ(found<dead_letters_are_complete>(), 2U) << "it was not dead, and it is not";
}

TEST_F(work_end_checkers, catch_a_letter_that_stays_after_a_retry) {
  offer("build");
  claim(ben, build);
  fail_at(ben, build, "impossible", false);
  retry(anna, build);
  EXPECT_EQ(found<dead_letters_are_complete>(), 0U);
  history_.journal.letters_left.insert(history_.journal.letters.back().sequence);
  EXPECT_EQ(found<dead_letters_are_complete>(), 1U);
}

} // namespace
} // namespace nats_mcp::simulation::work_end_checkers_test
