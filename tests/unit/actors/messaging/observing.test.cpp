// SPDX-License-Identifier: MIT
// The session hears that a channel changed: never at the price of a connection, never of what it
// does not want, and it can tell its own words from others'.
#include "protocol/limits.hpp"

#include "actors/messaging/own_messages.hpp"

#include "tests/support/channel_story.hpp"

#include <gtest/gtest.h>

namespace nats_mcp::testing {
namespace {

using namespace std::chrono_literals;

class observing : public channel_story {
protected:
  /// The authors of the changes the session was told of since the last call.
  std::vector<channel_author> told() {
    std::vector<channel_author> out;
    for (const auto& news : std::exchange(ear_->channels, {})) {
      EXPECT_EQ(news.channel, "planning");
      out.push_back(news.author);
    }
    return out;
  }

  void observe() { tell(channels_, observe_channels{{"planning"}}); }

  /// Observed, connected, and past the first look, which tells that nothing is known before it.
  void observe_connected() {
    observe();
    connect(1);
    (void)told();
  }

  void show_unread() {
    auto unread = newest("planning", 50);
    unread.arguments.unread = true;
    const auto read = ask(channels_, unread);
    ASSERT_TRUE(read);
    tell(channels_, messages_shown{"planning", read->next_after});
  }

  using authors = std::vector<channel_author>;
  const authors nobody{};
  const authors us{channel_author::this_agent};
  const authors others{channel_author::somebody_else};
  const authors not_known{channel_author::unknown};
};

TEST_F(observing, asks_nothing_of_nats_before_there_is_a_connection) {
  observe();
  EXPECT_TRUE(script_->subscriptions.empty());
  EXPECT_TRUE(script_->api_requests.empty());
  EXPECT_EQ(script_->connection_observers.size(), 1U);
  stream_holds("demo_PLANNING", 3);
  connect(1);
  ASSERT_EQ(script_->subscriptions.size(), 1U);
  EXPECT_EQ(script_->subscriptions[0].subject, "demo.planning");
  EXPECT_EQ(verbs(), strings{"STREAM.INFO.demo_PLANNING"}) << "looks, creates nothing";
}

TEST_F(observing, creates_no_stream_that_is_missing) {
  stream_is_missing("demo_PLANNING");
  observe();
  connect(1);
  EXPECT_EQ(verbs(), strings{"STREAM.INFO.demo_PLANNING"});
  EXPECT_TRUE(script_->published.empty());
}

TEST_F(observing, counts_what_was_there_before_as_a_change_by_nobody_known) {
  stream_holds("demo_PLANNING", 3);
  observe();
  connect(1);
  EXPECT_EQ(told(), not_known);
}

TEST_F(observing, tells_of_every_message) {
  observe_connected();
  deliver(0, "{}");
  EXPECT_EQ(told(), others);
}

TEST_F(observing, knows_own_messages_however_often_they_are_written) {
  observe_connected();
  ASSERT_TRUE(ask(channels_, send("planning", "hello")));
  const auto payload = script_->published.at(0).payload;
  deliver(0, payload);
  deliver(0, payload);
  EXPECT_EQ(told(), (authors{channel_author::this_agent, channel_author::this_agent}));
  deliver(0, payload + " ");
  EXPECT_EQ(told(), others);
}

TEST_F(observing, knows_an_own_message_that_comes_back_before_its_acknowledgement) {
  observe_connected();
  hold_publishes();
  const auto sending = post(channels_, send("planning", "hello"));
  run();
  deliver(0, script_->published.at(0).payload);
  EXPECT_EQ(told(), us);
  answer_publishes();
  EXPECT_TRUE(sending.value());
}

TEST_F(observing, looks_at_the_streams_after_a_new_connection) {
  stream_holds("demo_PLANNING", 3);
  observe_connected();
  disconnect();
  connect(2);
  EXPECT_EQ(told(), nobody) << "nothing came meanwhile";
  EXPECT_EQ(script_->subscriptions.size(), 1U) << "the gateway keeps it";
  disconnect();
  stream_holds("demo_PLANNING", 5);
  connect(3);
  EXPECT_EQ(told(), others);
}

TEST_F(observing, takes_own_messages_for_no_news_after_a_new_connection) {
  stream_holds("demo_PLANNING", 3);
  observe_connected();
  ASSERT_TRUE(ask(channels_, send("planning", "hello")));
  disconnect();
  connect(2);
  EXPECT_EQ(told(), nobody);
}

TEST_F(observing, says_that_nobody_is_known_to_have_written_when_it_cannot_look) {
  stream_holds("demo_PLANNING", 3);
  observe_connected();
  script_->on_api_request = [](const auto&) -> result<jetstream::api_reply> {
    return fail(ec::timeout, "no answer");
  };
  connect(2);
  EXPECT_EQ(told(), not_known);
}

TEST_F(observing, ends_when_nobody_wants_it_any_more) {
  observe_connected();
  tell(channels_, observe_channels{});
  ASSERT_EQ(script_->unsubscribed.size(), 1U);
  EXPECT_EQ(script_->unsubscribed[0], script_->subscriptions[0].id);
  deliver(0, "{}");
  EXPECT_EQ(told(), nobody);
}

TEST_F(observing, begins_at_once_where_there_is_a_connection_already) {
  observe_connected();
  tell(channels_, observe_channels{});
  observe();
  EXPECT_EQ(script_->subscriptions.size(), 2U);
}

TEST_F(observing, leaves_out_channels_that_are_not_configured) {
  tell(channels_, observe_channels{{"nowhere"}});
  connect(1);
  EXPECT_TRUE(script_->subscriptions.empty());
}

TEST_F(observing, asks_for_the_connection_again_with_the_next_call_that_uses_it) {
  observe();
  ASSERT_EQ(script_->connection_observers.size(), 1U);
  stream_holds("demo_PLANNING", 1);
  (void)ask(channels_, newest("planning", 1));
  EXPECT_EQ(script_->connection_observers.size(), 2U) << "the gateway may have been down before";
  connect(1);
  (void)ask(channels_, newest("planning", 1));
  EXPECT_EQ(script_->connection_observers.size(), 2U);
}

TEST_F(observing, asks_for_the_connection_again_by_itself_until_something_is_heard_of_it) {
  observe();
  ASSERT_EQ(script_->connection_observers.size(), 1U);
  advance(limits::observation_patience);
  EXPECT_EQ(script_->connection_observers.size(), 2U) << "the gateway may have failed with it";
  advance(limits::observation_patience);
  EXPECT_EQ(script_->connection_observers.size(), 3U) << "each time";
  disconnect();
  advance(3 * limits::observation_patience);
  EXPECT_EQ(script_->connection_observers.size(), 3U) << "it tells by itself from now on";
}

TEST_F(observing, asks_the_session_what_it_wants_when_the_part_was_restarted) {
  EXPECT_EQ(ear_->observations_wanted, 1);
  stream_holds("demo_PLANNING", 3);
  observe_connected();
  show_unread();
  stream_holds("demo_PLANNING", 4);
  restart_from_checkpoint();
  EXPECT_EQ(ear_->observations_wanted, 2);
  observe();
  connect(1);
  ASSERT_EQ(script_->subscriptions.size(), 2U);
  EXPECT_EQ(told(), others) << "one came while nobody listened, and it was never shown";
  tell(channels_, jetstream::core_message{script_->subscriptions[0].id, "demo.planning", "{}"});
  EXPECT_EQ(told(), nobody) << "the subscription of the one before";
  EXPECT_EQ(script_->unsubscribed.at(0), script_->subscriptions[0].id);
}

TEST_F(observing, does_not_take_hints_away_from_those_who_wait) {
  stream_holds("demo_PLANNING", 3);
  observe_connected();
  const auto waiting = post(channels_, wait_for({"planning"}, 30s));
  run();
  stream_holds("demo_PLANNING", 4);
  ASSERT_EQ(script_->subscriptions.size(), 2U);
  deliver(1, "{}");
  ASSERT_TRUE(waiting.answered());
  EXPECT_EQ(waiting.value()->channels.at(0).unread, 1U);
  EXPECT_EQ(told(), nobody) << "its own subscription tells it";
}

TEST(own_messages, are_known_by_subject_and_bytes) {
  own_messages mine;
  mine.sent("a.b", "hello");
  EXPECT_TRUE(mine.contain("a.b", "hello"));
  EXPECT_FALSE(mine.contain("a.c", "hello"));
  EXPECT_FALSE(mine.contain("a.b", "hello "));
}

TEST(own_messages, are_forgotten_beyond_the_bound) {
  own_messages mine;
  for (std::size_t i = 0; i <= limits::own_messages_remembered_max; ++i) {
    mine.sent("a.b", std::to_string(i));
  }
  EXPECT_FALSE(mine.contain("a.b", "0"));
  EXPECT_TRUE(mine.contain("a.b", "1"));
  EXPECT_TRUE(mine.contain("a.b", std::to_string(limits::own_messages_remembered_max)));
}

} // namespace
} // namespace nats_mcp::testing
