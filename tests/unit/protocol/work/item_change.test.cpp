// SPDX-License-Identifier: MIT
// What deliveries, offerers and whoever looks after the dead letters do to a record.
#include "protocol/work/item_change.hpp"

#include "protocol/limits.hpp"
#include "protocol/work/dead_letter.hpp"

#include "tests/unit/protocol/work/sample_work.hpp"

#include <gtest/gtest.h>

namespace nats_mcp::work::item_change_test {
namespace {

using namespace testing;

const auto later = noon + 6min;

item_record retried_now(const item_record& before, attempts_after_retry how,
                        wall_time now = later) {
  const auto out = retried(before, how, now);
  EXPECT_TRUE(out);
  return out.value_or(item_record{});
}

template <class Outcome>
std::string refusal(const Outcome& outcome) {
  return outcome ? "allowed" : outcome.error().message;
}

// -- offers and claims -------------------------------------------------------------------------

TEST(an_offered_item, waits_for_its_first_attempt) {
  const auto record = offered({sample_item(), 1}, 7, noon);
  EXPECT_EQ(record.item, sample_item());
  EXPECT_EQ(record.state, item_state::pending);
  EXPECT_EQ(record.generation, 1U);
  EXPECT_EQ(record.queue_sequence, 7U);
  EXPECT_EQ(record.attempts_begun, 0U);
  EXPECT_EQ(record.attempts_max, 3U);
  EXPECT_TRUE(record.attempts.empty());
  EXPECT_EQ(record.updated_at, noon);
}

TEST(a_claim, begins_an_attempt) {
  const auto record = held_by_ann();
  EXPECT_EQ(record.state, item_state::claimed);
  EXPECT_EQ(record.held, claim_by(ann, "c-1"));
  EXPECT_EQ(record.attempts_begun, 1U);
  ASSERT_EQ(record.attempts.size(), 1U);
  EXPECT_EQ(record.attempts[0].number, 1U);
  EXPECT_EQ(record.attempts[0].worker, ann);
  EXPECT_EQ(record.attempts[0].started_at, noon);
  EXPECT_EQ(record.attempts[0].end, attempt_end::open);
  EXPECT_FALSE(record.attempts[0].ended_at);
}

TEST(a_claim, of_an_item_without_a_record_makes_one) {
  const delivered_item delivered{{sample_item(), 4}, 9};
  const auto record = taken(delivered, nullptr, claim_by(ann, "c-1"), noon);
  EXPECT_EQ(record.item, sample_item());
  EXPECT_EQ(record.generation, 4U);
  EXPECT_EQ(record.queue_sequence, 9U);
  EXPECT_EQ(record.attempts_begun, 1U);
  EXPECT_EQ(record.attempts_max, 3U);
  EXPECT_EQ(record.held->id, "c-1");
}

TEST(a_claim, fills_in_which_message_it_was) {
  auto before = waiting();
  before.queue_sequence = 0;
  const auto record = taken(delivery_of(sample_item()), &before, claim_by(ann, "c-1"), noon);
  EXPECT_EQ(record.queue_sequence, queue_sequence);
}

TEST(a_claim, keeps_the_item_as_the_record_has_it) {
  auto before = waiting();
  before.item.deadline = noon + 72h;
  before.attempts_max = 5;
  const auto record = taken(delivery_of(sample_item()), &before, claim_by(ann, "c-1"), noon);
  EXPECT_EQ(record.item.deadline, noon + 72h);
  EXPECT_EQ(record.attempts_max, 5U);
}

TEST(a_claim, turns_a_lease_that_is_over_into_an_attempt_that_ended_so) {
  const auto before =
    renewed(held_by_ann(), "c-1", ack_wait, {40, "Half of the form."}, noon).value();
  const auto record = taken_by(bob, "c-2", before, later);
  EXPECT_EQ(record.held->id, "c-2");
  EXPECT_EQ(record.attempts_begun, 2U);
  ASSERT_EQ(record.attempts.size(), 2U);
  EXPECT_EQ(record.attempts[0].end, attempt_end::lease_over);
  EXPECT_EQ(record.attempts[0].ended_at, later) << "by the clock of whoever noticed";
  EXPECT_EQ(record.attempts[0].worker, ann);
  EXPECT_EQ(record.attempts[0].note, "Half of the form.");
  EXPECT_EQ(record.attempts[0].progress, 40);
  EXPECT_EQ(record.attempts[1].number, 2U);
  EXPECT_EQ(record.attempts[1].worker, bob);
}

TEST(a_claim, ends_the_rest_after_a_failure) {
  const auto resting = failed(held_by_ann(), "c-1", {"Red.", true, {}}, noon, noon).value();
  const auto record = taken_by(bob, "c-2", resting, later);
  EXPECT_FALSE(record.not_before);
  EXPECT_EQ(record.attempts[0].end, attempt_end::failed);
  EXPECT_EQ(record.attempts[0].ended_at, noon);
}

TEST(a_claim, leaves_out_the_oldest_attempts_when_there_are_too_many) {
  auto record = waiting();
  record.attempts_max = 100;
  for (std::size_t made = 0; made < limits::work_attempts_kept + 5; ++made) {
    record = taken_by(ann, "c-" + std::to_string(made), record, later);
  }
  EXPECT_EQ(record.attempts_begun, limits::work_attempts_kept + 5);
  ASSERT_EQ(record.attempts.size(), limits::work_attempts_kept);
  EXPECT_EQ(record.attempts.front().number, 6U);
  EXPECT_EQ(record.attempts.back().end, attempt_end::open);
}

// -- death -------------------------------------------------------------------------------------

TEST(a_death, is_that_of_a_silent_worker_too) {
  const auto before = held_by_ann();
  const auto record = died(delivery_of(sample_item()), &before, "Out of attempts.", later);
  EXPECT_EQ(record.state, item_state::dead);
  EXPECT_EQ(record.reason, "Out of attempts.");
  EXPECT_FALSE(record.held);
  EXPECT_EQ(record.attempts_begun, 1U);
  EXPECT_EQ(record.attempts.back().end, attempt_end::lease_over);
  EXPECT_EQ(record.attempts.back().ended_at, later);
  EXPECT_EQ(record.updated_at, later);
}

TEST(a_death, needs_no_record_and_no_attempt) {
  const auto record = died(delivery_of(sample_item()), nullptr, "Its deadline passed.", later);
  EXPECT_EQ(record.state, item_state::dead);
  EXPECT_EQ(record.item, sample_item());
  EXPECT_EQ(record.queue_sequence, queue_sequence);
  EXPECT_EQ(record.attempts_begun, 0U);
  EXPECT_TRUE(record.attempts.empty());
}

TEST(a_death, ends_the_rest_after_a_failure) {
  const auto resting = failed(held_by_ann(), "c-1", {"Red.", true, {}}, noon, noon).value();
  const auto record = died(delivery_of(sample_item()), &resting, "Its deadline passed.", later);
  EXPECT_FALSE(record.not_before);
  EXPECT_EQ(record.attempts, resting.attempts);
}

// -- cancellation ------------------------------------------------------------------------------

TEST(a_cancellation, takes_the_item_from_whoever_has_it) {
  const auto record = cancelled(held_by_ann(), "Not needed.", later);
  ASSERT_TRUE(record);
  EXPECT_EQ(record->state, item_state::cancelled);
  EXPECT_EQ(record->reason, "Not needed.");
  EXPECT_FALSE(record->held);
  EXPECT_EQ(record->attempts.back().end, attempt_end::cancelled);
  EXPECT_EQ(record->attempts.back().ended_at, later);
}

TEST(a_cancellation, takes_the_item_out_of_its_queue) {
  const auto resting = failed(held_by_ann(), "c-1", {"Red.", true, {}}, noon, noon).value();
  for (const auto& before : {waiting(), resting}) {
    const auto record = cancelled(before, "", later);
    ASSERT_TRUE(record);
    EXPECT_EQ(record->state, item_state::cancelled);
    EXPECT_FALSE(record->not_before);
    EXPECT_EQ(record->attempts, before.attempts);
    EXPECT_EQ(record->queue_sequence, queue_sequence);
  }
}

TEST(a_cancellation, comes_too_late_for_what_is_over) {
  const auto attempt = [](const item_record& before) {
    const auto refused = cancelled(before, "Not needed.", later);
    EXPECT_EQ(refused.error().code, ec::conflict);
    return refusal(refused);
  };
  const auto done = completed(held_by_ann(), "c-1", "", no_result, later).value();
  const std::string sorry = "Work item 550e8400-e29b-41d4-a716-446655440000 cannot be cancelled: ";
  EXPECT_EQ(attempt(done), sorry + "it was completed by ann. Nothing was changed.");
  EXPECT_EQ(attempt(cancelled(waiting(), "", later).value()),
            sorry + "it was cancelled by its offerer. Nothing was changed.");
  EXPECT_TRUE(attempt(out_of_attempts()).starts_with(sorry + "it is with the dead letters: Out"));
  EXPECT_EQ(attempt(discarded(out_of_attempts(), later).value()),
            sorry + "it was discarded from the dead letters. Nothing was changed.");
}

// -- dead letters ------------------------------------------------------------------------------

TEST(a_retry, is_a_new_generation_without_a_message_yet) {
  const auto record = retried_now(out_of_attempts(), attempts_after_retry::kept);
  EXPECT_EQ(record.state, item_state::pending);
  EXPECT_EQ(record.generation, 2U);
  EXPECT_EQ(record.queue_sequence, 0U);
  EXPECT_EQ(record.reason, "");
  EXPECT_FALSE(record.not_before);
  EXPECT_EQ(record.attempts, out_of_attempts().attempts);
  EXPECT_EQ(record.updated_at, later);
}

TEST(a_retry, that_keeps_the_attempts_allows_one_more) {
  auto record = retried_now(out_of_attempts(), attempts_after_retry::kept);
  EXPECT_EQ(record.attempts_begun, 3U);
  EXPECT_EQ(record.attempts_max, 4U);
  record =
    failed(taken_by(bob, "c-4", record), "c-4", {"Still red.", true, {}}, noon, noon).value();
  EXPECT_EQ(record.state, item_state::dead);
  EXPECT_EQ(record.attempts.back().number, 4U);
  EXPECT_EQ(retried_now(record, attempts_after_retry::kept).attempts_max, 5U);
}

TEST(a_retry, that_keeps_the_attempts_allows_one_more_of_an_item_that_failed_for_good) {
  const auto dead = failed(held_by_ann(), "c-1", {"No form.", false, {}}, noon, noon).value();
  const auto record = retried_now(dead, attempts_after_retry::kept);
  EXPECT_EQ(record.attempts_begun, 1U);
  EXPECT_EQ(record.attempts_max, 2U);
}

TEST(a_retry, that_resets_the_attempts_allows_all_again) {
  auto record = retried_now(out_of_attempts(), attempts_after_retry::kept);
  record = failed(taken_by(bob, "c-4", record), "c-4", {"Red.", true, {}}, noon, noon).value();
  record = retried_now(record, attempts_after_retry::reset);
  EXPECT_EQ(record.attempts_begun, 0U);
  EXPECT_EQ(record.attempts_max, 3U);
  EXPECT_EQ(record.attempts.size(), 4U) << "the history stays";
  EXPECT_EQ(taken_by(bob, "c-5", record).attempts.back().number, 1U);
}

TEST(a_retry, leaves_a_deadline_that_is_ahead) {
  EXPECT_EQ(retried_now(out_of_attempts(), attempts_after_retry::kept, noon + 24h).item.deadline,
            noon + 24h);
}

TEST(a_retry, after_the_deadline_gives_the_same_time_again) {
  const auto now = noon + 25h;
  auto dead = out_of_attempts();
  EXPECT_EQ(retried_now(dead, attempts_after_retry::kept, now).item.deadline, now + 24h);
  dead.item.deadline = noon + 1min;
  EXPECT_EQ(retried_now(dead, attempts_after_retry::kept, now).item.deadline, now + 1h);
  dead.item.offered_at = noon + 2h;
  EXPECT_EQ(retried_now(dead, attempts_after_retry::kept, now).item.deadline, now + 1h);
  dead.item.offered_at = wall_time{};
  EXPECT_EQ(retried_now(dead, attempts_after_retry::kept, now).item.deadline,
            now + limits::work_deadline_max);
}

TEST(a_retry, is_for_everybody_after_a_coordinator) {
  auto dead = out_of_attempts();
  dead.item.assigned_to = ann.guid;
  dead.assigned = assignment{7, noon, 0, {}, 0};
  const auto record = retried_now(dead, attempts_after_retry::kept);
  EXPECT_FALSE(record.assigned);
  EXPECT_EQ(lane_of(record.item), lane_of(sample_item()));
}

TEST(a_retry, is_for_dead_letters) {
  const auto attempt = [](const item_record& before) {
    const auto refused = retried(before, attempts_after_retry::reset, later);
    EXPECT_EQ(refused.error().code, ec::conflict);
    return refusal(refused);
  };
  const std::string sorry = "Work item 550e8400-e29b-41d4-a716-446655440000 is no dead letter: ";
  EXPECT_EQ(attempt(waiting()), sorry + "it waits in its queue. Nothing was changed.");
  EXPECT_EQ(attempt(held_by_ann()),
            sorry + "it is with ann, in attempt 1 of 3. Nothing was changed.");
  EXPECT_EQ(attempt(completed(held_by_ann(), "c-1", "", no_result, later).value()),
            sorry + "it was completed by ann. Nothing was changed.");
  EXPECT_EQ(attempt(cancelled(waiting(), "", later).value()),
            sorry + "it was cancelled by its offerer. Nothing was changed.");
  EXPECT_EQ(attempt(discarded(out_of_attempts(), later).value()),
            sorry + "it was discarded from the dead letters. Nothing was changed.");
}

TEST(a_retry, is_not_for_what_nobody_can_read) {
  const auto refused = retried(unreadable({"public", "typescript", 5}, 7, "\\u0000", noon),
                               attempts_after_retry::reset, later);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ec::conflict);
  EXPECT_TRUE(refused.error().message.starts_with(
    "Work item seq-7 cannot be retried: its message could not be read"))
    << refused.error().message;
}

TEST(a_discarded_letter, is_over_for_good) {
  const auto record = discarded(out_of_attempts(), later);
  ASSERT_TRUE(record);
  EXPECT_EQ(record->state, item_state::discarded);
  EXPECT_EQ(record->reason, out_of_attempts().reason);
  EXPECT_EQ(record->updated_at, later);
  EXPECT_TRUE(discarded(unreadable({"public", "typescript", 5}, 7, "x", noon), later));
}

TEST(a_discarded_letter, was_one_before) {
  for (const auto& before : {waiting(), held_by_ann(), cancelled(waiting(), "", later).value(),
                             completed(held_by_ann(), "c-1", "", no_result, later).value(),
                             discarded(out_of_attempts(), later).value()}) {
    const auto refused = discarded(before, later);
    ASSERT_FALSE(refused) << to_text(before.state);
    EXPECT_EQ(refused.error().code, ec::conflict);
    EXPECT_NE(refusal(refused).find(" is no dead letter: it "), std::string::npos);
  }
}

} // namespace
} // namespace nats_mcp::work::item_change_test
