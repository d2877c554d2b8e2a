// SPDX-License-Identifier: MIT
// Crashes, lost deliveries and lost acknowledgements: nothing accepted is lost, and nothing counts
// as read that was not shown.
#include "protocol/limits.hpp"

#include "tests/support/inbox_story.hpp"

namespace nats_mcp::testing {
namespace {

using namespace std::chrono_literals;

class inbox_faults : public inbox_story {
protected:
  /// There is a connection again after a pause, perhaps to another server.
  void connected_anew() {
    for (const std::uint64_t epoch : {1U, 2U}) {
      tell(inbox_, jetstream::connection_event{jetstream::connection_state::connected, epoch, {}});
    }
  }
};

TEST_F(inbox_faults, mail_fetched_and_not_answered_comes_at_once_after_a_crash) {
  store("one");
  auto request = read();
  request.arguments.type = tools::message_type::work_offer;
  ASSERT_TRUE(texts(ask(inbox_, request)).empty()); // fetched, and left unread
  restart();
  EXPECT_EQ(last_told(), 1U);
  EXPECT_EQ(texts(ask(inbox_, read())), strings{"one"});
  EXPECT_EQ(elapsed(), 0ms) << "not after the ack wait";
}

TEST_F(inbox_faults, mail_in_an_answer_comes_again_after_a_crash) {
  store("one");
  const auto request = read();
  ASSERT_EQ(texts(ask(inbox_, request)), strings{"one"});
  restart();
  was_shown(request.call); // to an incarnation that knows nothing of it
  EXPECT_EQ(read_and_show(), strings{"one"});
  EXPECT_EQ(nats_.messages(), 0U);
}

TEST_F(inbox_faults, mail_that_was_read_does_not_come_again_after_a_crash) {
  store("one");
  ASSERT_EQ(read_and_show(), strings{"one"});
  restart();
  EXPECT_TRUE(texts(ask(inbox_, read())).empty());
}

TEST_F(inbox_faults, a_crash_answers_those_who_wait) {
  const auto reading = post(inbox_, read(10, 60'000ms));
  const auto waiting = post(inbox_, wait(60'000ms));
  run();
  restart();
  EXPECT_EQ(reading.value().error().code, ec::crashed);
  EXPECT_EQ(waiting.value().error().code, ec::crashed);
}

TEST_F(inbox_faults, mail_delivered_to_a_process_that_is_gone_comes_at_once) {
  store("one");
  store("two");
  identity_is("");
  nats_.deliver_to_nobody();
  identity_is(me);
  EXPECT_EQ(last_told(), 2U);
  EXPECT_EQ(texts(ask(inbox_, read())), (strings{"one", "two"}));
}

TEST_F(inbox_faults, a_delivery_lost_on_the_way_is_noticed_by_an_empty_read) {
  store("one");
  nats_.deliver_to_nobody();
  EXPECT_EQ(texts(ask(inbox_, read())), strings{"one"});
}

TEST_F(inbox_faults, a_delivery_lost_on_the_way_costs_nothing_of_what_is_in_an_answer) {
  store("one");
  const auto first = read();
  ASSERT_EQ(texts(ask(inbox_, first)), strings{"one"});
  store("two");
  nats_.deliver_to_nobody();
  const auto second = read();
  EXPECT_EQ(texts(ask(inbox_, second)), strings{"two"});
  was_shown(first.call);
  was_shown(second.call);
  EXPECT_EQ(nats_.messages(), 0U);
  EXPECT_EQ(last_told(), 0U);
}

TEST_F(inbox_faults, an_acknowledgement_is_sent_until_it_is_heard) {
  store("one");
  script_->on_settle = [](const auto&) -> result<jetstream::settled> {
    return fail(ec::timeout, "no answer");
  };
  ASSERT_EQ(read_and_show(), strings{"one"});
  EXPECT_EQ(nats_.messages(), 1U);
  EXPECT_EQ(last_told(), 0U) << "it is read all the same";
  EXPECT_TRUE(texts(ask(inbox_, read())).empty());
  script_->on_settle = [this](const auto& what) { return nats_.settle(what); };
  advance(limits::mail_acknowledge_again);
  EXPECT_EQ(nats_.messages(), 0U);
}

TEST_F(inbox_faults, an_acknowledgement_is_not_sent_again_to_a_server_that_counts_anew) {
  store("one");
  store("two");
  script_->on_settle = [](const auto&) -> result<jetstream::settled> {
    return fail(ec::timeout, "no answer");
  };
  ASSERT_EQ(read_and_show(), (strings{"one", "two"}));
  nats_.count_anew();
  store("three"); // the first message now, as "one" was
  script_->on_settle = [this](const auto& what) { return nats_.settle(what); };
  advance(limits::mail_acknowledge_again);
  EXPECT_EQ(nats_.messages(), 1U);
  EXPECT_EQ(read_and_show(), strings{"three"});
  EXPECT_EQ(nats_.messages(), 0U);
}

TEST_F(inbox_faults, mail_held_when_a_server_counts_anew_does_not_pass_for_another_message) {
  store("one");
  store("two");
  store("three");
  const auto reading = read();
  ASSERT_EQ(texts(ask(inbox_, reading)), (strings{"one", "two", "three"}));
  nats_.count_anew();
  connected_anew();
  store("four"); // the first message now, as "one" was
  store("five");
  was_shown(reading.call);
  EXPECT_EQ(nats_.messages(), 2U);
  EXPECT_EQ(read_and_show(), (strings{"four", "five"}));
  EXPECT_EQ(nats_.messages(), 0U);
}

TEST_F(inbox_faults, what_was_read_is_acknowledged_after_the_consumer_was_looked_at) {
  store("one");
  const auto reading = read();
  ASSERT_EQ(texts(ask(inbox_, reading)), strings{"one"});
  script_->on_api_request = [](const auto&) -> result<jetstream::api_reply> {
    return fail(ec::timeout, "no answer");
  };
  connected_anew();
  was_shown(reading.call);
  advance(limits::mail_acknowledge_again);
  ASSERT_TRUE(script_->settled.empty()) << "it may be another message by now";
  script_->on_api_request = [this](const auto& what) { return nats_.api(what); };
  advance(limits::mail_acknowledge_again + limits::mail_count_interval);
  EXPECT_EQ(nats_.messages(), 0U);
}

TEST_F(inbox_faults, what_was_read_while_there_is_no_connection_waits_for_the_next_one) {
  store("one");
  const auto reading = read();
  ASSERT_EQ(texts(ask(inbox_, reading)), strings{"one"});
  tell(inbox_, jetstream::connection_event{jetstream::connection_state::connected, 1, {}});
  tell(inbox_, jetstream::connection_event{jetstream::connection_state::disconnected, 1, {}});
  script_->on_api_request = [](const auto&) -> result<jetstream::api_reply> {
    return fail(ec::nats_unreachable, "NATS is away.");
  };
  was_shown(reading.call);
  EXPECT_TRUE(script_->settled.empty());
  script_->on_api_request = [this](const auto& what) { return nats_.api(what); };
  tell(inbox_, jetstream::connection_event{jetstream::connection_state::connected, 2, {}});
  EXPECT_EQ(nats_.messages(), 0U);
}

TEST_F(inbox_faults, a_late_answer_about_one_delivery_says_nothing_of_another) {
  store("one");
  std::optional<jetstream::settle> unanswered;
  script_->on_settle = [&](const auto& what) -> result<jetstream::settled> {
    unanswered = what;
    return fail(ec::timeout, "no answer");
  };
  ASSERT_EQ(read_and_show(), strings{"one"});
  ASSERT_TRUE(unanswered);
  nats_.ack_wait_is_over(); // delivered again, and to be acknowledged again
  script_->on_settle = [this](const auto& what) { return nats_.settle(what); };
  EXPECT_TRUE(texts(ask(inbox_, read())).empty());
  EXPECT_EQ(nats_.messages(), 0U);
}

TEST_F(inbox_faults, a_delivery_lost_behind_an_acknowledgement_whose_answer_was_lost_is_noticed) {
  store("one");
  script_->on_settle = [this](const auto& what) -> result<jetstream::settled> {
    (void)nats_.settle(what);
    return fail(ec::timeout, "no answer");
  };
  ASSERT_EQ(read_and_show(), strings{"one"});
  ASSERT_EQ(nats_.messages(), 0U) << "NATS has taken note of it; only its answer is missing";
  store("two");
  nats_.deliver_to_nobody();
  EXPECT_EQ(texts(ask(inbox_, read())), strings{"two"});
}

TEST_F(inbox_faults, a_redelivery_of_what_was_read_is_acknowledged_and_not_shown) {
  store("one");
  ASSERT_EQ(read_and_show(), strings{"one"});
  nats_.undo_settlement(1);
  EXPECT_TRUE(texts(ask(inbox_, read())).empty());
  EXPECT_EQ(nats_.messages(), 0U);
}

TEST_F(inbox_faults, mail_held_too_long_is_settled_by_its_newest_delivery) {
  store("one");
  const auto request = read();
  ASSERT_EQ(texts(ask(inbox_, request)), strings{"one"});
  nats_.ack_wait_is_over();
  EXPECT_TRUE(texts(ask(inbox_, read())).empty()) << "it is in an answer";
  was_shown(request.call);
  EXPECT_EQ(script_->settled.back().ack_subject, "1.2");
  EXPECT_EQ(nats_.messages(), 0U);
}

TEST_F(inbox_faults, a_deleted_consumer_is_made_again) {
  nats_.delete_consumer();
  store("one");
  EXPECT_EQ(read_and_show(), strings{"one"});
  EXPECT_TRUE(nats_.has_consumer());
}

TEST_F(inbox_faults, a_deleted_stream_is_made_again) {
  nats_.delete_stream();
  const auto got = ask(inbox_, read());
  ASSERT_TRUE(got) << got.error().message;
  store("one");
  EXPECT_EQ(read_and_show(), strings{"one"});
}

TEST_F(inbox_faults, a_read_without_nats_says_why) {
  const error away{ec::nats_unreachable, "NATS connection failed.", 0};
  script_->on_pull = [&](const auto&) { return tl::make_unexpected(away); };
  script_->on_api_request = [&](const auto&) { return tl::make_unexpected(away); };
  const auto got = ask(inbox_, read());
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error(), away);
}

TEST_F(inbox_faults, what_is_held_is_shown_without_nats) {
  store("one");
  auto look = read();
  look.peek = true;
  ASSERT_EQ(texts(ask(inbox_, look)), strings{"one"});
  const error away{ec::nats_unreachable, "NATS connection failed.", 0};
  script_->on_pull = [&](const auto&) { return tl::make_unexpected(away); };
  script_->on_api_request = [&](const auto&) { return tl::make_unexpected(away); };
  EXPECT_EQ(texts(ask(inbox_, read())), strings{"one"});
}

TEST_F(inbox_faults, hints_for_an_incarnation_that_is_gone_are_ended) {
  const auto old = script_->subscriptions.back();
  restart();
  tell(inbox_, jetstream::core_message{old.id, old.subject, "{}"});
  EXPECT_EQ(script_->unsubscribed, std::vector<jetstream::subscription_id>{old.id});
}

} // namespace
} // namespace nats_mcp::testing
