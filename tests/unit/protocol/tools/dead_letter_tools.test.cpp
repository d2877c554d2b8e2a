// SPDX-License-Identifier: MIT
// The dead letter tools: their arguments, and the texts of their results to the letter.
#include "protocol/tools/dead_letter_tools.hpp"

#include "tests/unit/protocol/tools/decoding.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

namespace nats_mcp::tools::dead_letter_tools_test {
namespace {

constexpr const char* item_id = "550e8400-e29b-41d4-a716-446655440000";

/// The one of the seed's example.
dead_letter_item crashed() {
  dead_letter_item out;
  out.id = item_id;
  out.task_id = "feature-123";
  out.capability = "typescript";
  out.failed_at = "2025-01-15T10:00:00Z";
  out.attempts = 3;
  out.reason = "Worker crashed unexpectedly";
  return out;
}

work_attempt failed_attempt() {
  return {1,
          "g1",
          "developer",
          "2025-01-15T09:00:00.000Z",
          "2025-01-15T09:05:00.000Z",
          "failed",
          "The tests do not compile.",
          "The schema is done.",
          40.0};
}

TEST(dead_letter_arguments, of_the_seeds_examples_are_taken) {
  const auto list = decode<list_dead_letter_items_arguments>(R"({"limit":10})");
  ASSERT_TRUE(list);
  EXPECT_EQ(list->limit, 10);
  const auto retry = decode<retry_dead_letter_item_arguments>(
    R"({"itemId":"550e8400-e29b-41d4-a716-446655440000","resetAttempts":true})");
  ASSERT_TRUE(retry);
  EXPECT_EQ(retry->item_id, item_id);
  EXPECT_TRUE(retry->reset_attempts);
  EXPECT_TRUE(check(*retry));
  EXPECT_EQ(decode<discard_dead_letter_item_arguments>(
              R"({"itemId":"550e8400-e29b-41d4-a716-446655440000"})")
              ->item_id,
            item_id);
}

TEST(dead_letter_arguments, that_are_left_out_have_the_documented_defaults) {
  EXPECT_EQ(decode<list_dead_letter_items_arguments>("{}")->limit, 20);
  EXPECT_FALSE(decode<retry_dead_letter_item_arguments>(R"({"itemId":"seq-1"})")->reset_attempts);
}

TEST(dead_letter_arguments, that_are_wrong_are_answered_with_name_value_bounds_and_example) {
  EXPECT_EQ(refusal<list_dead_letter_items_arguments>(R"({"limit":101})"),
            "Argument \"limit\" must be a whole number from 1 to 100, but 101 was given. Example: "
            "\"limit\": 10.");
  EXPECT_EQ(refusal<discard_dead_letter_item_arguments>(R"({"itemId":"feature-123"})"),
            "Argument \"itemId\" must be the id of a work item, as an answer told it: a UUID in "
            "lower case, or seq- and a number, but \"feature-123\" (text) was given. Example: "
            "\"itemId\": \"550e8400-e29b-41d4-a716-446655440000\".");
  EXPECT_EQ(refusal<discard_dead_letter_item_arguments>("{}").find(
              "Argument \"itemId\" is missing; it must be the id of a work item"),
            0U);
}

TEST(dead_letter_arguments, retry_one_item_or_all_of_a_capability) {
  EXPECT_TRUE(check(retry_dead_letter_item_arguments{{}, "typescript", false}));
  EXPECT_EQ(check(retry_dead_letter_item_arguments{item_id, "typescript", false}).error(),
            (error{ec::invalid_argument,
                   "Arguments \"itemId\" and \"capability\" were both given, but only one of them "
                   "is allowed. Leave \"capability\" out to retry this item alone; nothing was "
                   "retried.",
                   0}));
  EXPECT_EQ(check(retry_dead_letter_item_arguments{}).error(),
            (error{ec::invalid_argument,
                   "Neither \"itemId\" nor \"capability\" was given; one of them is needed to say "
                   "what to retry. Example: \"itemId\": \"550e8400-e29b-41d4-a716-446655440000\". "
                   "list_dead_letter_items shows what there is.",
                   0}));
}

TEST(dead_letter_rendering, of_the_list_is_the_seeds) {
  EXPECT_EQ(render(list_dead_letter_items_result{{crashed()}, {}}),
            "## Dead Letter Queue Items (1 item)\n"
            "\n"
            "---\n"
            "**ID:** 550e8400-e29b-41d4-a716-446655440000\n"
            "**Task ID:** feature-123\n"
            "**Capability:** typescript\n"
            "**Failed At:** 2025-01-15T10:00:00Z\n"
            "**Attempts:** 3\n"
            "**Reason:** Worker crashed unexpectedly");
}

TEST(dead_letter_rendering, of_the_list_has_every_attempt_and_where_to_go_on) {
  auto item = crashed();
  item.description = "Implement user auth";
  auto silent = failed_attempt();
  silent.number = 2;
  silent.end = "lease-over";
  silent.error.clear();
  silent.note.clear();
  silent.progress.reset();
  item.history = {failed_attempt(), silent};
  const auto text = render(list_dead_letter_items_result{{item, crashed()}, "17"});
  EXPECT_EQ(text.find("## Dead Letter Queue Items (2 items)\n\n---\n"), 0U);
  EXPECT_NE(text.find("**Reason:** Worker crashed unexpectedly\n"
                      "**Description:** Implement user auth\n"
                      "**Attempt 1:** developer (g1), 2025-01-15T09:00:00.000Z to "
                      "2025-01-15T09:05:00.000Z, failed at 40%\n"
                      "**Error:** The tests do not compile.\n"
                      "**Note:** The schema is done.\n"
                      "**Attempt 2:** developer (g1), 2025-01-15T09:00:00.000Z to "
                      "2025-01-15T09:05:00.000Z, lease over\n"
                      "\n"
                      "---\n"
                      "**ID:** "),
            std::string::npos)
    << text;
  EXPECT_TRUE(text.ends_with("unexpectedly\n\nNext: cursor=17"));
}

TEST(dead_letter_rendering, of_a_list_without_items_says_so) {
  EXPECT_EQ(render(list_dead_letter_items_result{}), "No dead letter items.");
  EXPECT_EQ(render(list_dead_letter_items_result{{}, "17"}),
            "No dead letter items up to here; there are more to look at.\n\nNext: cursor=17");
}

TEST(dead_letter_rendering, of_the_list_shows_how_descriptions_begin) {
  auto item = crashed();
  item.description = "first line\nsecond line " + std::string(1000, 'x');
  const auto text = render(list_dead_letter_items_result{{item}, {}});
  EXPECT_NE(text.find("\n**Description:** first line\\nsecond line xxx"), std::string::npos);
  EXPECT_TRUE(text.ends_with("xxx…"));
  EXPECT_LT(text.size(), 600U);
  const auto listed = structured(list_dead_letter_items_result{{item}, {}});
  EXPECT_EQ(listed["items"][0]["description"], preview_of(item.description));
}

TEST(dead_letter_rendering, of_a_retry_is_the_seeds) {
  retry_dead_letter_item_result outcome;
  outcome.item_id = item_id;
  outcome.capability = "typescript";
  outcome.attempts_reset = true;
  EXPECT_EQ(render(outcome), "Work item retried successfully!\n"
                             "- Moved back to work queue: typescript\n"
                             "- Attempts reset: yes");
  outcome.attempts_reset = false;
  EXPECT_EQ(render(outcome), "Work item retried successfully!\n"
                             "- Moved back to work queue: typescript\n"
                             "- Attempts reset: no (exactly one more attempt)");
}

TEST(dead_letter_rendering, of_a_retry_for_a_capability_counts) {
  retry_dead_letter_item_result outcome;
  outcome.capability = "typescript";
  outcome.attempts_reset = true;
  outcome.retried = 3;
  EXPECT_EQ(render(outcome), "3 work items retried successfully!\n"
                             "- Moved back to work queue: typescript\n"
                             "- Attempts reset: yes");
  outcome.retried = 1;
  outcome.failed = 1;
  outcome.failures = {{"seq-17", "It cannot be read."}};
  outcome.more = true;
  EXPECT_EQ(render(outcome), "1 work item retried successfully!\n"
                             "- Moved back to work queue: typescript\n"
                             "- Attempts reset: yes\n"
                             "- Not retried: 1 item\n"
                             "  - seq-17: It cannot be read.\n"
                             "- More left: call retry_dead_letter_item again");
  outcome.retried = 0;
  outcome.more = false;
  EXPECT_EQ(render(outcome), "No work item was retried.\n"
                             "- Not retried: 1 item\n"
                             "  - seq-17: It cannot be read.");
  outcome.failed = 30;
  EXPECT_EQ(render(outcome), "No work item was retried.\n"
                             "- Not retried: 30 items\n"
                             "  - seq-17: It cannot be read.\n"
                             "  - and 29 more");
  outcome.failures.clear();
  EXPECT_EQ(render(outcome), "No dead letter items for: typescript");
}

TEST(dead_letter_rendering, of_a_discard_is_the_seeds) {
  EXPECT_EQ(render(discard_dead_letter_item_result{item_id}), "Work item discarded successfully.");
}

TEST(dead_letter_rendering, as_structure_has_the_same_facts) {
  auto item = crashed();
  item.description = "d";
  item.history = {failed_attempt()};
  EXPECT_EQ(json::write(structured(list_dead_letter_items_result{{item}, "17"})),
            R"({"items":[{"id":"550e8400-e29b-41d4-a716-446655440000","taskId":"feature-123",)"
            R"("capability":"typescript","failedAt":"2025-01-15T10:00:00Z","attempts":3,)"
            R"("reason":"Worker crashed unexpectedly","description":"d",)"
            R"("history":[{"number":1,"workerGuid":"g1","workerHandle":"developer",)"
            R"("startedAt":"2025-01-15T09:00:00.000Z","endedAt":"2025-01-15T09:05:00.000Z",)"
            R"("end":"failed","progress":40,"error":"The tests do not compile.",)"
            R"("note":"The schema is done."}]}],"nextCursor":"17"})");
  EXPECT_EQ(json::write(structured(list_dead_letter_items_result{})), R"({"items":[]})");
  retry_dead_letter_item_result retried;
  retried.capability = "c";
  retried.retried = 2;
  retried.failed = 1;
  retried.failures = {{"seq-1", "r"}};
  EXPECT_EQ(json::write(structured(retried)),
            R"({"capability":"c","attemptsReset":false,"retried":2,)"
            R"("failed":1,"failures":[{"itemId":"seq-1","reason":"r"}],"more":false})");
  EXPECT_EQ(json::write(structured(discard_dead_letter_item_result{"seq-1"})),
            R"({"itemId":"seq-1"})");
}

RC_GTEST_PROP(dead_letter_rendering, never_shows_a_control_character_of_others,
              (const std::string& one, const std::string& two)) {
  dead_letter_item item{one, two, one, two, 1, one, two, {}};
  item.history = {{1, one, two, one, two, one, two, one, 1.0}};
  retry_dead_letter_item_result retried;
  retried.capability = one;
  retried.failures = {{one, two}};
  for (const auto& text : {render(list_dead_letter_items_result{{item}, two}), render(retried)}) {
    RC_ASSERT(std::none_of(text.begin(), text.end(), [](char letter) {
      return (letter >= 0 && letter < 0x20 && letter != '\n' && letter != '\t') || letter == 0x7f;
    }));
  }
}

} // namespace
} // namespace nats_mcp::tools::dead_letter_tools_test
