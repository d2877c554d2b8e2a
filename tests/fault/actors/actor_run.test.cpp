// SPDX-License-Identifier: MIT
// The scripted session itself, and what a run with a crash notices.
#include "tests/fault/actors/actor_run.hpp"

#include "protocol/tools/catalog.hpp"

#include "tests/fault/actors/broken_part.hpp"
#include "tests/fault/actors/run_pool.hpp"
#include "tests/fault/actors/script.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <set>
#include <string>

namespace nats_mcp::fault {
namespace {

std::string all_of(const actor_run_report& report) {
  std::string text;
  for (const auto& one : report.violations) {
    text += one + "\n";
  }
  return text;
}

TEST(scripted_session, calls_every_tool_there_is_in_more_than_200_calls) {
  std::set<std::string> called;
  std::size_t calls = 0;
  for (const auto& one : scripted_session()) {
    if (one.what == step::kind::call) {
      called.insert(one.name);
      ++calls;
    }
  }
  EXPECT_GE(calls, 200U);
  for (const auto& tool : tools::selected_tools(config::configuration{})) {
    EXPECT_TRUE(called.contains(std::string{tool->name})) << tool->name;
  }
}

TEST(scripted_session, takes_the_same_course_every_time_and_breaks_no_promise) {
  const auto first = run_actor_fault({});
  EXPECT_EQ(all_of(first), "");
  EXPECT_EQ(first.failures, 0U);
  const auto second = run_actor_fault({});
  EXPECT_EQ(second.hash, first.hash);
  EXPECT_EQ(second.counts, first.counts);
  for (const auto* part : {"gateway", "channels", "registry", "heartbeat", "inbox", "work-queue",
                           "dead-letters", "session", "supervisor"}) {
    for (const auto& one : cast) {
      EXPECT_GE(first.counts.at(std::string{one.handle} + "/" + part), 15U) << part;
    }
  }
  for (const auto* part : {"gateway", "coordinator", "sweeper", "overview", "http", "supervisor"}) {
    EXPECT_TRUE(first.counts.contains(std::string{"coordinator/"} + part)) << part;
  }
}

TEST(scripted_session, notices_a_message_that_never_comes) {
  const auto report = run_actor_fault({{"planner/session", 1'000'000}, {}, {}});
  EXPECT_NE(all_of(report).find("never came"), std::string::npos) << all_of(report);
}

/// By which words the broken product is recognized.
struct noticed_as {
  const char* broken;
  const char* words;
};

class broken_on_purpose : public ::testing::TestWithParam<noticed_as> {};

TEST_P(broken_on_purpose, is_noticed) {
  const auto report = run_actor_fault({{"planner/session", 60}, GetParam().broken, {}});
  EXPECT_NE(all_of(report).find(GetParam().words), std::string::npos) << all_of(report);
}

INSTANTIATE_TEST_SUITE_P(each, broken_on_purpose,
                         ::testing::Values(noticed_as{"acknowledge-unseen", "was never shown"},
                                           noticed_as{"answer-twice", "was answered 2 times"},
                                           noticed_as{"lose-request", "was answered 0 times"},
                                           noticed_as{"say-stored-early",
                                                      "no acknowledged message is lost"}),
                         [](const auto& which) {
                           std::string name = which.param.broken;
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

TEST(broken_on_purpose_list, is_what_the_program_offers) { EXPECT_EQ(broken_parts().size(), 4U); }

TEST(script, fills_in_what_answers_said_and_numbers_of_its_own) {
  const script_memory known{{"item", "a1"}};
  const auto filled =
    filled_in({{"id", "$item"}, {"text", "hello ~"}, {"none", "$other"}}, known, 7);
  EXPECT_EQ(filled, (json::value{{"id", "a1"}, {"text", "hello 7"}, {"none", ""}}));
  EXPECT_EQ(fact_at({{"items", {{{"id", "x"}}, {{"id", "y"}}}}}, "items.1.id"), "y");
  EXPECT_EQ(fact_at({{"items", json::value::array()}}, "items.0.id"), "");
}

/// A session of three messages of one actor; at the second one crashes the process, too.
std::vector<std::string> play_three_messages(const crash_point::chooser& chooses) {
  std::string crashed_at = "nowhere";
  for (std::uint64_t message = 1; message <= 3; ++message) {
    if (chooses({"an/actor", message})) {
      crashed_at = std::to_string(message);
      if (message == 2) {
        std::abort();
      }
    }
  }
  return {crashed_at};
}

TEST(run_pool, tells_every_result_of_a_process_that_dies_and_of_a_message_that_never_comes) {
  std::map<std::size_t, std::vector<std::string>> told;
  const std::vector<actor_fault> faults{
    {"an/actor", 3}, {"an/actor", 1}, {"an/actor", 4}, {"an/actor", 2}};
  ASSERT_TRUE(run_in_pool(faults, 2, play_three_messages,
                          [&](const pool_result& one) { told[one.place] = one.violations; }));
  using lines = std::vector<std::string>;
  EXPECT_EQ(told[0], lines{"3"});
  EXPECT_EQ(told[1], lines{"1"});
  EXPECT_EQ(told[2], lines{"its message never came"});
  EXPECT_EQ(told[3], lines{"its process was ended by signal 6"});
}

TEST(run_pool, finds_the_same_as_a_run_from_the_beginning) {
  const actor_fault fault{"planner/session", 60};
  std::vector<std::string> found;
  ASSERT_TRUE(run_in_pool(
    {fault}, 1,
    [](const crash_point::chooser& chooses) {
      return run_actor_fault({{}, "answer-twice", {}, chooses}).violations;
    },
    [&](const pool_result& one) { found = one.violations; }));
  EXPECT_FALSE(found.empty());
  EXPECT_EQ(found, run_actor_fault({fault, "answer-twice", {}, {}}).violations);
}

} // namespace
} // namespace nats_mcp::fault
