// SPDX-License-Identifier: MIT
// What a worker does with an item it holds, and what it is told when it does not.
#include "protocol/limits.hpp"
#include "protocol/work/item_change.hpp"

#include "tests/unit/protocol/work/sample_work.hpp"

#include <gtest/gtest.h>

#include <functional>

namespace nats_mcp::work::held_item_test {
namespace {

using namespace testing;

const auto later = noon + 2min;
const json::value outcome{{"pullRequest", 42}};

/// Everything a holder can do, each under this claim.
std::vector<std::function<result<item_record>(const item_record&)>>
all_a_holder_does(std::string claim_id) {
  return {
    [claim_id](const item_record& it) { return renewed(it, claim_id, ack_wait, {}, later); },
    [claim_id](const item_record& it) { return completed(it, claim_id, "", no_result, later); },
    [claim_id](const item_record& it) {
      return failed(it, claim_id, {"It broke.", true, {}}, later, later);
    },
    [claim_id](const item_record& it) { return released(it, claim_id, later); }};
}

std::string refusal(const item_record& record, std::string_view claim_id) {
  const auto why = not_held(record, claim_id);
  EXPECT_TRUE(!why || why->code == ec::conflict);
  return why ? why->message : "held";
}

// -- renewals and reports ----------------------------------------------------------------------

TEST(a_held_item, is_kept_by_a_renewal) {
  const auto held = renewed(held_by_ann(), "c-1", 40s, {}, later);
  ASSERT_TRUE(held);
  EXPECT_EQ(held->state, item_state::claimed);
  EXPECT_EQ(held->held->id, "c-1");
  EXPECT_EQ(held->held->lease, 40s);
  EXPECT_EQ(held->updated_at, later);
  EXPECT_EQ(held->attempts, held_by_ann().attempts);
  EXPECT_EQ(held->attempts_begun, 1U);
}

TEST(a_held_item, remembers_what_was_reported_last) {
  auto held = renewed(held_by_ann(), "c-1", ack_wait, {40, "Half of the form."}, later).value();
  EXPECT_EQ(held.attempts.back().progress, 40);
  EXPECT_EQ(held.attempts.back().note, "Half of the form.");
  held = renewed(held, "c-1", ack_wait, {60, {}}, later).value();
  EXPECT_EQ(held.attempts.back().progress, 60);
  EXPECT_EQ(held.attempts.back().note, "Half of the form.");
  held = renewed(held, "c-1", ack_wait, {{}, "Tests left."}, later).value();
  EXPECT_EQ(held.attempts.back().progress, 60);
  EXPECT_EQ(held.attempts.back().note, "Tests left.");
  held = renewed(held, "c-1", ack_wait, {}, later).value();
  EXPECT_EQ(held.attempts.back().note, "Tests left.");
}

TEST(a_held_item, cuts_a_note_where_it_gets_too_long) {
  const auto held =
    renewed(held_by_ann(), "c-1", ack_wait, {{}, std::string(10'000, 'x')}, later).value();
  EXPECT_EQ(held.attempts.back().note, std::string(limits::work_note_bytes_max, 'x') + "…");
}

// -- completion --------------------------------------------------------------------------------

TEST(a_held_item, is_completed_with_its_result) {
  const auto done = completed(held_by_ann(), "c-1", "The form works.", outcome, later);
  ASSERT_TRUE(done);
  EXPECT_EQ(done->state, item_state::completed);
  EXPECT_EQ(done->summary, "The form works.");
  EXPECT_EQ(done->outcome, outcome);
  EXPECT_FALSE(done->held);
  EXPECT_EQ(done->updated_at, later);
  EXPECT_EQ(done->attempts.back().end, attempt_end::completed);
  EXPECT_EQ(done->attempts.back().ended_at, later);
}

TEST(a_held_item, is_known_to_be_completed_by_whoever_says_it_again) {
  const auto done = completed(held_by_ann(), "c-1", "The form works.", outcome, later).value();
  EXPECT_TRUE(is_completed_with(done, ann.guid, "The form works.", outcome));
  EXPECT_FALSE(is_completed_with(done, bob.guid, "The form works.", outcome));
  EXPECT_FALSE(is_completed_with(done, ann.guid, "It works.", outcome));
  EXPECT_FALSE(is_completed_with(done, ann.guid, "The form works.", {{"pullRequest", 43}}));
  EXPECT_FALSE(is_completed_with(held_by_ann(), ann.guid, "", json::value::object()));
}

// -- failure -----------------------------------------------------------------------------------

TEST(a_held_item, that_failed_rests_before_it_is_tried_again) {
  const auto resting = failed(held_by_ann(), "c-1", {"The build is red.", true, {}}, later, noon);
  ASSERT_TRUE(resting);
  EXPECT_EQ(resting->state, item_state::pending);
  EXPECT_EQ(resting->not_before, later + 1s) << "by the server's clock";
  EXPECT_FALSE(resting->held);
  EXPECT_EQ(resting->attempts_begun, 1U);
  EXPECT_EQ(resting->attempts.back().end, attempt_end::failed);
  EXPECT_EQ(resting->attempts.back().error, "The build is red.");
  EXPECT_EQ(resting->attempts.back().ended_at, noon) << "by the worker's clock";
  EXPECT_EQ(resting->reason, "");
}

TEST(a_held_item, rests_as_long_as_its_worker_says) {
  const auto rest = [](std::chrono::milliseconds wanted) {
    return *failed(held_by_ann(), "c-1", {"Busy.", true, wanted}, noon, noon)->not_before - noon;
  };
  EXPECT_EQ(rest(90s), 90s);
  EXPECT_EQ(rest(0ms), 0ms);
  EXPECT_EQ(rest(-5s), 0ms);
  EXPECT_EQ(rest(std::chrono::days{400}), limits::work_retry_after_max);
}

TEST(a_held_item, rests_longer_after_each_failure) {
  EXPECT_EQ(retry_delay(0), 1s);
  EXPECT_EQ(retry_delay(1), 1s);
  EXPECT_EQ(retry_delay(2), 2s);
  EXPECT_EQ(retry_delay(3), 4s);
  EXPECT_EQ(retry_delay(9), 256s);
  EXPECT_EQ(retry_delay(10), 300s);
  EXPECT_EQ(retry_delay(UINT32_MAX), 300s);
  auto second = taken_by(bob, "c-2", waiting());
  second.attempts_begun = 2;
  EXPECT_EQ(*failed(second, "c-2", {"Red.", true, {}}, noon, noon)->not_before, noon + 2s);
}

TEST(a_held_item, is_dead_when_it_is_not_to_be_tried_again) {
  const auto dead = failed(held_by_ann(), "c-1", {"No such form.", false, {}}, later, later);
  ASSERT_TRUE(dead);
  EXPECT_EQ(dead->state, item_state::dead);
  EXPECT_EQ(dead->reason, "Failed, and not to be tried again: No such form.");
  EXPECT_EQ(dead->attempts.back().end, attempt_end::failed);
  EXPECT_FALSE(dead->held);
  EXPECT_FALSE(dead->not_before);
}

TEST(a_held_item, is_dead_when_its_last_attempt_failed) {
  auto last = held_by_ann();
  last.attempts_begun = 3;
  const auto dead = failed(last, "c-1", {"The build is red.", true, 90s}, later, later);
  ASSERT_TRUE(dead);
  EXPECT_EQ(dead->state, item_state::dead);
  EXPECT_EQ(dead->reason, "Out of attempts: 3 of 3 were made. The last error: The build is red.");
  EXPECT_FALSE(dead->not_before);
}

TEST(a_held_item, is_dead_when_it_failed_after_its_deadline) {
  const failure red{"The build is red.", true, {}};
  EXPECT_EQ(failed(held_by_ann(), "c-1", red, noon + 24h, noon)->state, item_state::pending);
  const auto dead = failed(held_by_ann(), "c-1", red, noon + 24h + 1ms, noon);
  EXPECT_EQ(dead->state, item_state::dead);
  EXPECT_EQ(dead->reason, "Its deadline, 2026-01-16T12:00:00.000Z, passed before anybody finished"
                          " it. The last error: The build is red.");
}

// -- release -----------------------------------------------------------------------------------

TEST(a_held_item, that_is_given_back_counts_no_attempt) {
  const auto back = released(held_by_ann(), "c-1", later);
  ASSERT_TRUE(back);
  EXPECT_EQ(back->state, item_state::pending);
  EXPECT_EQ(back->attempts_begun, 0U);
  EXPECT_FALSE(back->held);
  EXPECT_FALSE(back->not_before);
  EXPECT_EQ(back->attempts.back().end, attempt_end::released);
  const auto again = taken_by(bob, "c-2", *back, later);
  ASSERT_EQ(again.attempts.size(), 2U);
  EXPECT_EQ(again.attempts[0].number, 1U);
  EXPECT_EQ(again.attempts[1].number, 1U);
  EXPECT_EQ(again.attempts_begun, 1U);
}

TEST(a_held_item, that_counts_no_attempt_yet_can_be_given_back) {
  auto strange = held_by_ann();
  strange.attempts_begun = 0;
  strange.attempts.clear();
  EXPECT_EQ(released(strange, "c-1", later)->attempts_begun, 0U);
}

// -- who does not hold it ----------------------------------------------------------------------

TEST(a_former_holder, changes_nothing_whatever_became_of_the_item) {
  const auto done = completed(held_by_ann(), "c-1", "", no_result, later).value();
  const auto resting = failed(held_by_ann(), "c-1", {"Red.", true, {}}, later, later).value();
  for (const auto& record :
       {waiting(), held_by_ann(), done, resting, out_of_attempts(),
        released(held_by_ann(), "c-1", later).value(), cancelled(waiting(), "", later).value(),
        discarded(out_of_attempts(), later).value()}) {
    const auto claim_id = record.held ? "c-0" : "c-1";
    for (const auto& change : all_a_holder_does(claim_id)) {
      const auto refused = change(record);
      ASSERT_FALSE(refused) << to_text(record.state);
      EXPECT_EQ(refused.error(), *not_held(record, claim_id));
    }
  }
}

TEST(a_former_holder, is_told_who_has_the_item_now) {
  auto lost = taken_by(bob, "c-2", held_by_ann(), later);
  EXPECT_EQ(refusal(lost, "c-1"),
            "Work item 550e8400-e29b-41d4-a716-446655440000 is not yours any more: it is with bob,"
            " in attempt 2 of 3. Nothing was changed. Stop working on it; claim_work gives you"
            " something else to do.");
  EXPECT_EQ(refusal(lost, "c-2"), "held");
  lost.held->worker.handle = "bob\x1b[2J";
  EXPECT_EQ(refusal(lost, "c-1").find('\x1b'), std::string::npos);
  lost.held->worker.handle.clear();
  EXPECT_NE(refusal(lost, "c-1").find("it is with another agent, in"), std::string::npos);
}

TEST(a_former_holder, is_told_that_the_item_waits_again) {
  EXPECT_EQ(refusal(released(held_by_ann(), "c-1", later).value(), "c-1"),
            "Work item 550e8400-e29b-41d4-a716-446655440000 is not yours any more: it waits in its"
            " queue. Nothing was changed. Stop working on it; claim_work gives you something else"
            " to do.");
}

TEST(a_former_holder, is_told_that_the_item_is_over) {
  const auto done = completed(held_by_ann(), "c-1", "", no_result, later).value();
  EXPECT_EQ(refusal(done, "c-1"), "Work item 550e8400-e29b-41d4-a716-446655440000 is over: it was"
                                  " completed by ann. Nothing was changed.");
}

TEST(a_former_holder, is_told_how_the_item_ended) {
  const std::string lost = "Work item 550e8400-e29b-41d4-a716-446655440000 is not yours any more: ";
  EXPECT_EQ(refusal(cancelled(held_by_ann(), "Not needed", later).value(), "c-1"),
            lost + "it was cancelled by its offerer: Not needed. Nothing was changed.");
  EXPECT_EQ(refusal(cancelled(held_by_ann(), "", later).value(), "c-1"),
            lost + "it was cancelled by its offerer. Nothing was changed.");
  EXPECT_EQ(refusal(out_of_attempts(), "c-1"),
            lost
              + "it is with the dead letters: Out of attempts: 3 of 3 were made. The last error:"
                " The build is red. Nothing was changed.");
  EXPECT_EQ(refusal(discarded(out_of_attempts(), later).value(), "c-1"),
            lost + "it was discarded from the dead letters. Nothing was changed.");
}

} // namespace
} // namespace nats_mcp::work::held_item_test
