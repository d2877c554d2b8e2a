// SPDX-License-Identifier: MIT
// The checkers of what items become against histories made by hand: a good one, and bad ones that
// differ from it in one way.
#include "tests/simulation/checkers/work_record_checkers.hpp"

#include "tests/simulation/checkers/work_end_checkers.hpp"
#include "tests/unit/simulation/work_story.hpp"

namespace nats_mcp::simulation::work_record_checkers_test {
namespace {

using work::attempt_end;
using work::item_state;

constexpr auto build = "item build";
constexpr auto test = "item test";

class work_record_checkers : public work_story {
protected:
  [[nodiscard]] std::size_t found_by_all() const {
    return found<records_follow_the_rules>() + found<work_is_completed_once>()
           + found<live_leases_are_kept>() + found<only_the_holder_finishes>()
           + found<attempts_stay_within_the_limit>() + found<accepted_work_is_kept>()
           + found<all_work_ends>() + found<dead_letters_are_complete>();
  }
};

TEST_F(work_record_checkers, find_nothing_wrong_with_a_whole_life) {
  offer("build");
  claim(ben, build);
  report(ben, build, "half of it");
  fail_at(ben, build, "no compiler", true);
  claim(carl, build);
  release(carl, build);
  claim(ben, build);
  pass(2 * lease);
  claim(carl, build);
  complete(carl, build, "built");
  offer("test");
  claim(ben, test);
  fail_at(ben, test, "impossible", false);
  retry(anna, test);
  claim(ben, test);
  fail_at(ben, test, "impossible still", false);
  discard(anna, test);
  offer("deploy");
  claim(carl, "item deploy");
  cancel(anna, "item deploy", "too late");
  EXPECT_EQ(found_by_all(), 0U);
}

// -- the rules ---------------------------------------------------------------------------------

TEST_F(work_record_checkers, catch_what_is_over_and_goes_on) {
  offer("build");
  claim(ben, build);
  complete(ben, build, "built");
  take(carl, build);
  EXPECT_EQ(found<records_follow_the_rules>(), 1U);
}

TEST_F(work_record_checkers, catch_a_completion_of_what_nobody_had) {
  offer("build");
  complete(ben, build, "built");
  EXPECT_EQ(found<records_follow_the_rules>(), 1U);
}

TEST_F(work_record_checkers, catch_an_item_that_is_taken_before_its_time) {
  offer("build");
  claim(ben, build);
  fail_at(ben, build, "busy", true);
  newest(build).record.not_before = newest(build).stamp + 500ms;
  pass(400ms);
  claim(carl, build);
  EXPECT_EQ(found<records_follow_the_rules>(), 1U);
  newest(build).stamp += 100ms;
  EXPECT_EQ(found<records_follow_the_rules>(), 0U);
}

TEST_F(work_record_checkers, catch_history_that_is_lost) {
  offer("build");
  claim(ben, build);
  fail_at(ben, build, "busy", true);
  claim(carl, build);
  newest(build).record.attempts.erase(newest(build).record.attempts.begin());
  EXPECT_EQ(found<records_follow_the_rules>(), 1U);
}

TEST_F(work_record_checkers, catch_history_that_is_changed) {
  offer("build");
  claim(ben, build);
  fail_at(ben, build, "busy", true);
  claim(carl, build);
  newest(build).record.attempts.front().error = "nothing";
  EXPECT_EQ(found<records_follow_the_rules>(), 1U);
}

TEST_F(work_record_checkers, catch_a_new_generation_without_a_retry) {
  offer("build");
  claim(ben, build);
  ++newest(build).record.generation;
  EXPECT_EQ(found<records_follow_the_rules>(), 1U);
}

TEST_F(work_record_checkers, catch_a_changed_place_in_the_queue) {
  offer("build");
  claim(ben, build);
  ++newest(build).record.queue_sequence;
  EXPECT_EQ(found<records_follow_the_rules>(), 1U);
}

TEST_F(work_record_checkers, catch_an_item_that_changes) {
  offer("build");
  claim(ben, build);
  newest(build).record.item.description = "do nothing";
  EXPECT_EQ(found<records_follow_the_rules>(), 1U);
}

TEST_F(work_record_checkers, catch_an_item_without_a_holder_that_is_claimed) {
  offer("build");
  claim(ben, build);
  newest(build).record.held = {};
  EXPECT_EQ(found<records_follow_the_rules>(), 1U);
}

TEST_F(work_record_checkers, catch_what_cannot_be_read) {
  history_.journal.unreadable.push_back("$KV.work_items.x");
  EXPECT_EQ(found<records_follow_the_rules>(), 1U);
}

TEST_F(work_record_checkers, catch_an_item_that_begins_in_the_middle) {
  offer("build");
  newest(build).record.state = item_state::completed;
  EXPECT_EQ(found<records_follow_the_rules>(), 1U);
}

// -- once --------------------------------------------------------------------------------------

TEST_F(work_record_checkers, catch_an_item_that_is_completed_twice) {
  offer("build");
  claim(ben, build);
  complete(ben, build, "built");
  complete(ben, build, "built again");
  EXPECT_EQ(found<work_is_completed_once>(), 1U);
}

// -- leases ------------------------------------------------------------------------------------

TEST_F(work_record_checkers, catch_an_item_that_is_taken_too_early) {
  offer("build");
  claim(ben, build);
  pass(lease - 2ms);
  claim(carl, build);
  EXPECT_EQ(found<live_leases_are_kept>(), 1U);
}

TEST_F(work_record_checkers, let_a_lease_that_is_over_be_taken) {
  offer("build");
  claim(ben, build);
  pass(lease);
  claim(carl, build);
  EXPECT_EQ(found<live_leases_are_kept>(), 0U);
}

TEST_F(work_record_checkers, know_that_a_report_begins_a_lease_anew) {
  offer("build");
  claim(ben, build);
  pass(lease / 2);
  report(ben, build, "half of it");
  pass(lease - 10ms);
  claim(carl, build);
  EXPECT_EQ(found<live_leases_are_kept>(), 1U);
}

TEST_F(work_record_checkers, catch_an_item_that_is_buried_while_it_is_held) {
  offer("build");
  claim(ben, build);
  auto& record = change(build);
  record.state = item_state::dead;
  record.held = {};
  record.attempts.back().end = attempt_end::lease_over;
  EXPECT_EQ(found<live_leases_are_kept>(), 1U);
}

// -- holders -----------------------------------------------------------------------------------

TEST_F(work_record_checkers, catch_a_completion_by_a_former_holder) {
  offer("build");
  claim(ben, build);
  pass(2 * lease);
  claim(carl, build);
  complete(ben, build, "built");
  EXPECT_EQ(found<only_the_holder_finishes>(), 1U);
}

TEST_F(work_record_checkers, catch_a_failure_and_a_report_of_another) {
  offer("build");
  claim(ben, build);
  report(carl, build, "is it done?");
  EXPECT_EQ(found<only_the_holder_finishes>(), 1U);
  fail_at(carl, build, "too slow", true);
  EXPECT_EQ(found<only_the_holder_finishes>(), 2U);
}

TEST_F(work_record_checkers, catch_a_cancellation_by_another_than_the_offerer) {
  offer("build");
  cancel(ben, build, "no");
  EXPECT_EQ(found<only_the_holder_finishes>(), 1U);
}

TEST_F(work_record_checkers, catch_a_result_that_nobody_gave) {
  offer("build");
  claim(ben, build);
  complete(ben, build, "built");
  newest(build).record.summary = "done";
  EXPECT_EQ(found<only_the_holder_finishes>(), 1U);
}

// -- attempts ----------------------------------------------------------------------------------

TEST_F(work_record_checkers, catch_an_attempt_too_many) {
  offer("build");
  for (int attempt = 1; attempt <= 4; ++attempt) {
    claim(ben, build);
    fail_at(ben, build, "failed " + std::to_string(attempt), true);
  }
  EXPECT_GE(found<attempts_stay_within_the_limit>(), 1U);
}

TEST_F(work_record_checkers, catch_an_attempt_that_is_not_counted) {
  offer("build");
  claim(ben, build);
  fail_at(ben, build, "busy", true);
  claim(carl, build);
  newest(build).record.attempts_begun = 1;
  EXPECT_EQ(found<attempts_stay_within_the_limit>(), 1U);
}

TEST_F(work_record_checkers, catch_a_release_that_counts) {
  offer("build");
  claim(ben, build);
  release(ben, build);
  newest(build).record.attempts_begun = 1;
  EXPECT_EQ(found<attempts_stay_within_the_limit>(), 1U);
}

TEST_F(work_record_checkers, catch_a_retry_that_allows_too_much) {
  offer("build");
  claim(ben, build);
  fail_at(ben, build, "impossible", false);
  retry(anna, build);
  auto& records = history_.journal.records[build];
  (records.end() - 1)->record.attempts_max = 9;
  (records.end() - 2)->record.attempts_max = 9;
  EXPECT_EQ(found<attempts_stay_within_the_limit>(), 1U);
}

TEST_F(work_record_checkers, catch_a_claim_that_shows_more_attempts_than_there_are) {
  offer("build");
  claim(ben, build).attempt = 4;
  EXPECT_EQ(found<attempts_stay_within_the_limit>(), 1U);
}

} // namespace
} // namespace nats_mcp::simulation::work_record_checkers_test
