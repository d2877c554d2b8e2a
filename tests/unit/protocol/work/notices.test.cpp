// SPDX-License-Identifier: MIT
#include "protocol/work/notices.hpp"

#include "protocol/limits.hpp"
#include "protocol/tools/hand_off_metadata.hpp"
#include "protocol/work/item_change.hpp"

#include "tests/unit/protocol/work/any_work.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace nats_mcp::work::notices_test {
namespace {

using namespace testing;

const auto later = noon + 2min;

std::string id_of(const std::optional<jetstream::publish>& notice) {
  return notice ? notice->message_id : "none";
}

/// The id of Ann's notice about the record.
std::string told(const item_record& record) { return id_of(notice_of(record, ann, later)); }

json::value payload_of(const item_record& record) {
  return json::parse(notice_of(record, ann, later).value().payload).value();
}

item_record failed_once(bool retryable) {
  return failed(held_by_ann(), "c-1", {"The build is red.", retryable, {}}, noon, noon).value();
}

item_record completed_with(json::value outcome) {
  return completed(held_by_ann(), "c-1", "The form works.", std::move(outcome), noon).value();
}

item_record at_progress(double progress, std::string note) {
  return renewed(held_by_ann(), "c-1", ack_wait, {progress, std::move(note)}, noon).value();
}

std::optional<tools::message_type> type_of(std::string_view text) {
  for (const auto type : {tools::message_type::work_claim, tools::message_type::progress_update,
                          tools::message_type::work_complete, tools::message_type::work_error}) {
    if (text == tools::to_text(type)) {
      return type;
    }
  }
  return std::nullopt;
}

// -- whatever is said --------------------------------------------------------------------------

RC_GTEST_PROP(a_notice, carries_what_its_type_needs, ()) {
  const auto notice = notice_of(any_record(), ann, noon);
  if (notice) {
    const auto payload = json::parse(notice->payload);
    RC_ASSERT(payload.has_value());
    const auto type = type_of(payload->at("messageType").get<std::string>());
    RC_ASSERT(type.has_value());
    RC_ASSERT(tools::check_metadata(*type, payload->at("metadata")).has_value());
    RC_ASSERT(payload->at("id") == notice->message_id);
  }
}

TEST(a_notice, is_a_message_from_the_worker_to_the_offerer) {
  const auto notice = notice_of(completed_with({{"pullRequest", 42}}), ann, later);
  ASSERT_TRUE(notice);
  EXPECT_EQ(notice->subject, "inbox." + planner.guid + "." + ann.guid);
  const auto payload = json::parse(notice->payload).value();
  EXPECT_EQ(payload.at("senderGuid"), ann.guid);
  EXPECT_EQ(payload.at("senderHandle"), "ann");
  EXPECT_EQ(payload.at("recipientGuid"), planner.guid);
  EXPECT_EQ(payload.at("timestamp"), to_rfc3339(later));
}

TEST(a_notice, has_an_id_that_is_the_same_whoever_repeats_it) {
  const auto record = completed_with(no_result);
  EXPECT_EQ(id_of(notice_of(record, ann, noon)), item_id + "-g1-1-work-complete");
  EXPECT_EQ(id_of(notice_of(record, bob, later)), item_id + "-g1-1-work-complete");
}

// -- who gets one ------------------------------------------------------------------------------

TEST(a_notice, is_for_the_offerer_alone) {
  auto record = completed_with(no_result);
  EXPECT_FALSE(notice_of(record, planner, noon)) << "it knows what it did itself";
  EXPECT_FALSE(notice_of(record, party{}, noon)) << "a process that is no agent";
  record.item.offered_by = {};
  EXPECT_FALSE(notice_of(record, ann, noon)) << "a stranger's item";
}

TEST(a_notice, of_a_death_its_offerer_only_found_is_for_the_offerer_too) {
  auto record = failed_once(false);
  record.item.offered_by = ann;
  EXPECT_FALSE(notice_of(record, ann, later)) << "it said so itself";
  record.attempts.back().end = attempt_end::lease_over;
  EXPECT_TRUE(notice_of(record, ann, later));
}

TEST(a_notice, says_nothing_where_nothing_is_to_be_said) {
  const auto resting = failed_once(true);
  auto again = taken_by(bob, "c-2", resting);
  again.attempts_begun = 3;
  const auto dead = failed(again, "c-2", {"Red.", true, {}}, noon, noon).value();
  for (const auto& record :
       {waiting(), held_by_ann(), released(held_by_ann(), "c-1", noon).value(),
        released(again, "c-2", noon).value(), cancelled(held_by_ann(), "", noon).value(),
        retried(dead, attempts_after_retry::kept, noon).value(), discarded(dead, noon).value()}) {
    EXPECT_EQ(told(record), "none") << to_text(record.state);
  }
}

// -- claims and progress -----------------------------------------------------------------------

TEST(a_notice, of_a_claim_is_for_who_asked_for_it) {
  auto record = held_by_ann();
  record.item.notify_claim = true;
  EXPECT_EQ(told(record), item_id + "-g1-1-work-claim-c-1");
  EXPECT_EQ(payload_of(record).at("content"),
            "Work item " + item_id
              + " (task feature-123, \"Implement the login form.\") was claimed: attempt 1 of 3.");
  EXPECT_EQ(told(taken_by(bob, "c-2", record)), item_id + "-g1-2-work-claim-c-2");
}

TEST(a_notice, of_the_claim_after_a_release_is_another_one) {
  auto record = held_by_ann();
  record.item.notify_claim = true;
  const auto again = taken_by(ann, "c-2", released(record, "c-1", noon).value());
  ASSERT_EQ(again.attempts_begun, 1U) << "what was given back does not count";
  EXPECT_NE(told(again), told(record));
}

TEST(a_notice, of_progress_says_how_far_it_is) {
  const auto record = at_progress(40.5, "Half of the form.");
  EXPECT_EQ(told(record), item_id + "-g1-1-progress-update-40");
  const auto payload = payload_of(record);
  EXPECT_EQ(
    payload.at("metadata"),
    (json::value{
      {"workItemId", item_id}, {"taskId", "feature-123"}, {"attempt", 1}, {"progress", 40.5}}));
  EXPECT_EQ(payload.at("content"), "Work item " + item_id
                                     + " (task feature-123, \"Implement the login form.\") is at "
                                       "40 %, in attempt 1 of 3.\n\nHalf of the form.");
}

TEST(a_notice, of_further_progress_is_another_one) {
  EXPECT_NE(told(at_progress(40, "")), told(at_progress(60, "")));
  auto record = at_progress(40, "");
  record.item.notify_claim = true;
  EXPECT_EQ(told(taken_by(bob, "c-2", record)), item_id + "-g1-2-work-claim-c-2")
    << "the next attempt has made none";
}

TEST(a_notice, is_not_repeated_by_a_renewal) {
  const auto before = at_progress(40, "");
  const auto after = renewed(before, "c-1", ack_wait, {}, later).value();
  EXPECT_EQ(id_of(notice_of_change(&before, after, ann, later)), "none");
  const auto further = renewed(before, "c-1", ack_wait, {60, {}}, later).value();
  EXPECT_EQ(id_of(notice_of_change(&before, further, ann, later)),
            item_id + "-g1-1-progress-update-60");
  EXPECT_EQ(id_of(notice_of_change(nullptr, before, ann, later)),
            item_id + "-g1-1-progress-update-40");
  const auto silent = held_by_ann();
  EXPECT_EQ(id_of(notice_of_change(&silent, before, ann, later)),
            item_id + "-g1-1-progress-update-40");
}

// -- the end -----------------------------------------------------------------------------------

TEST(a_notice, of_a_completion_brings_the_result) {
  const auto payload = payload_of(completed_with({{"pullRequest", 42}}));
  EXPECT_EQ(payload.at("metadata").at("result"), (json::value{{"pullRequest", 42}}));
  EXPECT_EQ(payload.at("content"),
            "Work item " + item_id
              + " (task feature-123, \"Implement the login form.\") was completed.\n\nThe form "
                "works.");
  EXPECT_FALSE(payload_of(completed_with(no_result)).at("metadata").contains("result"));
}

TEST(a_notice, of_a_completion_leaves_out_a_result_that_is_too_long) {
  const auto payload =
    payload_of(completed_with({{"log", std::string(limits::metadata_bytes_max, 'x')}}));
  EXPECT_FALSE(payload.at("metadata").contains("result"));
  EXPECT_NE(payload.at("content").get<std::string>().find("get_work_status shows it"),
            std::string::npos);
}

TEST(a_notice, of_a_failure_says_that_it_is_tried_again) {
  const auto record = failed_once(true);
  EXPECT_EQ(told(record), item_id + "-g1-1-work-error");
  const auto payload = payload_of(record);
  EXPECT_EQ(payload.at("metadata").at("error"), "The build is red.");
  EXPECT_EQ(payload.at("metadata").at("retryable"), true);
  EXPECT_EQ(payload.at("content"),
            "Work item " + item_id
              + " (task feature-123, \"Implement the login form.\") failed in attempt 1 of 3 and "
                "will be tried again.\n\nThe build is red.");
}

TEST(a_notice, of_a_death_says_why) {
  const auto record = failed_once(false);
  EXPECT_EQ(told(record), item_id + "-g1-1-work-error");
  const auto payload = payload_of(record);
  EXPECT_EQ(payload.at("metadata").at("error"),
            "Failed, and not to be tried again: The build is red.");
  EXPECT_EQ(payload.at("metadata").at("retryable"), false);
}

TEST(a_notice, of_a_death_is_not_taken_for_that_of_the_failure_before) {
  const auto resting = failed_once(true);
  const auto dead = died(delivery_of(sample_item()), &resting, "Its deadline passed.", later);
  EXPECT_EQ(told(resting), item_id + "-g1-1-work-error");
  EXPECT_EQ(told(dead), item_id + "-g1-0-work-error");
}

TEST(a_notice, of_a_death_in_silence_names_the_attempt) {
  const auto held = held_by_ann();
  const auto dead = died(delivery_of(sample_item()), &held, "Out of attempts.", later);
  EXPECT_EQ(id_of(notice_of(dead, bob, later)), item_id + "-g1-1-work-error");
}

TEST(a_notice, of_a_death_without_an_attempt_names_none) {
  const auto dead = died(delivery_of(sample_item()), nullptr, "Its deadline passed.", later);
  EXPECT_EQ(told(dead), item_id + "-g1-0-work-error");
}

TEST(a_notice, of_a_retried_item_is_of_its_own_generation) {
  auto record = retried(out_of_attempts(), attempts_after_retry::kept, noon).value();
  record = failed(taken_by(bob, "c-4", record), "c-4", {"Red.", true, {}}, noon, noon).value();
  EXPECT_EQ(told(record), item_id + "-g2-4-work-error");
}

TEST(a_notice, shows_what_others_wrote_without_harm) {
  auto record = completed_with(no_result);
  record.item.task_id = "a\x1b[2J";
  record.item.description = std::string(1000, 'x') + "\n";
  const auto content = payload_of(record).at("content").get<std::string>();
  EXPECT_EQ(content.find('\x1b'), std::string::npos);
  EXPECT_LT(content.size(), 300U);
}

} // namespace
} // namespace nats_mcp::work::notices_test
