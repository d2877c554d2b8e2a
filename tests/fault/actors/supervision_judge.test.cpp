// SPDX-License-Identifier: MIT
// What the judges of a crash notice, in histories made by hand.
#include "tests/fault/actors/supervision_judge.hpp"

#include <gtest/gtest.h>

namespace nats_mcp::fault {
namespace {

using namespace std::chrono_literals;
using kind = supervision_event::kind;

monotonic_time at_second(int second) { return monotonic_time{std::chrono::seconds{second}}; }

/// A part that crashes, comes back and is stopped, beside one that only starts and stops.
std::vector<part_event> one_crash() {
  return {{"planner/inbox", kind::started, "", at_second(1)},
          {"planner/gateway", kind::started, "", at_second(1)},
          {"planner/inbox", kind::ended, "broken", at_second(2)},
          {"planner/inbox", kind::restart_scheduled, "broken", at_second(2)},
          {"planner/inbox", kind::started, "", at_second(3)},
          {"planner/inbox", kind::stopped, "", at_second(9)},
          {"planner/gateway", kind::stopped, "", at_second(9)}};
}

TEST(actor_fault_judge, finds_nothing_in_one_crash_that_was_survived) {
  EXPECT_TRUE(judge_events(one_crash(), "planner/inbox").empty());
}

TEST(actor_fault_judge, finds_a_crash_that_nobody_planned) {
  EXPECT_FALSE(judge_events(one_crash(), "planner/gateway").empty());
  auto twice = one_crash();
  twice.push_back({"planner/inbox", kind::ended, "broken", at_second(5)});
  EXPECT_FALSE(judge_events(twice, "planner/inbox").empty());
}

TEST(actor_fault_judge, finds_a_part_that_was_started_too_often_or_never_stopped) {
  auto events = one_crash();
  events.push_back({"planner/gateway", kind::started, "", at_second(5)});
  EXPECT_EQ(judge_events(events, "planner/inbox").size(), 1U);
  auto endless = one_crash();
  endless.pop_back();
  EXPECT_EQ(judge_events(endless, "planner/inbox").size(), 1U);
}

TEST(actor_fault_judge, finds_a_part_that_was_given_up_killed_or_abandoned) {
  for (const auto what : {kind::given_up, kind::killed, kind::abandoned, kind::start_failed}) {
    auto events = one_crash();
    events.push_back({"planner/inbox", what, "", at_second(5)});
    EXPECT_EQ(judge_events(events, "planner/inbox").size(), 1U);
  }
}

/// One request and its answer.
class one_answer : public ::testing::Test {
protected:
  void answer(bool failed, const std::string& text) {
    simulation::request_record record;
    record.answers.push_back({1, at_second(1), failed, text, {}, false});
    history.requests = {record};
    asked[0] = {"send_message", json::value::object(), false, false};
  }

  simulation::request_history history;
  std::map<std::size_t, asked_request> asked;
};

TEST_F(one_answer, may_be_a_failure_that_says_whether_to_repeat_it) {
  for (const auto* text : {"Whether it took effect is not known.", "The message was not sent.",
                           "The part \"inbox\" is being restarted. Try again."}) {
    answer(true, text);
    EXPECT_TRUE(judge_failures(history, asked, true).empty()) << text;
  }
}

TEST_F(one_answer, may_not_fail_in_words_that_leave_the_caller_alone) {
  answer(true, "Something is wrong.");
  EXPECT_EQ(judge_failures(history, asked, true).size(), 1U);
  asked[0].is_wrong = true;
  EXPECT_TRUE(judge_failures(history, asked, true).empty()) << "it was meant to fail";
}

TEST_F(one_answer, may_not_fail_without_a_fault) {
  answer(true, "Whether it took effect is not known.");
  EXPECT_EQ(judge_failures(history, asked, false).size(), 1U);
  answer(false, "");
  EXPECT_TRUE(judge_failures(history, asked, false).empty());
}

/// Two reads of what is unread that show the same message.
class shown_twice : public ::testing::Test {
protected:
  shown_twice() {
    for (const int second : {10, 20}) {
      simulation::request_record record;
      record.answers.push_back({1,
                                at_second(second),
                                false,
                                "",
                                {{"messages", json::value::array({{{"message", "hello"}}})}},
                                false});
      asked[history.requests.size()] = {
        "read_messages", {{"channel", "planning"}, {"unread", true}}, false, false};
      history.requests.push_back(record);
    }
  }

  simulation::request_history history;
  std::map<std::size_t, asked_request> asked;
};

TEST_F(shown_twice, is_wrong_without_a_crash_and_long_after_one) {
  EXPECT_EQ(judge_repetitions(history, asked, {}).size(), 1U);
  EXPECT_EQ(judge_repetitions(history, asked, at_second(15)).size(), 1U);
  asked[1].arguments["channel"] = "status";
  EXPECT_TRUE(judge_repetitions(history, asked, {}).empty()) << "another channel's";
}

TEST_F(shown_twice, is_no_other_message_in_the_same_words) {
  history.requests[1].answers.front().content["messages"][0]["id"] = "of another";
  EXPECT_TRUE(judge_repetitions(history, asked, {}).empty());
}

TEST_F(shown_twice, is_excused_by_a_crash_at_the_moment_it_was_shown_first) {
  EXPECT_TRUE(judge_repetitions(history, asked, at_second(10) + 100ms).empty());
}

/// The builder waits from second 1 on; the planner's message is stored in second 2.
TEST(a_wait, ends_soon_after_what_it_waits_for) {
  simulation::request_history history;
  history.requests.resize(2);
  history.requests[0].agent = builder;
  history.requests[0].time = at_second(1);
  history.requests[1].agent = planner;
  history.requests[1].answers.push_back({1, at_second(2), false, "", {}, false});
  const std::map<std::size_t, asked_request> asked{
    {0, {"wait_for_messages", {{"timeout", 9'000}}, false, false}},
    {1, {"send_message", {{"channel", "planning"}}, false, false}}};
  history.requests[0].answers = {{2, at_second(3), false, "", {}, false}};
  EXPECT_TRUE(judge_waits(history, asked).empty());
  history.requests[0].answers = {{2, at_second(10), false, "", {}, false}};
  EXPECT_EQ(judge_waits(history, asked).size(), 1U);
  history.requests[1].agent = builder;
  EXPECT_TRUE(judge_waits(history, asked).empty()) << "its own is no news";
}

} // namespace
} // namespace nats_mcp::fault
