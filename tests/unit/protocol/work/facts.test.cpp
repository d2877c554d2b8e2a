// SPDX-License-Identifier: MIT
// What answers tell of items: taken from their records, with the server's time.
#include "protocol/work/facts.hpp"

#include "tests/unit/protocol/work/sample_work.hpp"

#include <gtest/gtest.h>

#include <set>

namespace nats_mcp::work::testing::facts_test {
namespace {

TEST(work_facts, name_every_state_and_know_it_again) {
  std::set<std::string_view> names;
  for (const auto state : {item_state::pending, item_state::claimed, item_state::completed,
                           item_state::dead, item_state::cancelled, item_state::discarded}) {
    EXPECT_EQ(tools::to_text(state_fact(state)), to_text(state));
    EXPECT_EQ(state_of(state_fact(state)), state);
    names.insert(to_text(state));
  }
  EXPECT_EQ(names.size(), 6U);
}

TEST(work_facts, of_a_waiting_item_name_nobody) {
  const auto fact = summary_of({waiting(), 1, noon + 1s});
  EXPECT_EQ(fact.work_item_id, item_id);
  EXPECT_EQ(fact.task_id, "feature-123");
  EXPECT_EQ(fact.capability, "TypeScript");
  EXPECT_EQ(fact.priority, 7);
  EXPECT_EQ(fact.state, tools::work_state::pending);
  EXPECT_EQ(fact.worker_handle, "");
  EXPECT_EQ(fact.attempt, 0);
  EXPECT_EQ(fact.attempts_max, 3);
  EXPECT_FALSE(fact.progress);
  EXPECT_EQ(fact.description, "Implement the login form.");
  EXPECT_EQ(fact.updated_at, to_rfc3339(noon + 1s)) << "by the server's clock";
}

TEST(work_facts, of_a_held_item_tell_who_has_it_how_far_it_is_and_until_when) {
  const auto record =
    renewed(held_by_ann(), "c-1", 60s, {40.0, "The form is there."}, noon + 5s).value();
  const auto fact = status_of({record, 2, noon + 10s});
  EXPECT_EQ(fact.summary.state, tools::work_state::claimed);
  EXPECT_EQ(fact.summary.worker_handle, "ann");
  EXPECT_EQ(fact.summary.attempt, 1);
  EXPECT_EQ(fact.summary.progress, 40.0);
  EXPECT_EQ(fact.worker_guid, ann.guid);
  EXPECT_EQ(fact.lease_until, to_rfc3339(noon + 70s)) << "since the server stored it";
  EXPECT_EQ(fact.not_before, "");
  EXPECT_EQ(fact.deadline, to_rfc3339(noon + 24h));
  EXPECT_EQ(fact.offered_by_guid, planner.guid);
  EXPECT_EQ(fact.offered_by_handle, "planner");
  EXPECT_EQ(fact.offered_at, to_rfc3339(noon));
  EXPECT_EQ(fact.note, "The form is there.");
  ASSERT_EQ(fact.attempts.size(), 1U);
  EXPECT_EQ(fact.attempts.front().end, "open");
  EXPECT_EQ(fact.attempts.front().ended_at, "");
}

TEST(work_facts, of_a_completed_item_hold_its_result) {
  const auto record =
    completed(held_by_ann(), "c-1", "Done.", {{"branch", "login"}}, noon + 5s).value();
  const auto fact = status_of({record, 2, noon + 5s});
  EXPECT_EQ(fact.summary.state, tools::work_state::completed);
  EXPECT_EQ(fact.summary.worker_handle, "") << "nobody holds it any more";
  EXPECT_EQ(fact.lease_until, "");
  EXPECT_EQ(fact.completion_summary, "Done.");
  EXPECT_EQ(fact.result, (json::value{{"branch", "login"}}));
  ASSERT_EQ(fact.attempts.size(), 1U);
  EXPECT_EQ(fact.attempts.front().ended_at, to_rfc3339(noon + 5s));
}

TEST(work_facts, of_a_resting_item_tell_when_it_may_be_taken) {
  const auto record =
    failed(held_by_ann(), "c-1", {"The build is red.", true, 30s}, noon, noon).value();
  const auto fact = status_of({record, 2, noon});
  EXPECT_EQ(fact.not_before, to_rfc3339(noon + 30s));
  EXPECT_EQ(fact.attempts.front().error, "The build is red.");
  EXPECT_EQ(fact.attempts.front().worker_guid, ann.guid);
}

TEST(work_facts, of_a_dead_letter_hold_its_whole_history) {
  const auto record = out_of_attempts();
  const auto message = dead_letter_message(record);
  const auto fact = letter_fact(read_dead_letter(message.subject, message.payload, noon));
  EXPECT_EQ(fact.id, item_id);
  EXPECT_EQ(fact.task_id, "feature-123");
  EXPECT_EQ(fact.capability, "TypeScript");
  EXPECT_EQ(fact.failed_at, to_rfc3339(record.updated_at));
  EXPECT_EQ(fact.attempts, 3);
  EXPECT_EQ(fact.reason, record.reason);
  EXPECT_EQ(fact.description, "Implement the login form.");
  ASSERT_EQ(fact.history.size(), 3U);
  for (std::int64_t number = 1; number <= 3; ++number) {
    const auto& one = fact.history[static_cast<std::size_t>(number) - 1];
    EXPECT_EQ(one.number, number);
    EXPECT_EQ(one.end, "failed");
    EXPECT_EQ(one.worker_handle, "ann");
  }
}

} // namespace
} // namespace nats_mcp::work::testing::facts_test
