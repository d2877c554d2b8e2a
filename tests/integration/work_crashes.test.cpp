// SPDX-License-Identifier: MIT
// Work survives whoever holds it: workers that are killed, stopped or forgetful, and a nats-server
// that is killed under them.
#include "tests/integration/work_agents.hpp"

namespace nats_mcp::testing {
namespace {

using namespace std::chrono_literals;

class work_crashes : public work_agents {
protected:
  work_crashes() { settings_ = {{"WORKQUEUE_ACK_TIMEOUT", "2000"}}; }

  static std::size_t count(const std::string& text, const std::string& part) {
    std::size_t out = 0;
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
      ++out;
    }
    return out;
  }
};

TEST_F(work_crashes, give_a_killed_workers_item_to_another_with_its_notes) {
  const auto manager = worker("manager", json::value::array());
  const auto first = worker("first");
  const auto item = offer(*manager, "t");
  ASSERT_EQ(item_in(claim(*first).text), item);
  with(*first, "report_progress", item, {{"progress", 30}, {"note", "The schema is done."}});
  kill(*first);
  const auto second = worker("second");
  EXPECT_EQ(item_in(claim(*second, 0ms).text), "") << "the lease is not over yet";
  const auto claimed = claim(*second).text;
  EXPECT_EQ(item_in(claimed), item);
  EXPECT_TRUE(says(claimed, "- Attempt: 2 of 3"));
  EXPECT_TRUE(says(claimed, "The schema is done."));
  EXPECT_TRUE(says(claimed, "**Attempt 1:** first ("));
  EXPECT_TRUE(says(claimed, "lease over at 30%"));
  with(*second, "complete_work", item);
  EXPECT_TRUE(says(status(*manager, item), "**State:** completed"));
}

TEST_F(work_crashes, end_among_the_dead_letters_after_three_of_them) {
  settings_["WORKQUEUE_ACK_TIMEOUT"] = "1000";
  const auto manager = worker("manager", json::value::array());
  const auto item = offer(*manager, "t");
  for (const auto* name : {"one", "two", "three"}) {
    const auto doomed = worker(name);
    ASSERT_EQ(item_in(claim(*doomed).text), item) << name;
    kill(*doomed);
  }
  const auto fourth = worker("fourth");
  std::string letters;
  ASSERT_TRUE(eventually(20s, [&] {
    EXPECT_EQ(item_in(claim(*fourth, 1000ms).text), "") << "it has no attempt left";
    letters = manager->call("list_dead_letter_items", json::value::object()).text;
    return observation{letters.find(item) != std::string::npos, letters};
  }));
  EXPECT_TRUE(says(letters, "**Attempts:** 3"));
  for (const auto* name :
       {"**Attempt 1:** one (", "**Attempt 2:** two (", "**Attempt 3:** three ("}) {
    EXPECT_TRUE(says(letters, name));
  }
  EXPECT_EQ(count(letters, "lease over"), 3U) << letters;
  EXPECT_TRUE(says(mail(*manager), "**Type:** work-error")) << "its offerer is told";
}

TEST_F(work_crashes, refuse_a_worker_that_wakes_up_late_in_words) {
  const auto manager = worker("manager", json::value::array());
  const auto sleeper = worker("sleeper");
  const auto other = worker("other");
  const auto item = offer(*manager, "t");
  ASSERT_EQ(item_in(claim(*sleeper).text), item);
  sleeper->process().signal(SIGSTOP);
  EXPECT_TRUE(says(claim(*other).text, "- Attempt: 2 of 3"));
  sleeper->process().signal(SIGCONT);
  for (const auto& [tool, arguments] : std::vector<std::pair<std::string, json::value>>{
         {"report_progress", {{"note", "still here"}}},
         {"complete_work", {{"summary", "done"}}},
         {"fail_work", {{"error", "broken"}}},
         {"release_work", json::value::object()}}) {
    EXPECT_TRUE(says(refused(*sleeper, tool, item, arguments),
                     "is not yours any more: it is with other, in attempt 2 of 3"))
      << tool;
  }
  with(*other, "complete_work", item, {{"summary", "mine"}});
  EXPECT_TRUE(says(status(*manager, item), "mine"));
}

TEST_F(work_crashes, do_not_happen_to_who_lives_and_keeps_its_item) {
  settings_ = {{"WORKQUEUE_ACK_TIMEOUT", "1000"}, {"WORKQUEUE_MAX_HOLD", "60000"}};
  const auto manager = worker("manager", json::value::array());
  const auto holder = worker("holder");
  const auto other = worker("other");
  const auto item = offer(*manager, "t");
  ASSERT_EQ(item_in(claim(*holder).text), item);
  EXPECT_EQ(item_in(claim(*other, 4000ms).text), "") << "four leases long it was renewed";
  with(*holder, "complete_work", item);
}

TEST_F(work_crashes, are_no_different_from_forgetting) {
  settings_ = {{"WORKQUEUE_ACK_TIMEOUT", "1000"}, {"WORKQUEUE_MAX_HOLD", "3000"}};
  const auto manager = worker("manager", json::value::array());
  const auto forgetful = worker("forgetful");
  const auto other = worker("other");
  const auto item = offer(*manager, "t");
  ASSERT_EQ(item_in(claim(*forgetful).text), item);
  EXPECT_TRUE(says(claim(*other).text, "- Attempt: 2 of 3"));
  EXPECT_TRUE(says(refused(*forgetful, "complete_work", item), "is not yours any more"));
}

TEST_F(work_crashes, leave_an_agent_that_returns_as_itself_its_work) {
  settings_ = {{"WORKQUEUE_ACK_TIMEOUT", "60000"}, {"NATS_MCP_HEARTBEAT_INTERVAL", "1000"}};
  const auto manager = worker("manager", json::value::array());
  const auto before = worker("phoenix");
  const auto item = offer(*manager, "t");
  ASSERT_EQ(item_in(claim(*before).text), item);
  kill(*before);
  ASSERT_TRUE(eventually(20s, [&] {
    const auto offline = manager->call("discover_agents", {{"status", "offline"}}).text;
    return observation{offline.find("phoenix") != std::string::npos, offline};
  }));
  const auto after = worker("phoenix");
  with(*after, "report_progress", item, {{"progress", 90}});
  with(*after, "complete_work", item, {{"summary", "back again"}});
  EXPECT_TRUE(says(status(*manager, item), "back again"));
  EXPECT_EQ(item_in(claim(*after, 0ms).text), "");
}

TEST_F(work_crashes, of_nats_take_nothing_from_whoever_holds_it) {
  settings_ = {{"WORKQUEUE_ACK_TIMEOUT", "60000"}};
  const auto manager = worker("manager", json::value::array());
  const auto developer = worker("developer");
  std::vector<std::string> items;
  for (int i = 0; i < 10; ++i) {
    items.push_back(offer(*manager, "t" + std::to_string(i)));
  }
  for (int i = 0; i < 5; ++i) {
    ASSERT_EQ(item_in(claim(*developer).text), items[static_cast<std::size_t>(i)]);
  }
  const auto other = worker("other", {"python"});
  const auto waiting = other->post("claim_work", {{"timeout", 60000}});
  // Answered behind the first look of the one that waits.
  EXPECT_EQ(item_in(claim(*other, 0ms).text), "");
  nats_.kill();
  nats_.start();
  for (std::size_t i = 0; i < 5; ++i) {
    with(*developer, i % 2 == 0 ? "complete_work" : "report_progress", items[i],
         i % 2 == 0 ? json::value::object() : json::value{{"note", "still at it"}});
  }
  EXPECT_EQ(item_in(claim(*developer).text), items[5]) << "the next one, nobody else's";
  for (std::size_t i = 1; i < 6; i += 2) {
    with(*developer, "complete_work", items[i]);
  }
  const auto late = offer(*manager, "t", {{"capability", "python"}});
  EXPECT_EQ(item_in(other->answer(waiting, 60s).text), late) << "who waited goes on waiting";
}

} // namespace
} // namespace nats_mcp::testing
