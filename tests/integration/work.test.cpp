// SPDX-License-Identifier: MIT
// Sharing work through the shipped binary: what the tools promise, between agents in different
// folders and projects that have nothing but the tools.
#include "tests/integration/work_agents.hpp"

#include <regex>

namespace nats_mcp::testing {
namespace {

using namespace std::chrono_literals;

class work : public work_agents {
protected:
  static constexpr auto guid_pattern = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";
};

TEST_F(work, is_offered_as_documented) {
  const auto manager = worker("manager", json::value::array());
  const auto offered =
    manager->call("broadcast_work_offer", {{"taskId", "feature-123"},
                                           {"capability", "typescript"},
                                           {"description", "Implement user auth"},
                                           {"priority", 7}});
  EXPECT_FALSE(offered.is_error);
  EXPECT_TRUE(
    std::regex_match(offered.text, std::regex{std::string{"Work item published successfully!\n"
                                                          "- Work Item ID: "}
                                              + guid_pattern
                                              + "\n- Task ID: feature-123\n"
                                                "- Capability: typescript\n- Priority: 7"}))
    << offered.text;
}

/// The list of dead letters once it has this item: a letter follows the answer it is about.
std::string letters_with(agent& reader, const std::string& item) {
  std::string listed;
  EXPECT_TRUE(eventually(10s, [&] {
    listed = reader.call("list_dead_letter_items", {{"limit", 10}}).text;
    return observation{listed.find(item) != std::string::npos, listed};
  }));
  return listed;
}

TEST_F(work, that_died_is_listed_retried_and_discarded_as_documented) {
  const auto manager = worker("manager", json::value::array());
  const auto developer = worker("developer");
  const auto item = offer(*manager, "feature-123", {{"priority", 7}});
  for (int attempt = 1; attempt <= 3; ++attempt) {
    ASSERT_EQ(item_in(claim(*developer).text), item) << attempt;
    with(*developer, "fail_work", item,
         {{"error", "Worker crashed unexpectedly"}, {"retryAfter", 0}});
  }
  const auto listed = letters_with(*manager, item);
  EXPECT_TRUE(std::regex_search(
    listed, std::regex{"^## Dead Letter Queue Items \\(1 item\\)\n\n---\n\\*\\*ID:\\*\\* " + item
                       + "\n\\*\\*Task ID:\\*\\* feature-123\n\\*\\*Capability:\\*\\* typescript\n"
                         "\\*\\*Failed At:\\*\\* 20[0-9T:.-]+Z\n\\*\\*Attempts:\\*\\* 3\n"
                         "\\*\\*Reason:\\*\\* [^\n]*Worker crashed unexpectedly"}))
    << listed;
  const auto retried =
    manager->call("retry_dead_letter_item", {{"itemId", item}, {"resetAttempts", true}});
  EXPECT_EQ(retried.text,
            "Work item retried successfully!\n- Moved back to work queue: typescript\n"
            "- Attempts reset: yes");
  EXPECT_TRUE(says(claim(*developer).text, "- Attempt: 1 of 3"));
  with(*developer, "fail_work", item, {{"error", "no"}, {"retryable", false}});
  (void)letters_with(*manager, item);
  const auto discarded = manager->call("discard_dead_letter_item", {{"itemId", item}});
  EXPECT_EQ(discarded.text, "Work item discarded successfully.");
  EXPECT_EQ(manager->call("list_dead_letter_items", json::value::object()).text.find(item),
            std::string::npos);
}

TEST_F(work, can_be_followed_from_its_offer_to_its_end) {
  const auto manager = worker("manager", json::value::array());
  const auto developer = worker("developer");
  const auto item = offer(*manager, "feature-123", {{"contextData", {{"branch", "auth"}}}});
  EXPECT_TRUE(says(status(*manager, item), "**State:** pending"));
  EXPECT_TRUE(says(manager->call("list_work", json::value::object()).text, item));
  const auto claimed = claim(*developer).text;
  EXPECT_TRUE(says(claimed, "Work claimed!\n- Work Item ID: " + item
                              + "\n- Task ID: feature-123\n"
                                "- Capability: typescript\n- Priority: 5\n- Attempt: 1 of 3\n"
                                "- Lease until: 20"));
  EXPECT_TRUE(says(claimed, "Implement user auth"));
  EXPECT_TRUE(says(claimed, R"({"branch":"auth"})"));
  EXPECT_TRUE(says(status(*manager, item), "**State:** claimed by developer, attempt 1 of 3"));
  EXPECT_TRUE(says(developer->call("server_status", json::value::object()).text, item));
  with(*developer, "report_progress", item, {{"progress", 40}, {"note", "The schema is done."}});
  const auto under_way = status(*manager, item);
  EXPECT_TRUE(says(under_way, "at 40%"));
  EXPECT_TRUE(says(under_way, "The schema is done."));
  with(*developer, "fail_work", item, {{"error", "The tests do not compile."}, {"retryAfter", 0}});
  const auto again = claim(*developer).text;
  EXPECT_TRUE(says(again, "- Attempt: 2 of 3"));
  EXPECT_TRUE(says(again, "The tests do not compile."));
  EXPECT_TRUE(says(again, "The schema is done."))
    << "the second attempt reads the first one's note";
  with(*developer, "release_work", item);
  EXPECT_TRUE(says(claim(*developer).text, "- Attempt: 2 of 3")) << "a release does not count";
  with(*developer, "complete_work", item,
       {{"summary", "Auth works; see PR #42."}, {"result", {{"pullRequest", 42}}}});
  const auto over = status(*manager, item);
  EXPECT_TRUE(says(over, "**State:** completed"));
  EXPECT_TRUE(says(over, "Auth works; see PR #42."));
  EXPECT_TRUE(says(over, R"({"pullRequest":42})"));
  EXPECT_TRUE(says(claim(*developer, 0ms).text, "No work available for: typescript"));
  const auto repeated =
    with(*developer, "complete_work", item,
         {{"summary", "Auth works; see PR #42."}, {"result", {{"pullRequest", 42}}}});
  EXPECT_TRUE(says(repeated, "completed"));
}

TEST_F(work, is_told_of_to_its_offerer) {
  const auto manager = worker("manager", json::value::array());
  const auto developer = worker("developer");
  const auto item = offer(*manager, "feature-123");
  claim(*developer);
  with(*developer, "report_progress", item, {{"progress", 40}, {"note", "half"}});
  with(*developer, "fail_work", item, {{"error", "broken"}, {"retryAfter", 0}});
  claim(*developer);
  with(*developer, "complete_work", item, {{"summary", "done"}});
  std::string told; // a notice may follow the answer that it is about
  ASSERT_TRUE(eventually(10s, [&] {
    told += mail(*manager);
    return observation{told.find("work-complete") != std::string::npos, told};
  }));
  for (const auto* type : {"progress-update", "work-error", "work-complete"}) {
    EXPECT_TRUE(says(told, std::string{"**Type:** "} + type));
  }
  EXPECT_TRUE(says(told, "**From:** developer ("));
  EXPECT_TRUE(says(told, item));
  EXPECT_EQ(told.find("**Type:** work-claim"), std::string::npos) << "nobody asked for that";
}

TEST_F(work, goes_the_most_urgent_first_and_then_the_oldest) {
  const auto manager = worker("manager", json::value::array());
  std::map<std::string, std::string> offers;
  for (const auto& [task, priority] :
       {std::pair{"low", 1}, std::pair{"old", 5}, std::pair{"new", 5}, std::pair{"urgent", 10}}) {
    offers[offer(*manager, task, {{"priority", priority}})] = task;
  }
  const auto developer = worker("developer");
  std::vector<std::string> order;
  for (int i = 0; i < 4; ++i) {
    order.push_back(offers[item_in(claim(*developer).text)]);
  }
  EXPECT_EQ(order, (std::vector<std::string>{"urgent", "old", "new", "low"}));
}

TEST_F(work, of_every_registered_capability_is_claimed_whatever_its_name) {
  const json::value names{"C++", "code review", "node.js", "näh>*."};
  const auto manager = worker("manager", json::value::array());
  const auto developer = worker("developer", names);
  for (const auto& name : names) {
    const auto item = offer(*manager, "t", {{"capability", name}});
    const auto claimed = claim(*developer).text;
    EXPECT_EQ(item_in(claimed), item) << name;
    EXPECT_TRUE(says(claimed, "- Capability: " + name.get<std::string>()));
  }
  const auto other = developer->call("claim_work", {{"capability", "cooking"}});
  EXPECT_TRUE(other.is_error) << "only what is registered";
}

TEST_F(work, that_is_assigned_goes_to_its_assignee_alone) {
  const auto manager = worker("manager", json::value::array());
  const auto other = worker("other");
  const auto chosen = start("chosen");
  const auto guid = chosen->register_as(
    {{"agentType", "chosen"}, {"visibility", "public"}, {"capabilities", {"typescript"}}});
  const auto item = offer(*manager, "t", {{"assignTo", guid}});
  EXPECT_EQ(item_in(claim(*other, 0ms).text), "");
  EXPECT_EQ(item_in(claim(*chosen).text), item);
}

TEST_F(work, of_a_project_stays_in_it) {
  const auto manager = worker("manager", json::value::array());
  const auto stranger = worker("stranger");
  const auto item = offer(*manager, "t", {{"scope", "project"}});
  EXPECT_EQ(item_in(claim(*stranger, 0ms).text), "");
  EXPECT_TRUE(stranger->call("get_work_status", {{"workItemId", item}}).is_error);
  EXPECT_EQ(stranger->call("list_work", json::value::object()).text.find(item), std::string::npos);
  agent colleague{{nats_.url(), "of-manager", {{"USER", "colleague"}}}};
  colleague.register_as({{"agentType", "colleague"}, {"capabilities", {"typescript"}}});
  EXPECT_EQ(item_in(claim(colleague).text), item);
}

TEST_F(work, offered_twice_under_one_key_is_there_once) {
  const auto manager = worker("manager", json::value::array());
  const auto developer = worker("developer");
  const auto first = offer(*manager, "t", {{"idempotencyKey", "k"}});
  EXPECT_EQ(offer(*manager, "t", {{"idempotencyKey", "k"}}), first);
  EXPECT_EQ(item_in(claim(*developer).text), first);
  EXPECT_EQ(item_in(claim(*developer, 0ms).text), "");
}

TEST_F(work, that_is_cancelled_is_nobodys) {
  const auto manager = worker("manager", json::value::array());
  const auto developer = worker("developer");
  const auto waiting = offer(*manager, "t");
  with(*manager, "cancel_work", waiting, {{"reason", "not needed"}});
  EXPECT_EQ(item_in(claim(*developer, 0ms).text), "");
  const auto held = offer(*manager, "t");
  ASSERT_EQ(item_in(claim(*developer).text), held);
  EXPECT_TRUE(says(refused(*developer, "cancel_work", held), "offer"));
  with(*manager, "cancel_work", held);
  EXPECT_TRUE(says(refused(*developer, "complete_work", held), "cancelled"));
}

TEST_F(work, past_its_deadline_dies_instead_of_reaching_a_worker) {
  const auto manager = worker("manager", json::value::array());
  const auto developer = worker("developer");
  const auto soon = to_rfc3339(
    std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now() + 1s));
  const auto item = offer(*manager, "t", {{"deadline", soon}});
  ASSERT_TRUE(eventually(10s, [&] {
    const auto now = to_rfc3339(
      std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now()));
    return observation{now > soon, now};
  }));
  EXPECT_EQ(item_in(claim(*developer, 0ms).text), "");
  EXPECT_TRUE(says(manager->call("list_dead_letter_items", json::value::object()).text, item));
  EXPECT_TRUE(says(status(*manager, item), "deadline"));
}

TEST_F(work, that_waits_for_is_woken_by_an_offer) {
  const auto manager = worker("manager", json::value::array());
  const auto developer = worker("developer");
  claim(*developer, 0ms);
  const auto waiting = developer->post("claim_work", {{"timeout", 60000}});
  developer->call("get_my_handle", json::value::object());
  const auto item = offer(*manager, "t");
  EXPECT_EQ(item_in(developer->answer(waiting, 10s).text), item);
}

TEST_F(work, has_tools_that_can_be_left_out) {
  const auto names = [](agent& of) {
    const auto answer = of.process().request("tools/list");
    return json::write(*json::find(*json::find(answer, "result"), "tools"));
  };
  const auto all = start("all");
  EXPECT_TRUE(says(names(*all), R"("name":"claim_work")"));
  EXPECT_TRUE(says(names(*all), R"("name":"discard_dead_letter_item")"));
  const auto few = start("few", {{"NATS_MCP_TOOLS", "channels,work"}});
  EXPECT_TRUE(says(names(*few), R"("name":"claim_work")"));
  EXPECT_EQ(names(*few).find("dead_letter"), std::string::npos);
  const auto left_out = few->call("list_dead_letter_items", json::value::object());
  EXPECT_TRUE(left_out.is_error) << left_out.text;
}

} // namespace
} // namespace nats_mcp::testing
