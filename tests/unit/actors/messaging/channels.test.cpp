// SPDX-License-Identifier: MIT
// What the channels actor asks of NATS and what it answers, with a scripted gateway on virtual
// time.
#include "protocol/json/member.hpp"
#include "protocol/limits.hpp"

#include "actors/messaging/channels_actor.hpp"

#include "tests/support/channel_story.hpp"

#include <gtest/gtest.h>

#include <functional>

namespace nats_mcp::testing {
namespace {

using namespace std::chrono_literals;

class channels : public channel_story {
protected:
  [[nodiscard]] read_channel unread() const {
    auto request = newest("planning", 50);
    request.arguments.unread = true;
    return request;
  }

  /// Pulls bring one message less than was counted, and end so.
  void pulls_end_with(jetstream::pull_end end) {
    if (!answer_) {
      answer_ = script_->on_pull;
    }
    script_->on_pull = [answer = answer_, end](const auto& what) {
      auto got = answer(what);
      got->deliveries.pop_back();
      got->end = end;
      return got;
    };
  }

  /// Reads what is unread and shows it to the client.
  strings show_unread() {
    const auto read = ask(channels_, unread());
    tell(channels_, messages_shown{"planning", read->next_after});
    return texts(*read);
  }

private:
  std::function<result<jetstream::pull_result>(const jetstream::pull&)> answer_;
};

TEST_F(channels, create_the_stream_on_first_use_and_then_store_the_message) {
  stream_is_missing("demo_PLANNING");
  const auto sent = ask(channels_, send("planning", "hello"));

  ASSERT_TRUE(sent) << sent.error().message;
  EXPECT_EQ(sent->sequence, 1U);
  EXPECT_EQ(verbs(), (strings{"STREAM.INFO.demo_PLANNING", "STREAM.CREATE.demo_PLANNING"}));
  ASSERT_EQ(script_->published.size(), 1U);
  EXPECT_EQ(script_->published[0].subject, "demo.planning");
  EXPECT_FALSE(script_->published[0].message_id.empty());
}

TEST_F(channels, are_read_however_the_server_says_that_there_is_no_more) {
  stream_holds("demo_PLANNING", 3);
  for (const auto end : {jetstream::pull_end::no_messages, jetstream::pull_end::expired}) {
    pulls_end_with(end);
    const auto read = ask(channels_, newest("planning", 50));
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(texts(*read), (strings{"message 1", "message 2"}));
  }
}

TEST_F(channels, are_not_read_in_part_when_something_may_be_missing) {
  stream_holds("demo_PLANNING", 3);
  for (const auto end : {jetstream::pull_end::silence, jetstream::pull_end::disconnected,
                         jetstream::pull_end::consumer_gone, jetstream::pull_end::no_responders}) {
    pulls_end_with(end);
    EXPECT_EQ(ask(channels_, newest("planning", 50)).error().code, ec::timeout);
  }
}

TEST_F(channels, write_the_envelope_other_clients_can_read) {
  ASSERT_TRUE(ask(channels_, send("planning", "line one\nline two")));
  const auto payload = json::parse(script_->published.at(0).payload);
  ASSERT_TRUE(payload);
  EXPECT_EQ(json::unsigned_member(*payload, "v"), 1U);
  EXPECT_EQ(json::text_member(*payload, "handle"), "planner");
  EXPECT_EQ(json::text_member(*payload, "message"), "line one\nline two");
  EXPECT_EQ(json::text_member(*payload, "timestamp"), "2026-01-15T10:00:00.000Z");
  EXPECT_EQ(json::find(*payload, "guid"), nullptr);
}

TEST_F(channels, look_a_stream_up_only_once) {
  ASSERT_TRUE(ask(channels_, send("planning", "one")));
  ASSERT_TRUE(ask(channels_, send("planning", "two")));
  EXPECT_EQ(verbs(), (strings{"STREAM.INFO.demo_PLANNING"}));
}

TEST_F(channels, share_one_look_up_between_sends_that_come_together) {
  const auto first = post(channels_, send("planning", "one"));
  const auto second = post(channels_, send("planning", "two"));
  run();
  EXPECT_TRUE(first.value());
  EXPECT_TRUE(second.value());
  EXPECT_EQ(verbs(), (strings{"STREAM.INFO.demo_PLANNING"}));
}

TEST_F(channels, never_shrink_an_existing_stream) {
  stream_exists("demo_PLANNING", {.max_messages = 1'000'000});
  ASSERT_TRUE(ask(channels_, send("planning", "hello")));
  EXPECT_EQ(verbs(), (strings{"STREAM.INFO.demo_PLANNING"}));
}

TEST_F(channels, raise_the_limits_of_a_stream_that_is_too_small) {
  stream_exists("demo_PLANNING", {.max_messages = 5});
  ASSERT_TRUE(ask(channels_, send("planning", "hello")));
  EXPECT_EQ(verbs(), (strings{"STREAM.INFO.demo_PLANNING", "STREAM.UPDATE.demo_PLANNING"}));
}

TEST_F(channels, begin_again_once_when_the_stream_was_deleted_meanwhile) {
  ASSERT_TRUE(ask(channels_, send("planning", "one")));
  stream_is_missing("demo_PLANNING");
  int refused = 0;
  const auto store = script_->on_publish;
  script_->on_publish = [&](const jetstream::publish& what) -> result<jetstream::publish_receipt> {
    if (refused++ == 0) {
      return fail(ec::not_found, "no stream");
    }
    return store(what);
  };
  ASSERT_TRUE(ask(channels_, send("planning", "two")));
  EXPECT_EQ(verbs().back(), "STREAM.CREATE.demo_PLANNING");
}

TEST_F(channels, refuse_a_channel_that_is_not_configured_and_ask_nats_nothing) {
  const auto sent = ask(channels_, send("plannin", "hello"));
  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().code, ec::not_found);
  EXPECT_NE(sent.error().message.find("planning"), std::string::npos) << sent.error().message;
  EXPECT_TRUE(script_->api_requests.empty());
}

TEST_F(channels, say_the_outcome_is_unknown_when_it_is) {
  script_->on_publish = [](const jetstream::publish&) -> result<jetstream::publish_receipt> {
    return fail(ec::unknown_outcome, "It is not known whether the message was stored.");
  };
  const auto sent = ask(channels_, send("planning", "hello"));
  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().code, ec::unknown_outcome);
}

TEST_F(channels, read_the_newest_in_one_pull) {
  stream_holds("demo_PLANNING", 300);
  const auto read = ask(channels_, newest("planning", 3));
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(texts(*read), (strings{"message 298", "message 299", "message 300"}));
  EXPECT_EQ(read->next_after, 300U);
  EXPECT_EQ(pulls_, 1);
}

TEST_F(channels, read_on_after_a_position_oldest_first) {
  stream_holds("demo_PLANNING", 300);
  auto request = newest("planning", 2);
  request.arguments.after = 10;
  const auto read = ask(channels_, request);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(texts(*read), (strings{"message 11", "message 12"}));
  EXPECT_EQ(read->next_after, 12U);
}

TEST_F(channels, read_the_newest_over_a_gap) {
  stream_holds("demo_PLANNING", 300);
  for (std::uint64_t sequence = 290; sequence < 300; ++sequence) {
    delete_message(sequence);
  }
  const auto read = ask(channels_, newest("planning", 3));
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(texts(*read), (strings{"message 288", "message 289", "message 300"}));
}

TEST_F(channels, show_each_unread_message_once) {
  stream_holds("demo_PLANNING", 3);
  ASSERT_EQ(show_unread().size(), 3U);
  EXPECT_TRUE(show_unread().empty());
  stream_holds("demo_PLANNING", 5);
  EXPECT_EQ(show_unread(), (strings{"message 4", "message 5"}));
}

TEST_F(channels, show_again_what_never_reached_the_client) {
  stream_holds("demo_PLANNING", 3);
  ASSERT_EQ(show_unread().size(), 3U);
  stream_holds("demo_PLANNING", 5);
  ASSERT_EQ(ask(channels_, unread())->messages.size(), 2U);
  EXPECT_EQ(show_unread(), (strings{"message 4", "message 5"}));
}

TEST_F(channels, believe_the_session_about_what_was_shown) {
  stream_holds("demo_PLANNING", 3);
  ASSERT_EQ(ask(channels_, unread())->messages.size(), 3U);
  // `messages_shown` was lost: the channels were down.
  stream_holds("demo_PLANNING", 5);
  auto waiting = wait_for({"planning"}, 30s);
  waiting.shown = {{"planning", 3}};
  EXPECT_EQ(ask(channels_, waiting)->channels.at(0).unread, 2U);
  restart_from_checkpoint();
  auto again = unread();
  again.shown = 4;
  EXPECT_EQ(texts(*ask(channels_, again)), (strings{"message 5"}));
}

TEST_F(channels, keep_the_read_position_for_the_next_incarnation) {
  stream_holds("demo_PLANNING", 3);
  ASSERT_EQ(show_unread().size(), 3U);
  restart_from_checkpoint();
  EXPECT_TRUE(show_unread().empty());
}

TEST_F(channels, show_a_recreated_channel_from_its_beginning) {
  stream_holds("demo_PLANNING", 30);
  ASSERT_EQ(show_unread().size(), 30U);
  stream_holds("demo_PLANNING", 2);
  EXPECT_EQ(show_unread(), (strings{"message 1", "message 2"}));
}

// -- waiting -----------------------------------------------------------------------------------

TEST_F(channels, answer_a_wait_when_a_hint_shows_news) {
  stream_holds("demo_PLANNING", 3);
  const auto waiting = post(channels_, wait_for({"planning"}, 30s));
  run();
  ASSERT_FALSE(waiting.answered());
  advance(2s);
  stream_holds("demo_PLANNING", 5);
  hint();
  ASSERT_TRUE(waiting.answered());
  ASSERT_EQ(waiting.value()->channels.size(), 1U);
  EXPECT_EQ(waiting.value()->channels[0].channel, "planning");
  EXPECT_EQ(waiting.value()->channels[0].unread, 2U);
  EXPECT_EQ(waiting.value()->waited, 2s);
  EXPECT_EQ(script_->unsubscribed.size(), 1U);
}

TEST_F(channels, answer_a_wait_at_once_when_something_is_unread) {
  stream_holds("demo_PLANNING", 3);
  ASSERT_EQ(show_unread().size(), 3U);
  stream_holds("demo_PLANNING", 4);
  const auto waited = ask(channels_, wait_for({"planning"}, 30s));
  ASSERT_TRUE(waited);
  EXPECT_EQ(waited->channels.at(0).unread, 1U);
}

TEST_F(channels, answer_a_wait_with_nothing_when_its_time_is_over) {
  stream_holds("demo_PLANNING", 3);
  const auto waiting = post(channels_, wait_for({"planning"}, 30s));
  run();
  advance(29'999ms);
  EXPECT_FALSE(waiting.answered());
  advance(1ms);
  ASSERT_TRUE(waiting.value()) << waiting.value().error().message;
  EXPECT_TRUE(waiting.value()->channels.empty());
}

TEST_F(channels, notice_news_whose_hint_was_lost_when_the_time_is_over) {
  stream_holds("demo_PLANNING", 3);
  const auto waiting = post(channels_, wait_for({"planning"}, 30s));
  run();
  stream_holds("demo_PLANNING", 4);
  advance(30s);
  ASSERT_TRUE(waiting.value());
  EXPECT_EQ(waiting.value()->channels.at(0).unread, 1U);
}

TEST_F(channels, look_again_after_a_reconnect) {
  stream_holds("demo_PLANNING", 3);
  const auto waiting = post(channels_, wait_for({"planning"}, 30s));
  run();
  stream_holds("demo_PLANNING", 4);
  tell(channels_, jetstream::connection_event{jetstream::connection_state::connected, 2, {}});
  EXPECT_TRUE(waiting.answered());
}

TEST_F(channels, are_not_woken_by_their_own_messages) {
  stream_holds("demo_PLANNING", 3);
  const auto waiting = post(channels_, wait_for({"planning"}, 30s));
  run();
  ASSERT_TRUE(ask(channels_, send("planning", "mine")));
  hint();
  EXPECT_FALSE(waiting.answered());
}

TEST_F(channels, hold_a_hint_back_while_an_own_message_may_be_meant) {
  stream_holds("demo_PLANNING", 3);
  const auto waiting = post(channels_, wait_for({"planning"}, 30s));
  run();
  hold_publishes();
  const auto sent = post(channels_, send("planning", "mine"));
  run();
  stream_holds("demo_PLANNING", 4); // it is stored, and its hint is faster than its receipt
  hint();
  advance(10s);
  EXPECT_FALSE(waiting.answered());
  stream_holds("demo_PLANNING", 3);
  answer_publishes();
  EXPECT_TRUE(sent.answered());
  EXPECT_FALSE(waiting.answered());
}

TEST_F(channels, hear_of_others_although_own_messages_never_cease) {
  stream_holds("demo_PLANNING", 3);
  const auto waiting = post(channels_, wait_for({"planning"}, 30s));
  run();
  hold_publishes();
  const auto one = post(channels_, send("planning", "mine"));
  const auto two = post(channels_, send("planning", "mine too"));
  run();
  stream_holds("demo_PLANNING", 5);
  hint();
  advance(limits::hint_held_back_max);
  EXPECT_FALSE(waiting.answered()) << "both may be our own";
  stream_holds("demo_PLANNING", 6);
  advance(limits::hint_held_back_max);
  ASSERT_TRUE(waiting.answered()) << "one of the three is somebody else's";
  EXPECT_EQ(waiting.value()->channels.at(0).unread, 3U);
  EXPECT_FALSE(one.answered());
  EXPECT_FALSE(two.answered());
}

TEST_F(channels, keep_each_callers_deadline_while_a_look_up_is_shared) {
  auto late = send("planning", "late");
  late.deadline = now() + 10s;
  const auto scripted = script_->on_api_request;
  script_->on_api_request = [&,
                             early = now() + 5s](const auto& what) -> result<jetstream::api_reply> {
    return what.deadline <= early ? fail(ec::timeout, "too late") : scripted(what);
  };
  const auto first = post(channels_, send("planning", "early"));
  const auto second = post(channels_, late);
  run();
  EXPECT_EQ(first.value().error().code, ec::timeout);
  EXPECT_TRUE(second.value()) << second.value().error().message;
}

TEST_F(channels, do_not_make_a_caller_in_a_hurry_wait_for_one_with_time) {
  auto patient = send("planning", "patient");
  patient.deadline = now() + 10s;
  const auto first = post(channels_, patient);
  const auto second = post(channels_, send("planning", "in a hurry"));
  run();
  EXPECT_TRUE(first.value());
  EXPECT_TRUE(second.value());
  ASSERT_EQ(script_->api_requests.size(), 2U);
  EXPECT_EQ(script_->api_requests[1].deadline, now() + 5s);
}

TEST_F(channels, end_a_wait_that_is_cancelled) {
  stream_holds("demo_PLANNING", 3);
  const auto waiting = post(channels_, wait_for({"planning"}, 30s));
  run();
  tell(channels_, cancel_wait{call_id{7}});
  ASSERT_TRUE(waiting.answered());
  EXPECT_EQ(waiting.value().error().code, ec::cancelled);
}

TEST_F(channels, end_a_subscription_left_behind_by_a_dead_incarnation) {
  tell(channels_, jetstream::core_message{jetstream::subscription_id{99}, "demo.planning", "{}"});
  ASSERT_EQ(script_->unsubscribed.size(), 1U);
  EXPECT_EQ(script_->unsubscribed[0], jetstream::subscription_id{99});
}

} // namespace
} // namespace nats_mcp::testing
