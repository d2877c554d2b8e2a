// SPDX-License-Identifier: MIT
// The texts of offering and doing work, to the letter, and their structured form.
#include "protocol/tools/shown_work.hpp"
#include "protocol/tools/tool.hpp"

#include "tests/unit/protocol/tools/work_samples.hpp"

#include <gtest/gtest.h>

namespace nats_mcp::tools::work_rendering_test {
namespace {

using namespace std::chrono_literals;

broadcast_work_offer_result offered() {
  return {sample_item_id,
          "feature-123",
          "typescript",
          7,
          "2025-01-22T09:00:00.000Z",
          false,
          {},
          {},
          false,
          {}};
}

TEST(work_rendering, of_an_offer_is_the_seeds) {
  EXPECT_EQ(render(offered()), "Work item published successfully!\n"
                               "- Work Item ID: 550e8400-e29b-41d4-a716-446655440000\n"
                               "- Task ID: feature-123\n"
                               "- Capability: typescript\n"
                               "- Priority: 7");
}

TEST(work_rendering, of_an_offer_says_when_it_was_made_before) {
  auto again = offered();
  again.offered_before = true;
  EXPECT_EQ(render(again), render(offered())
                             + "\n- Offered before: this idempotency key was used for this item, "
                               "so it was not published again");
  again.differs = "description, priority";
  EXPECT_TRUE(render(again).ends_with(
    "\n- Offered otherwise then: description, priority; what was offered first counts"))
    << render(again);
}

TEST(work_rendering, of_an_offer_made_before_says_how_far_the_item_is) {
  auto again = offered();
  again.offered_before = true;
  const auto before = render(again);
  again.state = work_state::pending;
  EXPECT_EQ(render(again), before + "\n- Status: pending");
  again.state = work_state::claimed;
  EXPECT_EQ(render(again), before + "\n- Status: claimed");
}

TEST(work_rendering, of_an_offer_of_what_is_over_says_that_nothing_was_published) {
  auto again = offered();
  again.offered_before = true;
  again.assigned_to = "123e4567-e89b-42d3-a456-426614174000"; // and nobody gets it
  const auto over = [&again](work_state state) {
    again.state = state;
    const auto text = render(again);
    EXPECT_TRUE(text.starts_with("Nothing was published: this idempotency key was used for an item "
                                 "that is over.\n- Work Item ID: 550e8400-"))
      << text;
    return text.substr(text.find("\n- Priority: 7"));
  };
  EXPECT_EQ(over(work_state::dead), "\n- Priority: 7\n- Status: dead (get_work_status says why; "
                                    "retry_dead_letter_item may bring it back)");
  for (const auto state : {work_state::completed, work_state::cancelled, work_state::discarded}) {
    EXPECT_EQ(over(state), "\n- Priority: 7\n- Status: " + std::string{to_text(state)}
                             + " (to have it done, offer it under another key)");
  }
}

TEST(work_rendering, of_an_offer_to_one_agent_names_it) {
  auto assigned = offered();
  assigned.assigned_to = "123e4567-e89b-42d3-a456-426614174000";
  EXPECT_EQ(render(assigned),
            render(offered())
              + "\n- Assigned To: 123e4567-e89b-42d3-a456-426614174000 (nobody else gets it)");
}

TEST(work_rendering, of_an_offer_to_a_coordinator_says_what_becomes_of_it) {
  auto coordinated = offered();
  coordinated.coordinated = true;
  coordinated.assigned_to = "123e4567-e89b-42d3-a456-426614174000"; // of the moment
  EXPECT_EQ(render(coordinated),
            render(offered())
              + "\n- Coordinated: a coordinator gives it to one worker after another until it is "
                "done; it is kept until one runs");
}

TEST(work_rendering, of_a_claim_has_everything_a_worker_needs) {
  EXPECT_EQ(render(claim_work_result{claimed_auth(), {"typescript"}, 0ms}),
            "Work claimed!\n"
            "- Work Item ID: 550e8400-e29b-41d4-a716-446655440000\n"
            "- Task ID: feature-123\n"
            "- Capability: typescript\n"
            "- Priority: 7\n"
            "- Attempt: 2 of 3\n"
            "- Lease until: 2025-01-15T10:05:00.000Z, renewed by itself until "
            "2025-01-15T11:00:00.000Z; report_progress extends it\n"
            "- Deadline: 2025-01-22T09:00:00.000Z\n"
            "- Offered by: project-manager (g2) at 2025-01-15T08:00:00.000Z\n"
            "\n"
            "Implement user auth\n"
            "\n"
            "**Context:** {\"branch\":\"main\"}\n"
            "\n"
            "**Attempt 1:** developer (g1), 2025-01-15T09:00:00.000Z to 2025-01-15T09:05:00.000Z, "
            "failed at 40%\n"
            "**Error:** The tests do not compile:\n"
            "auth.ts(3): no such module\n"
            "**Note:** The schema is done.");
}

TEST(work_rendering, of_a_claim_leaves_out_what_there_is_not) {
  auto work = claimed_auth();
  work.attempt = 1;
  work.lease.held_until = work.lease.until;
  work.context_data = json::value::object();
  work.earlier_attempts.clear();
  const auto text = render(claim_work_result{work, {"typescript"}, 0ms});
  EXPECT_NE(text.find("\n- Attempt: 1 of 3\n"
                      "- Lease until: 2025-01-15T10:05:00.000Z; report_progress extends it\n"
                      "- Deadline: "),
            std::string::npos)
    << text;
  EXPECT_TRUE(text.ends_with("\n\nImplement user auth")) << text;
}

TEST(work_rendering, of_a_claim_names_the_item_before_any_other_id) {
  auto work = claimed_auth();
  work.task_id = "123e4567-e89b-12d3-a456-426614174000";
  const auto text = render(claim_work_result{work, {}, 0ms});
  EXPECT_LT(text.find(sample_item_id), text.find(work.task_id));
}

TEST(work_rendering, of_a_claim_in_vain_says_what_was_looked_for) {
  EXPECT_EQ(render(claim_work_result{{}, {"typescript", "testing"}, 0ms}),
            "No work available for: typescript, testing");
  EXPECT_EQ(render(claim_work_result{{}, {"typescript"}, 30s}),
            "No work available for: typescript\nWaited 30s.");
  EXPECT_EQ(render(claim_work_result{}),
            "No work available for you. You registered no capabilities, so that only work assigned "
            "to you is looked for; register_agent with \"capabilities\" changes that.");
}

TEST(work_rendering, of_a_report_says_until_when_the_item_is_held) {
  report_progress_result outcome{
    sample_item_id, 40.0, {"2025-01-15T10:05:00.000Z", "2025-01-15T11:00:00.000Z"}};
  EXPECT_EQ(render(outcome), "Progress reported successfully!\n"
                             "- Work Item ID: 550e8400-e29b-41d4-a716-446655440000\n"
                             "- Progress: 40%\n"
                             "- Lease until: 2025-01-15T10:05:00.000Z, renewed by itself until "
                             "2025-01-15T11:00:00.000Z; report_progress extends it");
  outcome.progress.reset();
  EXPECT_EQ(render(outcome).find("Progress: "), std::string::npos);
}

TEST(work_rendering, of_a_completion_says_whether_it_is_news) {
  EXPECT_EQ(render(complete_work_result{sample_item_id, "feature-123", false}),
            "Work completed successfully!\n"
            "- Work Item ID: 550e8400-e29b-41d4-a716-446655440000\n"
            "- Task ID: feature-123\n"
            "- Status: completed");
  EXPECT_TRUE(
    render(complete_work_result{sample_item_id, "feature-123", true})
      .ends_with("\n- Status: completed (it was before, with this result; nothing changed)"));
}

TEST(work_rendering, of_a_failure_says_what_becomes_of_the_item) {
  fail_work_result outcome;
  outcome.work_item_id = sample_item_id;
  outcome.not_before = "2025-01-15T10:00:02.000Z";
  EXPECT_EQ(render(outcome), "Failure recorded.\n"
                             "- Work Item ID: 550e8400-e29b-41d4-a716-446655440000\n"
                             "- Status: will be retried (attempt 2 of 3)\n"
                             "- Not before: 2025-01-15T10:00:02.000Z");
  outcome.retried = false;
  outcome.not_before.clear();
  outcome.reason = "Its worker said that nobody need try again: no such module";
  EXPECT_EQ(render(outcome), "Failure recorded.\n"
                             "- Work Item ID: 550e8400-e29b-41d4-a716-446655440000\n"
                             "- Status: moved to the dead letter queue\n"
                             "- Reason: Its worker said that nobody need try again: no such "
                             "module");
  outcome.not_listed = "The stream is full.";
  EXPECT_TRUE(render(outcome).ends_with(
    "\n- Not listed yet: The stream is full. It is listed as soon as its message in the queue "
    "comes round again."))
    << render(outcome);
}

TEST(work_rendering, of_a_release_says_where_the_item_waits) {
  EXPECT_EQ(render(release_work_result{sample_item_id, "typescript"}),
            "Work released successfully!\n"
            "- Work Item ID: 550e8400-e29b-41d4-a716-446655440000\n"
            "- Moved back to work queue: typescript\n"
            "- Attempt counted: no");
}

TEST(work_rendering, of_a_cancellation_says_from_whom_the_item_was_taken) {
  EXPECT_EQ(render(cancel_work_result{sample_item_id, {}, false}),
            "Work cancelled successfully!\n"
            "- Work Item ID: 550e8400-e29b-41d4-a716-446655440000\n"
            "- Status: cancelled");
  EXPECT_TRUE(render(cancel_work_result{sample_item_id, "tester", false})
                .ends_with("\n- Taken from: tester, who is told at the next report"));
  EXPECT_TRUE(render(cancel_work_result{sample_item_id, {}, true})
                .ends_with("\n- Status: cancelled (it was before; nothing changed)"));
}

TEST(work_rendering, of_progress_is_never_ahead_of_it) {
  EXPECT_EQ(percent(0), "0%");
  EXPECT_EQ(percent(40), "40%");
  EXPECT_EQ(percent(33.5), "33.5%");
  EXPECT_EQ(percent(99.99), "99.9%");
  EXPECT_EQ(percent(100), "100%");
  EXPECT_EQ(percent(-1e300), "0%");
  EXPECT_EQ(percent(1e300), "100%");
}

TEST(work_rendering, as_structure_has_the_same_facts) {
  EXPECT_EQ(json::write(structured(offered())),
            R"({"workItemId":"550e8400-e29b-41d4-a716-446655440000","taskId":"feature-123",)"
            R"("capability":"typescript","priority":7,"deadline":"2025-01-22T09:00:00.000Z",)"
            R"("offeredBefore":false,"coordinated":false})");
  EXPECT_EQ(json::write(structured(claim_work_result{claimed_auth(), {"typescript"}, 2s})),
            R"({"work":{"workItemId":"550e8400-e29b-41d4-a716-446655440000",)"
            R"("taskId":"feature-123","capability":"typescript","priority":7,"attempt":2,)"
            R"("attemptsMax":3,"lease":{"until":"2025-01-15T10:05:00.000Z",)"
            R"("heldUntil":"2025-01-15T11:00:00.000Z"},"deadline":"2025-01-22T09:00:00.000Z",)"
            R"("offeredByGuid":"g2","offeredByHandle":"project-manager",)"
            R"("offeredAt":"2025-01-15T08:00:00.000Z","description":"Implement user auth",)"
            R"("contextData":{"branch":"main"},"earlierAttempts":[{"number":1,"workerGuid":"g1",)"
            R"("workerHandle":"developer","startedAt":"2025-01-15T09:00:00.000Z",)"
            R"("endedAt":"2025-01-15T09:05:00.000Z","end":"failed","progress":40,)"
            R"("error":"The tests do not compile:\nauth.ts(3): no such module",)"
            R"("note":"The schema is done."}]},"capabilities":["typescript"],"waited":2000})");
  EXPECT_EQ(json::write(structured(claim_work_result{{}, {"a"}, 0ms})),
            R"({"capabilities":["a"],"waited":0})");
  EXPECT_EQ(json::write(structured(report_progress_result{"i", 40.0, {"a", "b"}})),
            R"({"workItemId":"i","progress":40,"lease":{"until":"a","heldUntil":"b"}})");
  EXPECT_EQ(json::write(structured(complete_work_result{"i", "t", true})),
            R"({"workItemId":"i","taskId":"t","completedBefore":true})");
  EXPECT_EQ(json::write(structured(fail_work_result{"i", true, 2, 3, "n", {}, {}})),
            R"({"workItemId":"i","retried":true,"attempt":2,"attemptsMax":3,"notBefore":"n"})");
  EXPECT_EQ(json::write(structured(release_work_result{"i", "c"})),
            R"({"workItemId":"i","capability":"c"})");
  EXPECT_EQ(json::write(structured(cancel_work_result{"i", "h", false})),
            R"({"workItemId":"i","takenFrom":"h","cancelledBefore":false})");
}

} // namespace
} // namespace nats_mcp::tools::work_rendering_test
