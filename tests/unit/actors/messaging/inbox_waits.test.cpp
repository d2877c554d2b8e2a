// SPDX-License-Identifier: MIT
#include "protocol/limits.hpp"

#include "tests/support/inbox_story.hpp"

namespace nats_mcp::testing {
namespace {

using namespace std::chrono_literals;

class inbox_waits : public inbox_story {
protected:
  void connection(jetstream::connection_state state, std::uint64_t epoch) {
    tell(inbox_, jetstream::connection_event{state, epoch, {}});
  }
};

TEST_F(inbox_waits, a_waiting_read_has_a_message_when_it_comes) {
  const auto pending = post(inbox_, read(10, 60'000ms));
  run();
  ASSERT_FALSE(pending.answered());
  deliver("news");
  EXPECT_EQ(texts(pending.value()), strings{"news"});
  EXPECT_EQ(elapsed(), 0ms) << "no timer stands between hint and answer";
}

TEST_F(inbox_waits, a_hint_may_come_before_its_message_is_stored) {
  const auto pending = post(inbox_, read(10, 60'000ms));
  run();
  hint();
  EXPECT_FALSE(pending.answered());
  EXPECT_EQ(script_->pulls.back().expires, limits::mail_announced_max);
  store("news");
  answer_pulls();
  EXPECT_EQ(texts(pending.value()), strings{"news"});
}

TEST_F(inbox_waits, a_message_stored_long_after_its_hint_is_found) {
  const auto pending = post(inbox_, read(10, 60'000ms));
  run();
  hint();
  answer_pulls();
  store("news");
  advance(limits::mail_count_interval + limits::mail_count_delay);
  EXPECT_EQ(texts(pending.value()), strings{"news"});
}

TEST_F(inbox_waits, a_filter_that_can_look_no_further_waits_as_long_as_it_was_told_to) {
  for (std::size_t i = 0; i < limits::mail_held_max; ++i) {
    store("noise");
  }
  store("out of reach", bob);
  auto request = read(10, 60'000ms);
  request.arguments.sender_guid = bob;
  const auto pending = post(inbox_, request);
  advance(59'999ms);
  EXPECT_FALSE(pending.answered());
  advance(1ms);
  ASSERT_TRUE(pending.value()) << pending.value().error().message;
  EXPECT_TRUE(pending.value()->messages.empty());
  EXPECT_EQ(pending.value()->not_looked_at, 1U);
}

TEST_F(inbox_waits, a_filter_goes_on_looking_when_others_have_read_what_was_before) {
  for (std::size_t i = 0; i < limits::mail_held_max; ++i) {
    store("noise");
  }
  store("out of reach at first", bob);
  auto request = read(10, 60'000ms);
  request.arguments.sender_guid = bob;
  const auto pending = post(inbox_, request);
  run();
  ASSERT_FALSE(pending.answered());
  ASSERT_EQ(read_and_show(5).size(), 5U);
  advance(limits::mail_count_interval + limits::mail_count_delay);
  EXPECT_EQ(texts(pending.value()), strings{"out of reach at first"});
}

TEST_F(inbox_waits, a_read_that_has_waited_long_still_has_time_to_look) {
  const auto pending = post(inbox_, read(10, 60'000ms));
  const auto other = post(inbox_, read(10, 60'000ms));
  advance(30'000ms);
  deliver("for one of them");
  ASSERT_NE(pending.answered(), other.answered());
  hint();
  answer_pulls();
  store("for the other");
  advance(limits::mail_count_interval + limits::mail_count_delay);
  ASSERT_TRUE(pending.value()) << pending.value().error().message;
  ASSERT_TRUE(other.value()) << other.value().error().message;
}

TEST_F(inbox_waits, a_hint_during_another_request_is_not_forgotten) {
  const auto first = post(inbox_, read(10, 60'000ms));
  run();
  hint(); // a pull waits now
  hint();
  answer_pulls();
  EXPECT_FALSE(first.answered());
  store("news");
  answer_pulls();
  EXPECT_EQ(texts(first.value()), strings{"news"});
}

TEST_F(inbox_waits, a_read_waits_as_long_as_it_was_asked_to) {
  const auto pending = post(inbox_, read(10, 1'000ms));
  advance(999ms);
  EXPECT_FALSE(pending.answered());
  advance(1ms);
  ASSERT_TRUE(pending.value());
  EXPECT_TRUE(pending.value()->messages.empty());
}

TEST_F(inbox_waits, a_message_whose_hint_was_lost_is_found_at_the_end) {
  const auto pending = post(inbox_, read(10, 1'000ms));
  run();
  store("news");
  advance(1'000ms);
  EXPECT_EQ(texts(pending.value()), strings{"news"});
}

TEST_F(inbox_waits, what_came_during_an_outage_is_found_after_it) {
  connection(jetstream::connection_state::connected, 1);
  const auto pending = post(inbox_, read(10, 60'000ms));
  run();
  connection(jetstream::connection_state::disconnected, 1);
  store("news");
  connection(jetstream::connection_state::connected, 2);
  EXPECT_EQ(texts(pending.value()), strings{"news"});
}

TEST_F(inbox_waits, a_filter_waits_for_what_it_wants) {
  auto request = read(10, 60'000ms);
  request.arguments.sender_guid = bob;
  const auto pending = post(inbox_, request);
  run();
  deliver("not this");
  EXPECT_FALSE(pending.answered());
  deliver("this", bob);
  EXPECT_EQ(texts(pending.value()), strings{"this"});
  EXPECT_EQ(pending.value()->unread, 1U);
}

TEST_F(inbox_waits, a_withdrawn_wait_is_answered_and_takes_nothing) {
  const auto request = read(10, 60'000ms);
  const auto pending = post(inbox_, request);
  run();
  tell(inbox_, cancel_mail_wait{request.call});
  EXPECT_EQ(pending.value().error().code, ec::cancelled);
  deliver("news");
  EXPECT_EQ(texts(ask(inbox_, read())), strings{"news"});
}

TEST_F(inbox_waits, mail_ends_a_wait_for_mail_and_stays_unread) {
  const auto pending = post(inbox_, wait(60'000ms));
  run();
  EXPECT_FALSE(pending.answered());
  deliver("news");
  ASSERT_TRUE(pending.value());
  EXPECT_EQ(pending.value()->unread, 1U);
  EXPECT_EQ(ask(inbox_, wait(60'000ms))->unread, 1U) << "at once";
  EXPECT_EQ(texts(ask(inbox_, read())), strings{"news"});
}

TEST_F(inbox_waits, a_wait_for_mail_in_vain_finds_none) {
  const auto pending = post(inbox_, wait(1'000ms));
  advance(1'000ms);
  ASSERT_TRUE(pending.value());
  EXPECT_EQ(pending.value()->unread, 0U);
}

TEST_F(inbox_waits, a_message_in_an_answer_is_no_news_until_the_answer_is_lost) {
  store("one");
  const auto request = read();
  (void)ask(inbox_, request);
  const auto pending = post(inbox_, wait(60'000ms));
  run();
  EXPECT_FALSE(pending.answered());
  tell(inbox_, direct_messages_not_shown{request.call});
  ASSERT_TRUE(pending.value());
  EXPECT_EQ(pending.value()->unread, 1U);
}

TEST_F(inbox_waits, nobody_waits_and_nothing_is_in_an_answer_after_the_session_is_gone) {
  store("one");
  const auto lost = read();
  (void)ask(inbox_, lost);
  const auto pending = post(inbox_, read(10, 60'000ms));
  run();
  tell(inbox_, inbox_readers_gone{});
  EXPECT_EQ(pending.value().error().code, ec::cancelled);
  was_shown(lost.call);
  EXPECT_EQ(texts(ask(inbox_, read())), strings{"one"});
}

TEST_F(inbox_waits, the_session_is_told_what_is_unread) {
  EXPECT_EQ(last_told(), 0U);
  deliver("one");
  deliver("two");
  EXPECT_EQ(last_told(), 0U);
  advance(limits::mail_count_interval);
  EXPECT_EQ(last_told(), 2U);
}

TEST_F(inbox_waits, many_hints_are_one_question) {
  const auto before = requests("CONSUMER.INFO.");
  for (int i = 0; i < 100; ++i) {
    deliver("flood");
  }
  advance(limits::mail_count_interval);
  EXPECT_EQ(requests("CONSUMER.INFO."), before + 1);
  EXPECT_EQ(last_told(), 100U);
}

TEST_F(inbox_waits, a_new_session_is_told_again) {
  const auto before = session_->mail.size();
  tell(inbox_, inbox_readers_gone{});
  EXPECT_EQ(session_->mail.size(), before + 1);
}

TEST_F(inbox_waits, hints_end_with_the_registration) {
  const auto id = script_->subscriptions.back().id;
  EXPECT_EQ(script_->subscriptions.back().subject, std::string{"inbox."} + me + ".*");
  identity_is("");
  EXPECT_EQ(script_->unsubscribed, std::vector<jetstream::subscription_id>{id});
  EXPECT_EQ(last_told(), 0U);
}

TEST_F(inbox_waits, who_loses_the_agent_is_told_why_its_reads_end) {
  const auto pending = post(inbox_, read(10, 60'000ms));
  run();
  identity_is("", "Another process is this agent now.");
  EXPECT_EQ(pending.value().error(),
            (error{ec::conflict, "Another process is this agent now.", 0}));
}

} // namespace
} // namespace nats_mcp::testing
