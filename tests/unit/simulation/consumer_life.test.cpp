// SPDX-License-Identifier: MIT
// How consumers of the model come, change and go. Every expectation was seen on nats-server 2.9.10.
#include "tests/unit/simulation/client.hpp"

namespace nats_mcp::simulation::consumer_life_test {
namespace {

using strings = std::vector<std::string>;

class sim_consumer_life : public modelled_server {
protected:
  void SetUp() override {
    (void)create_stream({{"name", "L"}, {"subjects", {"l.*"}}, {"allow_direct", true}});
    (void)create_stream({{"name", "W"}, {"subjects", {"w.*.*"}}, {"retention", "workqueue"}});
  }
};

TEST_F(sim_consumer_life, reads_one_subject_from_a_sequence_without_acknowledging) {
  for (const auto* subject : {"l.0", "l.1", "l.0", "l.1", "l.0"}) {
    (void)store(subject, subject);
  }
  const auto made = create_reader("L", "r", "l.0",
                                  {{"ack_policy", "none"},
                                   {"deliver_policy", "by_start_sequence"},
                                   {"opt_start_seq", 2},
                                   {"mem_storage", true}});
  EXPECT_EQ(made["num_pending"], 2);
  EXPECT_EQ(made["config"]["inactive_threshold"], 5'000'000'000);
  const auto got = pull_now("L", "r", 2);
  ASSERT_EQ(texts(got), (strings{"l.0", "l.0"}));
  EXPECT_EQ(got.at(1).reply.substr(0, 18), "$JS.ACK.L.r.1.5.2.");
}

TEST_F(sim_consumer_life, begins_with_the_newest_message_of_every_subject) {
  (void)store("l.0", "old");
  (void)store("l.1", "one");
  (void)store("l.0", "new");
  const auto made = create_reader("L", "r", "l.*",
                                  {{"ack_policy", "none"}, {"deliver_policy", "last_per_subject"}});
  EXPECT_EQ(made["num_pending"], 2);
  (void)store("l.0", "later");
  EXPECT_EQ(texts(pull_now("L", "r", 3)), (strings{"one", "new", "later"}));
}

TEST_F(sim_consumer_life, refuses_a_filter_other_than_the_one_in_the_subject) {
  const json::value body{{"stream_name", "L"},
                         {"config", {{"name", "r"}, {"filter_subject", "l.0"}}}};
  EXPECT_EQ(error_of(api("CONSUMER.CREATE.L.r.l.1", body)), 10131);
}

TEST_F(sim_consumer_life, refuses_overlapping_filters_on_a_work_queue) {
  EXPECT_EQ(error_of(create_durable("W", "a", {{"filter_subject", "w.1.*"}})), 0);
  EXPECT_EQ(error_of(create_durable("W", "b", {{"filter_subject", "w.1.2"}})), 10100);
  EXPECT_EQ(error_of(create_durable("W", "b", {{"filter_subject", "w.>"}})), 10100);
  EXPECT_EQ(error_of(create_durable("W", "b", json::value::object())), 10099);
  EXPECT_EQ(error_of(create_durable("W", "b", {{"filter_subject", "w.2.*"}})), 0);
  // Neither contains the other: let through, although both get w.1.2.
  EXPECT_EQ(error_of(create_durable("W", "c", {{"filter_subject", "w.*.2"}})), 0);
}

TEST_F(sim_consumer_life, demands_explicit_acknowledgement_and_everything_on_a_work_queue) {
  EXPECT_EQ(error_of(create_durable("W", "a", {{"ack_policy", "none"}})), 10084);
  EXPECT_EQ(error_of(create_durable("W", "a", {{"ack_policy", "all"}})), 10098);
  EXPECT_EQ(error_of(create_durable("W", "a", {{"deliver_policy", "new"}})), 10101);
}

TEST_F(sim_consumer_life, rewrites_an_existing_consumer_without_a_word) {
  (void)create_durable("W", "a", {{"filter_subject", "w.1.*"}, {"ack_wait", 1'000'000'000}});
  (void)create_durable("W", "b", {{"filter_subject", "w.2.*"}});
  const auto again = create_durable("W", "a", {{"filter_subject", "w.2.*"}});
  EXPECT_EQ(error_of(again), 0);
  EXPECT_EQ(again["config"]["filter_subject"], "w.2.*");
  EXPECT_EQ(again["config"]["ack_wait"], 30'000'000'000);
  EXPECT_EQ(
    error_of(create_durable("W", "a", {{"filter_subject", "w.1.*"}, {"deliver_policy", "last"}})),
    10012);
}

TEST_F(sim_consumer_life, gives_waiting_deliveries_the_rewritten_ack_wait) {
  (void)create_durable("W", "a", {{"ack_wait", 200'000'000}});
  (void)store("w.1.1", "a");
  (void)pull_now("W", "a");
  (void)create_durable("W", "a", {{"ack_wait", 2'000'000'000}});
  pass(1'999ms);
  EXPECT_EQ(texts(pull_now("W", "a")), strings{"<404>"});
  pass(1ms);
  EXPECT_EQ(texts(pull_now("W", "a")), strings{"a"});
}

TEST_F(sim_consumer_life, starts_over_when_a_durable_is_made_anew) {
  (void)create_durable("W", "a", json::value::object());
  (void)store("w.1.1", "a");
  ASSERT_EQ(texts(pull_now("W", "a")), strings{"a"});
  (void)api("CONSUMER.DELETE.W.a");
  (void)create_durable("W", "a", json::value::object());
  const auto got = pull_now("W", "a");
  ASSERT_EQ(texts(got), strings{"a"});
  EXPECT_EQ(got.at(0).reply.substr(0, 18), "$JS.ACK.W.a.1.1.1.");
}

TEST_F(sim_consumer_life, disappears_when_nobody_pulls_for_its_threshold) {
  (void)create_durable("L", "d", {{"inactive_threshold", 300'000'000}});
  pass(250ms);
  (void)pull_now("L", "d");
  pass(299ms);
  EXPECT_EQ(error_of(api("CONSUMER.INFO.L.d")), 0);
  pass(1ms);
  EXPECT_EQ(error_of(api("CONSUMER.INFO.L.d")), 10014);
}

TEST_F(sim_consumer_life, stays_while_a_pull_waits) {
  (void)create_durable("L", "d", {{"inactive_threshold", 300'000'000}});
  (void)pull("L", "d", {{"batch", 1}, {"expires", 1'000'000'000}});
  pass(999ms);
  EXPECT_EQ(error_of(api("CONSUMER.INFO.L.d")), 0);
  pass(301ms);
  EXPECT_EQ(error_of(api("CONSUMER.INFO.L.d")), 10014);
}

TEST_F(sim_consumer_life, survives_a_restart_only_on_disk) {
  (void)create_durable("W", "a", {{"ack_wait", 1'000'000'000}});
  (void)create_reader("L", "m", "l.0", {{"ack_policy", "none"}, {"mem_storage", true}});
  (void)store("w.1.1", "held");
  (void)store("w.1.1", "free");
  (void)pull_now("W", "a");
  const auto waiting = pull("L", "m", {{"batch", 1}, {"expires", 900'000'000}});
  nats.restart(now);
  collect();
  EXPECT_EQ(texts(take(waiting)), strings{"<409>"});
  nats.subscribe(me, inbox, "_INBOX.me.>", {}, now);
  EXPECT_EQ(error_of(api("CONSUMER.INFO.L.m")), 10014);
  EXPECT_EQ(texts(pull_now("W", "a", 1)), strings{"free"});
  pass(1s);
  const auto again = pull_now("W", "a", 1);
  ASSERT_EQ(texts(again), strings{"held"});
  EXPECT_EQ(again.at(0).reply.substr(0, 16), "$JS.ACK.W.a.2.1.");
}

TEST_F(sim_consumer_life, brings_back_what_was_acknowledged_just_before_a_kill) {
  (void)create_durable("W", "a", {{"ack_wait", 1'000'000'000}});
  (void)store("w.1.1", "done");
  ASSERT_TRUE(request(pull_now("W", "a").at(0).reply, "+ACK"));
  nats.kill(100ms, now);
  nats.subscribe(me, inbox, "_INBOX.me.>", {}, now);
  EXPECT_EQ(state("W")["messages"], 1);
  pass(1s);
  EXPECT_EQ(texts(pull_now("W", "a")), strings{"done"});
}

TEST_F(sim_consumer_life, pushes_what_is_there_and_then_every_change) {
  const std::uint64_t watch = 7;
  nats.subscribe(me, watch, "_WATCH.1", {}, now);
  (void)store("l.0", "old");
  (void)store("l.0", "new");
  const auto made = create_reader("L", "w", "l.*",
                                  {{"ack_policy", "none"},
                                   {"deliver_policy", "last_per_subject"},
                                   {"deliver_subject", "_WATCH.1"},
                                   {"idle_heartbeat", 200'000'000}});
  EXPECT_EQ(made["push_bound"], true);
  EXPECT_EQ(texts(take(watch)), strings{"new"});
  pass(100ms);
  (void)store("l.1", "change");
  EXPECT_EQ(texts(take(watch)), strings{"change"});
  pass(200ms);
  const auto beat = take(watch);
  ASSERT_EQ(texts(beat), strings{"<100>"});
  EXPECT_EQ(jetstream::header(beat.at(0).headers, "Nats-Last-Consumer"), "2");
  nats.unsubscribe(me, watch, now);
  pass(5s);
  EXPECT_EQ(error_of(api("CONSUMER.INFO.L.w")), 10014);
}

} // namespace
} // namespace nats_mcp::simulation::consumer_life_test
