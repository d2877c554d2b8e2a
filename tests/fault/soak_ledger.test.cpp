// SPDX-License-Identifier: MIT
#include "tests/fault/soak_ledger.hpp"

#include <gtest/gtest.h>

namespace nats_mcp::testing::soak_ledger_test {
namespace {

using words = std::vector<std::string>;

class soak_ledger_judges : public ::testing::Test {
protected:
  [[nodiscard]] words judged() const { return ledger_.judge({"ann", "bob"}, {"planning"}); }

  soak_ledger ledger_;
  const std::string first_ = soak_ledger::mark("ann#1", 1);
  const std::string second_ = soak_ledger::mark("ann#1", 2);
};

TEST_F(soak_ledger_judges, nothing_wrong_when_everybody_heard_the_others) {
  ledger_.said_in_channel("planning", "ann", first_);
  ledger_.said_in_channel("planning", "ann", second_);
  ledger_.heard_in_channel("planning", "bob",
                           "[now] **ann**: " + first_ + "\n[now] **ann**: " + second_ + "\n");
  ledger_.said_to("ann", first_);
  ledger_.heard_directly("ann", "From: bob\n\n" + first_);
  EXPECT_EQ(judged(), words{});
  EXPECT_EQ(ledger_.said(), 3U);
}

TEST_F(soak_ledger_judges, a_message_nobody_was_shown) {
  ledger_.said_in_channel("planning", "ann", first_);
  EXPECT_EQ(judged(), words{"bob was never shown " + first_ + " in the channel planning"});
  ledger_.heard_in_channel("planning", "bob", second_);
  EXPECT_EQ(judged().size(), 1U) << "another one does not help";
}

TEST_F(soak_ledger_judges, a_message_in_a_channel_that_was_shown_twice) {
  ledger_.heard_in_channel("planning", "bob", first_);
  ledger_.heard_in_channel("planning", "ann", first_);
  EXPECT_EQ(judged(), words{});
  ledger_.heard_in_channel("planning", "bob", first_);
  EXPECT_EQ(judged(), words{"bob was shown " + first_ + " twice in the channel planning"});
}

TEST_F(soak_ledger_judges, mail_that_never_came) {
  ledger_.said_to("bob", first_);
  ledger_.heard_directly("ann", first_);
  EXPECT_EQ(judged(), words{"bob was never shown the direct message " + first_});
}

TEST_F(soak_ledger_judges, mail_that_came_twice_as_allowed) {
  ledger_.said_to("bob", first_);
  ledger_.heard_directly("bob", first_ + " and again " + first_);
  EXPECT_EQ(judged(), words{});
  EXPECT_EQ(ledger_.shown_again(), 1U);
}

TEST_F(soak_ledger_judges, what_was_noted) {
  ledger_.wrong("ann got no answer");
  EXPECT_EQ(judged(), words{"ann got no answer"});
}

TEST_F(soak_ledger_judges, calls_by_their_name) {
  using namespace std::chrono_literals;
  ledger_.answered("send_message", false, 3ms);
  ledger_.answered("send_message", true, 2ms);
  const auto calls = ledger_.calls();
  EXPECT_EQ(calls.at("send_message").answered, 2U);
  EXPECT_EQ(calls.at("send_message").failed, 1U);
  EXPECT_EQ(calls.at("send_message").slowest, 3ms);
}

} // namespace
} // namespace nats_mcp::testing::soak_ledger_test
