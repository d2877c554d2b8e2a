// SPDX-License-Identifier: MIT
// The texts about what became of work, to the letter, and their structured form.
#include "protocol/tools/shown_work.hpp"
#include "protocol/tools/tool.hpp"

#include "tests/unit/protocol/tools/work_samples.hpp"

#include <gtest/gtest.h>

#include <set>

namespace nats_mcp::tools::work_lookup_rendering_test {
namespace {

TEST(work_lookup_rendering, of_a_status_tells_the_whole_life_of_an_item) {
  EXPECT_EQ(render(get_work_status_result{{status_of_auth()}, false}),
            "## Work Status (1 item)\n"
            "\n"
            "---\n"
            "**ID:** 550e8400-e29b-41d4-a716-446655440000\n"
            "**Task ID:** feature-123\n"
            "**Capability:** typescript\n"
            "**Priority:** 7\n"
            "**State:** claimed by tester, attempt 2 of 3 at 33.3%\n"
            "**Worker:** tester (g3)\n"
            "**Lease Until:** 2025-01-15T10:06:00.000Z\n"
            "**Deadline:** 2025-01-22T09:00:00.000Z\n"
            "**Offered By:** project-manager (g2) at 2025-01-15T08:00:00.000Z\n"
            "**Updated:** 2025-01-15T10:01:00.000Z\n"
            "**Attempt 1:** developer (g1), 2025-01-15T09:00:00.000Z to 2025-01-15T09:05:00.000Z, "
            "failed at 40%\n"
            "**Error:** The tests do not compile:\n"
            "auth.ts(3): no such module\n"
            "**Note:** The schema is done.\n"
            "**Attempt 2:** tester (g3), since 2025-01-15T10:00:00.000Z, under way at 33.3%\n"
            "**Note:** Reading.\n"
            "\n"
            "Implement user auth");
}

TEST(work_lookup_rendering, of_a_coordinated_item_says_how_far_its_coordinator_has_come) {
  auto item = status_of_auth();
  item.summary.coordinated = true;
  const auto says = [&item](std::string_view what) {
    const auto text = render(get_work_status_result{{item}, false});
    return text.find("\n**Coordinated:** " + std::string{what} + "\n") != std::string::npos
             ? std::string{what}
             : text;
  };
  EXPECT_EQ(says("by a coordinator"), "by a coordinator");
  item.summary.state = work_state::pending;
  constexpr std::string_view nobodys = "by a coordinator, which has not chosen a worker yet";
  EXPECT_EQ(says(nobodys), nobodys);
  item.summary.assigned_to = "g3";
  item.summary.assigned_until = "2025-01-15T10:06:00.000Z";
  constexpr std::string_view somebodys =
    "by a coordinator; unclaimed until 2025-01-15T10:06:00.000Z, somebody else gets it";
  EXPECT_EQ(says(somebodys), somebodys);
}

TEST(work_lookup_rendering, of_a_completed_item_has_its_result) {
  auto item = status_of_auth();
  item.summary.state = work_state::completed;
  item.summary.worker_handle.clear();
  item.worker_guid.clear();
  item.lease_until.clear();
  item.completion_summary = "Auth works.\nSee PR #42.";
  item.result["pullRequest"] = 42;
  item.note = "A note whose attempt is no longer kept.";
  item.attempts.clear();
  const auto text = render(get_work_status_result{{item}, false});
  EXPECT_NE(text.find("\n**State:** completed, attempt 2 of 3\n**Deadline:** "), std::string::npos)
    << text;
  EXPECT_TRUE(text.ends_with("\n**Updated:** 2025-01-15T10:01:00.000Z\n"
                             "**Summary:** Auth works.\n"
                             "See PR #42.\n"
                             "**Result:** {\"pullRequest\":42}\n"
                             "**Note:** A note whose attempt is no longer kept.\n"
                             "\n"
                             "Implement user auth"))
    << text;
}

TEST(work_lookup_rendering, of_a_task_shows_its_items_one_after_another) {
  auto other = status_of_auth();
  other.summary.work_item_id = "seq-17";
  other.summary.state = work_state::dead;
  other.reason = "It cannot be read.";
  const auto text = render(get_work_status_result{{status_of_auth(), other}, true});
  EXPECT_EQ(text.find("## Work Status (2 items; the task has more)\n\n---\n**ID:** 550e8400"), 0U);
  EXPECT_NE(text.find("\n\nImplement user auth\n\n---\n**ID:** seq-17\n"), std::string::npos);
  EXPECT_NE(text.find("\n**Reason:** It cannot be read.\n"), std::string::npos);
}

TEST(work_lookup_rendering, of_a_state_says_what_comes_next) {
  auto item = status_of_auth().summary;
  const auto shown = [&item](work_state state) {
    item.state = state;
    return shown_state(item);
  };
  EXPECT_EQ(shown(work_state::claimed), "claimed by tester, attempt 2 of 3 at 33.3%");
  EXPECT_EQ(shown(work_state::pending), "pending, attempt 3 of 3 is next");
  EXPECT_EQ(shown(work_state::dead), "dead, attempt 2 of 3");
  item.attempt = 0;
  EXPECT_EQ(shown(work_state::pending), "pending, attempt 1 of 3 is next");
  EXPECT_EQ(shown(work_state::cancelled), "cancelled");
  EXPECT_EQ(shown(work_state::discarded), "discarded");
  item.attempt = 3;
  EXPECT_EQ(shown(work_state::pending), "pending") << "whoever meets it buries it";
}

TEST(work_lookup_rendering, of_states_has_a_word_of_its_own_for_each) {
  std::set<std::string_view> words;
  for (const auto state : {work_state::pending, work_state::claimed, work_state::completed,
                           work_state::dead, work_state::cancelled, work_state::discarded}) {
    words.insert(to_text(state));
  }
  EXPECT_EQ(words.size(), 6U);
  EXPECT_FALSE(words.contains(""));
}

TEST(work_lookup_rendering, of_a_list_is_a_preview) {
  auto item = status_of_auth().summary;
  auto long_one = item;
  long_one.state = work_state::pending;
  long_one.attempt = 0;
  long_one.description = "two\nlines " + std::string(1000, 'x');
  const auto text = render(list_work_result{{item, long_one}, "17"});
  EXPECT_EQ(text.find("## Work Items (2 items)\n"
                      "\n"
                      "---\n"
                      "**ID:** 550e8400-e29b-41d4-a716-446655440000\n"
                      "**Task ID:** feature-123\n"
                      "**Capability:** typescript\n"
                      "**Priority:** 7\n"
                      "**State:** claimed by tester, attempt 2 of 3 at 33.3%\n"
                      "**Updated:** 2025-01-15T10:01:00.000Z\n"
                      "**Description:** Implement user auth\n"
                      "\n"
                      "---\n"),
            0U)
    << text;
  EXPECT_NE(text.find("**Description:** two\\nlines xxx"), std::string::npos);
  EXPECT_TRUE(text.ends_with("xxx…\n\nNext: cursor=17"));
  EXPECT_LT(text.size(), 1000U);
}

TEST(work_lookup_rendering, says_for_whom_an_item_is) {
  auto item = status_of_auth();
  item.summary.scope = "project";
  item.summary.assigned_to = "123e4567-e89b-42d3-a456-426614174000";
  const auto lines = "\n**Priority:** 7\n**Scope:** project\n**Assigned To:** "
                     "123e4567-e89b-42d3-a456-426614174000\n**State:** ";
  EXPECT_NE(render(get_work_status_result{{item}, false}).find(lines), std::string::npos);
  EXPECT_NE(render(list_work_result{{item.summary}, {}}).find(lines), std::string::npos);
}

TEST(work_lookup_rendering, of_a_list_without_items_says_so) {
  EXPECT_EQ(render(list_work_result{}),
            "No work items that match. Without \"state\", only those pending or claimed are "
            "shown.");
  EXPECT_EQ(render(list_work_result{{}, "17"}),
            "No work items that match up to here; there are more to look at.\n\nNext: cursor=17");
}

TEST(work_lookup_rendering, as_structure_has_the_same_facts) {
  auto item = status_of_auth();
  item.attempts.clear();
  EXPECT_EQ(json::write(structured(get_work_status_result{{item}, false})),
            R"({"items":[{"workItemId":"550e8400-e29b-41d4-a716-446655440000",)"
            R"("taskId":"feature-123","capability":"typescript","priority":7,"coordinated":false,)"
            R"("state":"claimed",)"
            R"("workerGuid":"g3","workerHandle":"tester","leaseUntil":"2025-01-15T10:06:00.000Z",)"
            R"("attempt":2,"attemptsMax":3,"progress":33.3,"note":"Reading.",)"
            R"("deadline":"2025-01-22T09:00:00.000Z","offeredByGuid":"g2",)"
            R"("offeredByHandle":"project-manager","offeredAt":"2025-01-15T08:00:00.000Z",)"
            R"("updatedAt":"2025-01-15T10:01:00.000Z","description":"Implement user auth",)"
            R"("result":{},"attempts":[]}],"more":false})");
  auto listed = item.summary;
  listed.description = std::string(1000, 'x');
  const auto list = structured(list_work_result{{listed}, "17"});
  EXPECT_EQ(list["items"][0]["description"], std::string(200, 'x') + "…");
  EXPECT_EQ(list["items"][0]["state"], "claimed");
  EXPECT_EQ(list["nextCursor"], "17");
  EXPECT_EQ(json::write(structured(list_work_result{})), R"({"items":[]})");
}

} // namespace
} // namespace nats_mcp::tools::work_lookup_rendering_test
