// SPDX-License-Identifier: MIT
// Pull consumers of the model. Every expectation was seen on nats-server 2.9.10.
#include "tests/unit/simulation/client.hpp"

namespace nats_mcp::simulation::consumer_test {
namespace {

using strings = std::vector<std::string>;

class sim_consumer : public modelled_server {
protected:
  /// A work queue with one consumer whose ack wait is 300 ms.
  void work_queue(json::value config) {
    (void)create_stream({{"name", "W"}, {"subjects", {"w.*"}}, {"retention", "workqueue"}});
    if (!config.contains("ack_wait")) {
      config["ack_wait"] = 300'000'000;
    }
    ASSERT_EQ(error_of(create_durable("W", "c", std::move(config))), 0);
  }
  std::optional<jetstream::incoming> settle(const jetstream::incoming& delivery,
                                            const std::string& payload) {
    return request(delivery.reply, payload);
  }
  json::value information() { return api("CONSUMER.INFO.W.c"); }
};

TEST_F(sim_consumer, says_at_once_that_nothing_is_there) {
  work_queue({});
  EXPECT_EQ(texts(pull_now("W", "c")), strings{"<404>"});
}

TEST_F(sim_consumer, ends_a_pull_that_does_not_wait_when_it_got_something) {
  work_queue({});
  (void)store("w.1", "a");
  (void)store("w.1", "b");
  EXPECT_EQ(texts(pull_now("W", "c", 2)), (strings{"a", "b"}));
  (void)store("w.1", "c");
  const auto partly = pull_now("W", "c", 5);
  EXPECT_EQ(texts(partly), (strings{"c", "<408>"}));
  EXPECT_EQ(jetstream::header(partly.back().headers, "Nats-Pending-Messages"), "4");
}

TEST_F(sim_consumer, names_a_delivery_in_its_acknowledgement_subject) {
  work_queue({});
  (void)store("w.1", "a");
  (void)store("w.1", "b");
  const auto got = pull_now("W", "c");
  EXPECT_EQ(got.at(0).subject, "w.1");
  EXPECT_EQ(got.at(0).reply, "$JS.ACK.W.c.1.1.1.1800000000000000000.1");
}

TEST_F(sim_consumer, waits_for_messages_until_the_pull_expires) {
  work_queue({});
  const auto waiting = pull("W", "c", {{"batch", 2}, {"expires", 500'000'000}});
  pass(400ms);
  (void)store("w.1", "late");
  EXPECT_EQ(texts(take(waiting)), strings{"late"});
  pass(100ms);
  EXPECT_EQ(texts(take(waiting)), strings{"<408>"});
}

TEST_F(sim_consumer, serves_waiting_pulls_in_turn) {
  work_queue({});
  const auto one = pull("W", "c", {{"batch", 2}, {"expires", 900'000'000}});
  const auto two = pull("W", "c", {{"batch", 2}, {"expires", 900'000'000}});
  for (const auto* payload : {"a", "b", "c"}) {
    (void)store("w.1", payload);
  }
  EXPECT_EQ(texts(take(one)), (strings{"a", "c"}));
  EXPECT_EQ(texts(take(two)), strings{"b"});
}

TEST_F(sim_consumer, forgets_a_pull_nobody_listens_to_any_more) {
  work_queue({});
  const auto gone = pull("W", "c", {{"batch", 1}, {"expires", 900'000'000}});
  nats.unsubscribe(me, gone, now);
  const auto there = pull("W", "c", {{"batch", 1}, {"expires", 900'000'000}});
  (void)store("w.1", "a");
  EXPECT_EQ(texts(take(there)), strings{"a"});
}

TEST_F(sim_consumer, stops_a_pull_at_its_bytes) {
  work_queue({});
  for (int count = 0; count < 4; ++count) {
    (void)store("w.1", std::string(50, 'x'));
  }
  // Subject, acknowledgement subject and payload count: 91 to 94 bytes each.
  const auto got = take(pull("W", "c", {{"batch", 10}, {"no_wait", true}, {"max_bytes", 200}}));
  ASSERT_EQ(got.size(), 3U);
  EXPECT_EQ(got.back().status, 409);
  EXPECT_EQ(jetstream::header(got.back().headers, "Description"), "Message Size Exceeds MaxBytes");
  EXPECT_EQ(jetstream::header(got.back().headers, "Nats-Pending-Messages"), "8");
}

TEST_F(sim_consumer, delivers_again_after_the_ack_wait_and_before_new_messages) {
  work_queue({});
  (void)store("w.1", "old");
  (void)pull_now("W", "c");
  (void)store("w.1", "new");
  pass(300ms);
  const auto again = pull_now("W", "c", 2);
  EXPECT_EQ(texts(again), (strings{"old", "new"}));
  EXPECT_EQ(again.at(0).reply.substr(0, 16), "$JS.ACK.W.c.2.1.");
}

TEST_F(sim_consumer, removes_a_message_when_it_is_acknowledged) {
  work_queue({});
  (void)store("w.1", "a");
  const auto got = pull_now("W", "c");
  ASSERT_TRUE(settle(got.at(0), "+ACK"));
  EXPECT_EQ(state("W")["messages"], 0);
  EXPECT_EQ(information()["num_ack_pending"], 0);
}

TEST_F(sim_consumer, removes_a_message_from_its_new_holder_on_a_late_acknowledgement) {
  work_queue({});
  (void)store("w.1", "a");
  const auto first = pull_now("W", "c");
  pass(300ms);
  ASSERT_EQ(texts(pull_now("W", "c")), strings{"a"});
  ASSERT_TRUE(settle(first.at(0), "+ACK"));
  EXPECT_EQ(state("W")["messages"], 0);
  pass(400ms);
  EXPECT_EQ(texts(pull_now("W", "c")), strings{"<404>"});
}

TEST_F(sim_consumer, removes_even_an_undelivered_message_on_an_acknowledgement) {
  work_queue({});
  (void)store("w.1", "a");
  ASSERT_TRUE(request("$JS.ACK.W.c.1.1.1.1.0", "+ACK"));
  EXPECT_EQ(state("W")["messages"], 0);
}

TEST_F(sim_consumer, answers_an_acknowledgement_of_a_message_that_is_gone) {
  work_queue({});
  (void)store("w.1", "a");
  const auto got = pull_now("W", "c");
  (void)api("STREAM.PURGE.W");
  const auto answer = settle(got.at(0), "+ACK");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 0);
}

TEST_F(sim_consumer, has_no_responders_for_an_acknowledgement_to_an_unknown_consumer) {
  work_queue({});
  const auto answer = request("$JS.ACK.W.nobody.1.1.1.1.0", "+ACK");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 503);
}

TEST_F(sim_consumer, delivers_again_at_once_after_a_nak) {
  work_queue({});
  (void)store("w.1", "a");
  ASSERT_TRUE(settle(pull_now("W", "c").at(0), "-NAK"));
  EXPECT_EQ(texts(pull_now("W", "c")), strings{"a"});
}

TEST_F(sim_consumer, keeps_a_message_away_for_the_delay_of_a_nak_however_long) {
  work_queue({});
  (void)store("w.1", "a");
  ASSERT_TRUE(settle(pull_now("W", "c").at(0), "-NAK {\"delay\": 700000000}"));
  pass(699ms);
  EXPECT_EQ(texts(pull_now("W", "c")), strings{"<404>"});
  pass(1ms);
  EXPECT_EQ(texts(pull_now("W", "c")), strings{"a"});
}

TEST_F(sim_consumer, hands_a_live_message_to_a_third_reader_on_a_late_nak) {
  work_queue({});
  (void)store("w.1", "a");
  const auto first = pull_now("W", "c");
  pass(300ms);
  ASSERT_EQ(texts(pull_now("W", "c")), strings{"a"});
  ASSERT_TRUE(settle(first.at(0), "-NAK"));
  EXPECT_EQ(texts(pull_now("W", "c")), strings{"a"});
}

TEST_F(sim_consumer, prolongs_the_new_holders_delivery_on_a_late_in_progress) {
  work_queue({});
  (void)store("w.1", "a");
  const auto first = pull_now("W", "c");
  pass(300ms);
  ASSERT_EQ(texts(pull_now("W", "c")), strings{"a"});
  pass(200ms);
  ASSERT_TRUE(settle(first.at(0), "+WPI"));
  pass(299ms);
  EXPECT_EQ(texts(pull_now("W", "c")), strings{"<404>"});
  pass(1ms);
  EXPECT_EQ(texts(pull_now("W", "c")), strings{"a"});
}

TEST_F(sim_consumer, does_not_save_a_lost_delivery_by_in_progress) {
  work_queue({});
  (void)store("w.1", "a");
  const auto first = pull_now("W", "c");
  pass(301ms);
  ASSERT_TRUE(settle(first.at(0), "+WPI"));
  EXPECT_EQ(texts(pull_now("W", "c")), strings{"a"});
}

TEST_F(sim_consumer, removes_a_terminated_message) {
  work_queue({});
  (void)store("w.1", "a");
  ASSERT_TRUE(settle(pull_now("W", "c").at(0), "+TERM"));
  EXPECT_EQ(state("W")["messages"], 0);
}

TEST_F(sim_consumer, leaves_a_pull_on_a_blocked_lane_without_any_answer) {
  work_queue({{"max_ack_pending", 1}});
  (void)store("w.1", "a");
  (void)store("w.1", "b");
  const auto held = pull_now("W", "c");
  ASSERT_EQ(texts(held), strings{"a"});
  const auto silent = pull("W", "c", {{"batch", 1}, {"no_wait", true}});
  pass(250ms);
  EXPECT_TRUE(take(silent).empty());
  ASSERT_TRUE(settle(held.at(0), "+ACK"));
  EXPECT_EQ(texts(take(silent)), strings{"b"});
}

TEST_F(sim_consumer, says_when_more_pulls_wait_than_there_are_messages) {
  work_queue({{"max_ack_pending", 1}});
  (void)store("w.1", "a");
  (void)store("w.1", "b");
  (void)pull_now("W", "c");
  EXPECT_TRUE(pull_now("W", "c").empty());
  EXPECT_TRUE(pull_now("W", "c").empty());
  EXPECT_EQ(texts(pull_now("W", "c")), strings{"<408>"});
}

TEST_F(sim_consumer, stops_delivering_after_max_deliver_and_keeps_the_message) {
  work_queue({{"max_deliver", 2}});
  (void)store("w.1", "a");
  (void)pull_now("W", "c");
  pass(300ms);
  EXPECT_EQ(texts(pull_now("W", "c")), strings{"a"});
  const auto third = pull("W", "c", {{"batch", 1}, {"expires", 400'000'000}});
  pass(399ms);
  EXPECT_TRUE(take(third).empty());
  EXPECT_EQ(state("W")["messages"], 1);
}

TEST_F(sim_consumer, is_silent_where_there_is_no_consumer) {
  work_queue({});
  const auto silent = pull("W", "nobody", {{"batch", 1}, {"expires", 100'000'000}});
  pass(1s);
  EXPECT_TRUE(take(silent).empty());
  EXPECT_EQ(error_of(api("CONSUMER.INFO.W.nobody")), 10014);
}

TEST_F(sim_consumer, ends_waiting_pulls_when_it_is_deleted) {
  work_queue({});
  const auto waiting = pull("W", "c", {{"batch", 1}, {"expires", 900'000'000}});
  (void)api("CONSUMER.DELETE.W.c");
  const auto end = take(waiting);
  ASSERT_EQ(end.size(), 1U);
  EXPECT_EQ(end.at(0).status, 409);
  EXPECT_EQ(jetstream::header(end.at(0).headers, "Description"), "Consumer Deleted");
}

TEST_F(sim_consumer, keeps_acknowledged_messages_of_a_stream_with_limits) {
  (void)create_stream({{"name", "L"}, {"subjects", {"l"}}});
  (void)create_durable("L", "c", json::value::object());
  (void)store("l", "a");
  ASSERT_TRUE(settle(pull_now("L", "c").at(0), "+ACK"));
  EXPECT_EQ(state("L")["messages"], 1);
}

} // namespace
} // namespace nats_mcp::simulation::consumer_test
