// SPDX-License-Identifier: MIT
// What a wait counts as news: since when, of whom, and through the loss of a stream.
#include "tests/support/channel_story.hpp"

#include <gtest/gtest.h>

namespace nats_mcp::testing {
namespace {

using namespace std::chrono_literals;

class waits : public channel_story {
protected:
  [[nodiscard]] tools::wait_for_messages_result waited(std::chrono::milliseconds timeout) {
    const auto waiting = post(channels_, wait_for({"planning"}, timeout));
    run();
    advance(timeout);
    return waiting.value().value_or(tools::wait_for_messages_result{{{"failed", 0}}, 0ms});
  }

  /// Reads what is unread and shows it to the client.
  void show_unread() {
    auto unread = newest("planning", 50);
    unread.arguments.unread = true;
    const auto read = ask(channels_, unread);
    ASSERT_TRUE(read);
    tell(channels_, messages_shown{"planning", read->next_after});
  }
};

TEST_F(waits, do_not_take_what_was_there_before_the_first_one_for_news) {
  stream_holds("demo_PLANNING", 3);
  EXPECT_TRUE(waited(1s).channels.empty());
}

TEST_F(waits, report_what_came_between_two_of_them) {
  stream_holds("demo_PLANNING", 3);
  ASSERT_TRUE(waited(1s).channels.empty());
  stream_holds("demo_PLANNING", 5);
  const auto second = waited(0ms);
  ASSERT_EQ(second.channels.size(), 1U);
  EXPECT_EQ(second.channels[0].unread, 2U);
}

TEST_F(waits, count_from_the_read_position_once_there_is_one) {
  stream_holds("demo_PLANNING", 3);
  ASSERT_TRUE(waited(1s).channels.empty());
  stream_holds("demo_PLANNING", 5);
  show_unread();
  EXPECT_TRUE(waited(0ms).channels.empty()) << "all of it was shown";
  stream_holds("demo_PLANNING", 6);
  EXPECT_EQ(waited(0ms).channels.at(0).unread, 1U);
}

TEST_F(waits, notice_news_soon_although_the_gateway_failed_when_they_began) {
  stream_holds("demo_PLANNING", 3);
  script_->subscriptions_refused = 2;
  const auto waiting = post(channels_, wait_for({"planning"}, 60s));
  run();
  EXPECT_TRUE(script_->subscriptions.empty());
  advance(1s);
  ASSERT_EQ(script_->subscriptions.size(), 1U);
  EXPECT_EQ(script_->subscriptions[0].subject, "demo.planning");
  stream_holds("demo_PLANNING", 4);
  tell(channels_, jetstream::core_message{script_->subscriptions[0].id, "demo.planning", "{}"});
  ASSERT_TRUE(waiting.value());
  EXPECT_EQ(waiting.value()->channels.at(0).unread, 1U);
}

TEST_F(waits, do_not_try_again_for_a_channel_nobody_waits_for_any_more) {
  stream_holds("demo_PLANNING", 3);
  script_->subscriptions_refused = 1;
  EXPECT_TRUE(waited(100ms).channels.empty());
  advance(5s);
  EXPECT_TRUE(script_->subscriptions.empty());
  EXPECT_TRUE(script_->unsubscribed.empty());
}

TEST_F(waits, do_not_count_own_messages_between_them) {
  stream_holds("demo_PLANNING", 3);
  ASSERT_TRUE(waited(1s).channels.empty());
  ASSERT_TRUE(ask(channels_, send("planning", "mine")));
  EXPECT_TRUE(waited(0ms).channels.empty());
}

TEST_F(waits, leave_it_to_the_status_to_count_what_is_unread) {
  stream_holds("demo_PLANNING", 3);
  const auto nothing = ask(channels_, unread_query{now() + 5s});
  ASSERT_TRUE(nothing);
  EXPECT_TRUE(nothing->channels.empty()) << "no channel was read yet";
  EXPECT_TRUE(script_->api_requests.empty());
  show_unread();
  stream_holds("demo_PLANNING", 7);
  const auto counted = ask(channels_, unread_query{now() + 5s});
  ASSERT_TRUE(counted);
  ASSERT_EQ(counted->channels.size(), 1U);
  EXPECT_EQ(counted->channels[0].channel, "planning");
  EXPECT_EQ(counted->channels[0].unread, 4U);
  stream_is_missing("demo_PLANNING");
  EXPECT_EQ(ask(channels_, unread_query{now() + 5s})->channels.at(0).unread, 0U);
}

TEST_F(waits, outlive_the_deletion_of_their_stream) {
  stream_holds("demo_PLANNING", 3);
  const auto waiting = post(channels_, wait_for({"planning"}, 30s));
  run();
  stream_holds("demo_PLANNING", 0);
  stream_is_missing("demo_PLANNING");
  hint();
  EXPECT_EQ(verbs().back(), "STREAM.INFO.demo_PLANNING");
  EXPECT_EQ(verbs().at(verbs().size() - 2), "STREAM.CREATE.demo_PLANNING");
  EXPECT_FALSE(waiting.answered());
  stream_holds("demo_PLANNING", 2);
  hint();
  ASSERT_TRUE(waiting.value()) << waiting.value().error().message;
  EXPECT_EQ(waiting.value()->channels.at(0).unread, 2U) << "all of a stream begun again is new";
}

TEST_F(waits, end_in_time_although_their_stream_is_gone_for_good) {
  stream_holds("demo_PLANNING", 3);
  const auto waiting = post(channels_, wait_for({"planning"}, 30s));
  run();
  script_->on_api_request = [](const auto&) -> result<jetstream::api_reply> {
    return fail(ec::not_found, "no stream, and none can be made");
  };
  hint();
  EXPECT_FALSE(waiting.answered()) << "it may come back";
  advance(30s);
  ASSERT_TRUE(waiting.answered());
  EXPECT_EQ(waiting.value().error().code, ec::not_found);
}

} // namespace
} // namespace nats_mcp::testing
