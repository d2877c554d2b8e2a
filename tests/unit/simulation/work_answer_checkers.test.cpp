// SPDX-License-Identifier: MIT
// The checkers of what agents are told about work against histories made by hand: a good one, and
// bad ones that differ from it in one way.
#include "tests/simulation/checkers/work_answer_checkers.hpp"

#include "tests/simulation/checkers/work_look_checkers.hpp"
#include "tests/unit/simulation/work_story.hpp"

namespace nats_mcp::simulation::work_answer_checkers_test {
namespace {

using work::item_state;

constexpr auto build = "item build";

class work_answer_checkers : public work_story {
protected:
  work_look& look(const std::string& item) {
    work_look one;
    one.call = begin(anna);
    answer(one.call);
    const auto& record = newest(item).record;
    one.shown.push_back({item, record.state, record.attempts_begun,
                         record.held ? record.held->worker.handle : std::string{}});
    history_.looks.push_back(one);
    return history_.looks.back();
  }

  mail_stored& notify(const std::string& id) {
    history_.mail.push_back({next(), 1, guid_of(anna), guid_of(ben), id, "ben", "news"});
    return history_.mail.back();
  }
};

TEST_F(work_answer_checkers, find_nothing_wrong_with_a_good_history) {
  offer("build");
  look(build);
  claim(ben, build);
  look(build);
  report(ben, build, "half of it");
  fail_at(ben, build, "no compiler", true);
  notify("item build-g1-1-work-error");
  claim(carl, build);
  release(carl, build);
  claim(carl, build);
  complete(carl, build, "built");
  notify("item build-g1-2-work-complete");
  look(build);
  EXPECT_EQ(found<work_is_shown_to_its_winner>(), 0U);
  EXPECT_EQ(found<work_that_is_said_done_is_done>(), 0U);
  EXPECT_EQ(found<refused_work_changes_nothing>(), 0U);
  EXPECT_EQ(found<a_key_gives_one_item>(), 0U);
  EXPECT_EQ(found<looks_at_work_are_true>(), 0U);
  EXPECT_EQ(found<notices_of_work_are_true>(), 0U);
}

// -- claims ------------------------------------------------------------------------------------

TEST_F(work_answer_checkers, catch_an_item_shown_to_one_who_did_not_win_it) {
  offer("build");
  auto shown = claim(ben, build);
  shown.call.agent = carl;
  shown.call.process = carl;
  history_.claims.push_back(shown);
  EXPECT_EQ(found<work_is_shown_to_its_winner>(), 1U);
}

TEST_F(work_answer_checkers, catch_a_claim_shown_twice) {
  offer("build");
  const auto shown = claim(ben, build);
  history_.claims.push_back(shown);
  EXPECT_EQ(found<work_is_shown_to_its_winner>(), 1U);
}

TEST_F(work_answer_checkers, catch_a_claim_that_was_made_before_it_was_asked_for) {
  offer("build");
  auto& late = claim(ben, build);
  late.call.asked = *late.call.answered;
  EXPECT_EQ(found<work_is_shown_to_its_winner>(), 1U);
}

TEST_F(work_answer_checkers, accept_an_item_that_its_process_had_to_take_twice) {
  offer("build");
  take(ben, build);
  auto& second = claim(ben, build);
  second.call.asked = 0;
  EXPECT_EQ(found<work_is_shown_to_its_winner>(), 0U);
}

TEST_F(work_answer_checkers, accept_claims_that_are_answered_in_another_order_than_asked) {
  offer("build");
  claim(ben, build);
  release(ben, build);
  claim(ben, build).call.asked = 0; // it waited while the other one came, won and gave back
  std::swap(history_.claims.front(), history_.claims.back());
  EXPECT_EQ(found<work_is_shown_to_its_winner>(), 0U);
}

TEST_F(work_answer_checkers, catch_an_item_shown_as_it_was_not_offered) {
  offer("build");
  claim(ben, build).description = "do nothing";
  EXPECT_EQ(found<work_is_shown_to_its_winner>(), 1U);
}

TEST_F(work_answer_checkers, catch_an_item_shown_with_another_attempt) {
  offer("build");
  claim(ben, build).attempt = 2;
  EXPECT_EQ(found<work_is_shown_to_its_winner>(), 1U);
}

TEST_F(work_answer_checkers, catch_work_for_one_who_cannot_do_it) {
  offer("build");
  claim(ben, build).capabilities = {"cobol"};
  EXPECT_EQ(found<work_is_shown_to_its_winner>(), 1U);
}

TEST_F(work_answer_checkers, catch_work_of_another_project) {
  offer("build");
  newest(build).record.item.scope = "q";
  claim(ben, build);
  EXPECT_EQ(found<work_is_shown_to_its_winner>(), 1U);
  newest(build).record.item.scope = "p";
  EXPECT_EQ(found<work_is_shown_to_its_winner>(), 0U);
}

TEST_F(work_answer_checkers, catch_work_that_is_for_another) {
  offer("build");
  newest(build).record.item.assigned_to = guid_of(carl);
  claim(ben, build);
  EXPECT_EQ(found<work_is_shown_to_its_winner>(), 1U);
  newest(build).record.item.assigned_to = guid_of(ben);
  EXPECT_EQ(found<work_is_shown_to_its_winner>(), 0U) << "whatever it can do";
}

// -- deeds -------------------------------------------------------------------------------------

TEST_F(work_answer_checkers, catch_a_completion_that_is_not_stored) {
  offer("build");
  claim(ben, build);
  auto& said = act(ben, work_deed::complete, build, "built");
  answer(said.call);
  EXPECT_EQ(found<work_that_is_said_done_is_done>(), 1U);
}

TEST_F(work_answer_checkers, catch_a_completion_that_is_stored_after_its_answer) {
  offer("build");
  claim(ben, build);
  auto& early = complete(ben, build, "built");
  early.call.answered = newest(build).when.order - 1;
  EXPECT_EQ(found<work_that_is_said_done_is_done>(), 1U);
}

TEST_F(work_answer_checkers, know_that_a_repeated_completion_was_stored_before) {
  offer("build");
  claim(ben, build);
  complete(ben, build, "built");
  auto& again = act(ben, work_deed::complete, build, "built");
  answer(again.call);
  EXPECT_EQ(found<work_that_is_said_done_is_done>(), 1U);
  again.was_so_before = true;
  EXPECT_EQ(found<work_that_is_said_done_is_done>(), 0U);
  again.text = "built otherwise";
  EXPECT_EQ(found<work_that_is_said_done_is_done>(), 1U) << "that was not so before";
}

TEST_F(work_answer_checkers, catch_a_failure_that_is_said_to_be_retried_and_is_not) {
  offer("build");
  claim(ben, build);
  auto& lied = fail_at(ben, build, "impossible", false);
  EXPECT_EQ(found<work_that_is_said_done_is_done>(), 0U);
  lied.tried_again = true;
  EXPECT_EQ(found<work_that_is_said_done_is_done>(), 1U);
}

TEST_F(work_answer_checkers, catch_a_report_and_a_release_that_are_not_stored) {
  offer("build");
  claim(ben, build);
  answer(act(ben, work_deed::report, build, "half of it").call);
  answer(act(ben, work_deed::release, build).call);
  EXPECT_EQ(found<work_that_is_said_done_is_done>(), 2U);
}

TEST_F(work_answer_checkers, catch_a_retry_without_a_queue_message) {
  offer("build");
  claim(ben, build);
  fail_at(ben, build, "impossible", false);
  retry(anna, build);
  EXPECT_EQ(found<work_that_is_said_done_is_done>(), 0U);
  history_.journal.queued.pop_back();
  EXPECT_EQ(found<work_that_is_said_done_is_done>(), 1U);
}

TEST_F(work_answer_checkers, catch_what_was_refused_and_done) {
  offer("build");
  claim(ben, build);
  auto& lied = complete(ben, build, "built");
  lied.call.succeeded = false;
  lied.refused = true;
  EXPECT_EQ(found<refused_work_changes_nothing>(), 1U);
  complete(ben, build, "built");
  EXPECT_EQ(found<refused_work_changes_nothing>(), 0U) << "it may have been the other one";
}

TEST_F(work_answer_checkers, catch_an_offer_that_was_refused_and_stored) {
  auto& lied = offer("build");
  lied.call.succeeded = false;
  lied.refused = true;
  EXPECT_EQ(found<refused_work_changes_nothing>(), 1U);
}

// -- keys --------------------------------------------------------------------------------------

TEST_F(work_answer_checkers, catch_two_items_of_one_key) {
  offer("build").key = "p/k";
  auto again = history_.offers.back();
  again.offered_before = true;
  history_.offers.push_back(again);
  EXPECT_EQ(found<a_key_gives_one_item>(), 0U);
  offer("build anew").key = "p/k";
  EXPECT_EQ(found<a_key_gives_one_item>(), 1U);
}

TEST_F(work_answer_checkers, catch_two_items_of_one_offer) {
  auto twin = offer("build").wanted;
  twin.id = "its twin";
  put_into_queue(twin);
  EXPECT_EQ(found<a_key_gives_one_item>(), 1U);
}

// -- looks -------------------------------------------------------------------------------------

TEST_F(work_answer_checkers, catch_an_item_that_is_shown_as_it_was_before) {
  offer("build");
  auto old = look(build);
  claim(ben, build);
  const auto fresh = look(build);
  history_.looks.back().shown = old.shown;
  EXPECT_EQ(found<looks_at_work_are_true>(), 1U);
  history_.looks.back().shown = fresh.shown;
  history_.looks.back().shown.front().worker_handle = "carl";
  EXPECT_EQ(found<looks_at_work_are_true>(), 1U);
}

TEST_F(work_answer_checkers, accept_an_item_that_changes_while_one_looks) {
  offer("build");
  auto& long_look = look(build);
  claim(ben, build);
  answer(long_look.call);
  EXPECT_EQ(found<looks_at_work_are_true>(), 0U);
}

TEST_F(work_answer_checkers, catch_a_letter_shown_that_there_was_not) {
  offer("build");
  claim(ben, build);
  fail_at(ben, build, "impossible", false);
  letters_look one;
  one.call = begin(anna);
  answer(one.call);
  one.shown.push_back({build, "impossible", 1, 1});
  history_.letters_looks.push_back(one);
  EXPECT_EQ(found<looks_at_work_are_true>(), 0U);
  history_.letters_looks.back().shown.front().reason = "no reason";
  EXPECT_EQ(found<looks_at_work_are_true>(), 1U);
}

TEST_F(work_answer_checkers, accept_a_discarding_that_goes_on_where_another_broke_off) {
  offer("build");
  claim(ben, build);
  fail_at(ben, build, "no compiler", false);
  auto& early = act(carl, work_deed::discard, build);
  answer(early.call);
  EXPECT_EQ(found<work_that_is_said_done_is_done>(), 1U) << "nobody has discarded it";
  history_.acts.pop_back();
  discard(anna, build);
  auto& late = act(carl, work_deed::discard, build);
  answer(late.call);
  EXPECT_EQ(found<work_that_is_said_done_is_done>(), 0U);
}

// -- notices -----------------------------------------------------------------------------------

TEST_F(work_answer_checkers, catch_a_notice_of_what_did_not_happen) {
  offer("build");
  claim(ben, build);
  notify("item build-g1-1-work-complete");
  EXPECT_EQ(found<notices_of_work_are_true>(), 1U);
  notify("item build-g1-2-work-claim");
  EXPECT_EQ(found<notices_of_work_are_true>(), 2U) << "that is another attempt";
  notify("item build-g1-1-work-claim");
  EXPECT_EQ(found<notices_of_work_are_true>(), 2U);
}

TEST_F(work_answer_checkers, take_attempt_0_for_a_death_while_the_item_waited) {
  offer("build");
  claim(ben, build);
  fail_at(ben, build, "no compiler", true);
  notify("item build-g1-0-work-error");
  EXPECT_EQ(found<notices_of_work_are_true>(), 1U) << "it is not dead";
  history_.mail.clear();
  change(build).state = work::item_state::dead;
  notify("item build-g1-0-work-error");
  EXPECT_EQ(found<notices_of_work_are_true>(), 0U);
}

TEST_F(work_answer_checkers, catch_a_notice_to_another_and_one_sent_twice) {
  offer("build");
  claim(ben, build);
  complete(ben, build, "built");
  notify("item build-g1-1-work-complete").recipient_guid = guid_of(carl);
  EXPECT_EQ(found<notices_of_work_are_true>(), 1U);
  notify("item build-g1-1-work-complete");
  EXPECT_EQ(found<notices_of_work_are_true>(), 2U);
}

TEST_F(work_answer_checkers, leave_messages_of_agents_alone) {
  offer("build");
  notify("7f3c0a52-0000-4000-8000-000000000000");
  EXPECT_EQ(found<notices_of_work_are_true>(), 0U);
}

} // namespace
} // namespace nats_mcp::simulation::work_answer_checkers_test
