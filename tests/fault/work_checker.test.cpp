// SPDX-License-Identifier: MIT
// A checker that finds nothing proves nothing unless it would have found something.
#include "tests/fault/work_checker.hpp"

#include <gtest/gtest.h>

namespace nats_mcp::testing {
namespace {

using namespace std::chrono_literals;

class work_checker : public ::testing::Test {
protected:
  work_checker() {
    content_["i"].state = "completed";
    content_["i"].summary = "s1";
    content_["i"].attempts_begun = 1;
    content_["i"].attempts_max = 3;
    content_["i"].attempts_listed = 1;
  }

  void happens(deed what, verdict how = verdict::done, const std::string& who = "w1",
               const std::string& token = {}) {
    events_.push_back({what, how, who, "t", "i", token, 1, now_, now_ + 10ms});
    now_ += 20ms;
  }

  void dies() {
    content_["i"] = {"dead", {}, 1, 3, 1, false, true};
    happens(deed::offer);
    happens(deed::claim);
    happens(deed::fail_for_good);
  }

  std::vector<std::string> found() const {
    return check_work(events_, content_, {1000ms, {"keyed"}});
  }

  std::vector<work_event> events_;
  work_content content_;
  std::chrono::milliseconds now_{0};
};

TEST_F(work_checker, has_nothing_against_an_item_that_is_completed_once) {
  happens(deed::offer);
  happens(deed::claim);
  happens(deed::complete, verdict::done, "w1", "s1");
  happens(deed::complete, verdict::done, "w1", "s1");
  EXPECT_EQ(found(), std::vector<std::string>{});
}

TEST_F(work_checker, finds_what_was_completed_twice) {
  happens(deed::offer);
  happens(deed::complete, verdict::done, "w1", "s1");
  happens(deed::complete, verdict::done, "w2", "s2");
  EXPECT_EQ(found(), std::vector<std::string>{"item i was completed twice"});
}

TEST_F(work_checker, finds_a_completion_that_was_lost) {
  happens(deed::offer);
  happens(deed::complete, verdict::done, "w1", "s1");
  content_["i"].state = "pending";
  content_["i"].in_queue = true;
  EXPECT_EQ(found(), std::vector<std::string>{"item i was completed and is pending"});
}

TEST_F(work_checker, finds_a_completion_that_was_overwritten) {
  happens(deed::offer);
  happens(deed::complete, verdict::done, "w1", "s1");
  happens(deed::complete, verdict::unknown, "w2", "s2");
  EXPECT_EQ(found(), std::vector<std::string>{});
  content_["i"].summary = "s2";
  EXPECT_EQ(found(), std::vector<std::string>{
                       "item i was completed by one and bears the summary of another"});
  content_["i"].summary = "s3";
  EXPECT_EQ(found().size(), 2U);
}

TEST_F(work_checker, finds_what_is_lost) {
  happens(deed::offer);
  content_.clear();
  EXPECT_EQ(found(),
            std::vector<std::string>{"item i is lost: it has no record and is not in the queue"});
  content_["i"].in_queue = true;
  EXPECT_EQ(found(), std::vector<std::string>{}) << "whoever gets it makes its record";
  for (const auto* state : {"pending", "claimed"}) {
    content_["i"] = {state, {}, 0, 3, 0, false, false};
    EXPECT_EQ(found(),
              std::vector<std::string>{"item i is lost: its record is " + std::string{state}
                                       + " and it is not in the queue"});
  }
}

TEST_F(work_checker, asks_nothing_of_what_was_never_accepted) {
  happens(deed::offer, verdict::unknown);
  content_.clear();
  EXPECT_EQ(found(), std::vector<std::string>{});
}

TEST_F(work_checker, wants_the_dead_with_their_history_among_the_dead_letters) {
  dies();
  EXPECT_EQ(found(), std::vector<std::string>{});
  content_["i"].in_dead_letters = false;
  EXPECT_EQ(found(), std::vector<std::string>{"item i is dead and not with the dead letters"});
  content_["i"].in_dead_letters = true;
  content_["i"].attempts_listed = 0;
  EXPECT_EQ(found(), std::vector<std::string>{"item i is dead after 1 attempts and lists 0"});
}

TEST_F(work_checker, finds_what_failed_for_good_and_lives) {
  dies();
  content_["i"].state = "pending";
  content_["i"].in_queue = true;
  EXPECT_EQ(found(), std::vector<std::string>{"item i failed for good and is pending"});
  happens(deed::retry, verdict::unknown);
  EXPECT_EQ(found(), std::vector<std::string>{});
}

TEST_F(work_checker, finds_too_many_attempts_and_a_cancellation_that_was_none) {
  happens(deed::offer);
  happens(deed::cancel);
  content_["i"].attempts_begun = 4;
  happens(deed::complete, verdict::unknown, "w1", "s1");
  EXPECT_EQ(found(), (std::vector<std::string>{"item i was cancelled and is completed",
                                               "item i had 4 attempts of 3"}));
}

TEST_F(work_checker, finds_a_lease_that_was_taken) {
  happens(deed::offer);
  happens(deed::claim, verdict::done, "w1");
  happens(deed::claim, verdict::done, "w2");
  happens(deed::complete, verdict::done, "w2", "s1");
  ASSERT_EQ(found().size(), 1U);
  EXPECT_NE(found()[0].find("was taken from its holder"), std::string::npos);
}

TEST_F(work_checker, lets_a_lease_end) {
  for (const auto& end : {verdict::done, verdict::unknown}) {
    events_.clear();
    happens(deed::offer);
    happens(deed::claim, verdict::done, "w1");
    happens(deed::release, end, "w1");
    happens(deed::claim, verdict::done, "w2");
    happens(deed::complete, verdict::done, "w2", "s1");
    EXPECT_EQ(found(), std::vector<std::string>{});
  }
  events_.clear();
  happens(deed::offer);
  happens(deed::claim, verdict::done, "w1");
  now_ += 1000ms;
  happens(deed::claim, verdict::done, "w2");
  happens(deed::complete, verdict::done, "w2", "s1");
  EXPECT_EQ(found(), std::vector<std::string>{});
}

TEST_F(work_checker, takes_two_claims_under_way_at_once_in_the_order_that_makes_sense) {
  happens(deed::offer);
  // The first to ask waits, gets it second, and is answered last.
  events_.push_back({deed::claim, verdict::done, "w1", "t", "i", {}, 1, now_, now_ + 100ms});
  now_ += 20ms;
  happens(deed::claim, verdict::done, "w2");
  happens(deed::release, verdict::done, "w2");
  now_ += 100ms;
  happens(deed::complete, verdict::done, "w1", "s1");
  EXPECT_EQ(found(), std::vector<std::string>{});
  std::erase_if(events_, [](const work_event& event) { return event.what == deed::release; });
  EXPECT_EQ(found().size(), 1U) << "nobody let go";
}

TEST_F(work_checker, counts_the_items_of_a_task) {
  happens(deed::offer);
  happens(deed::complete, verdict::done, "w1", "s1");
  events_.push_back({deed::claim, verdict::done, "w2", "t", "j", {}, 1, now_, now_});
  content_["j"].in_queue = true;
  EXPECT_EQ(found(), std::vector<std::string>{"task t has 2 items, 1 at most were offered"});
  happens(deed::offer, verdict::unknown);
  EXPECT_EQ(found(), std::vector<std::string>{}) << "an offer without an answer made it";
  for (auto& event : events_) {
    event.task = "keyed";
  }
  EXPECT_EQ(found(), std::vector<std::string>{"task keyed has 2 items, 1 at most were offered"});
}

} // namespace
} // namespace nats_mcp::testing
