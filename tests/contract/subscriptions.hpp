// SPDX-License-Identifier: MIT
// The contract about subscriptions, watches and the connection's state. Part of
// gateway_contract.hpp.
#pragma once

#include "tests/contract/gateway_contract.hpp"

namespace nats_mcp::testing {

TYPED_TEST_P(gateway_contract, a_subscriber_hears_what_is_published) {
  this->make_stream("WORK");
  auto heard = std::make_shared<hearing>();
  ASSERT_TRUE(this->subscribe(this->world_.listen(heard), 5, "WORK.*"));
  ASSERT_TRUE(this->publish("WORK.a", "one"));
  ASSERT_TRUE(this->world_.until(5s, [&] { return heard->messages().size() == 1; }));
  const auto message = heard->messages()[0];
  EXPECT_EQ(message.id, jetstream::subscription_id{5});
  EXPECT_EQ(message.subject, "WORK.a");
  EXPECT_EQ(message.payload, "one");
}

TYPED_TEST_P(gateway_contract, a_queue_group_hears_each_message_once) {
  this->make_stream("WORK");
  auto heard = std::make_shared<hearing>();
  const auto listener = this->world_.listen(heard);
  ASSERT_TRUE(this->subscribe(listener, 1, "WORK.*", "wake"));
  ASSERT_TRUE(this->subscribe(listener, 2, "WORK.*", "wake"));
  ASSERT_TRUE(this->subscribe(listener, 3, "WORK.end"));
  for (int i = 0; i < 10; ++i) {
    ASSERT_TRUE(this->publish("WORK.a", std::to_string(i)));
  }
  ASSERT_TRUE(this->publish("WORK.end", ""));
  ASSERT_TRUE(this->world_.until(5s, [&] { return heard->messages().size() == 12; }));
}

TYPED_TEST_P(gateway_contract, an_ended_subscription_is_silent) {
  this->make_stream("WORK");
  auto heard = std::make_shared<hearing>();
  const auto listener = this->world_.listen(heard);
  ASSERT_TRUE(this->subscribe(listener, 1, "WORK.*"));
  ASSERT_TRUE(this->subscribe(listener, 2, "WORK.*"));
  caf::anon_send(this->world_.gateway(), unsubscribe{jetstream::subscription_id{1}});
  ASSERT_TRUE(this->publish("WORK.a", "one"));
  ASSERT_TRUE(this->world_.until(5s, [&] { return !heard->messages().empty(); }));
  ASSERT_TRUE(this->publish("WORK.a", "two"));
  ASSERT_TRUE(this->world_.until(5s, [&] { return heard->messages().size() >= 2; }));
  for (const auto& message : heard->messages()) {
    EXPECT_EQ(message.id, jetstream::subscription_id{2});
  }
}

TYPED_TEST_P(gateway_contract, a_watch_tells_newest_values_then_changes) {
  this->make_bucket("things");
  for (const auto* value : {"1", "2", "3"}) {
    ASSERT_TRUE(this->put("a", value));
    ASSERT_TRUE(this->put("b", value));
  }
  auto heard = std::make_shared<hearing>();
  ASSERT_TRUE(this->watch(this->world_.listen(heard)));
  ASSERT_TRUE(this->world_.until(
    5s, [&] { return heard->heard(jetstream::kv_watch_state::initial_values_done); }));
  EXPECT_EQ(heard->changes().size(), 2U);
  EXPECT_EQ(heard->newest("a"), "3");
  EXPECT_EQ(heard->newest("b"), "3");
  ASSERT_TRUE(this->put("a", "4"));
  ASSERT_TRUE(this->world_.until(5s, [&] { return heard->newest("a") == "4"; }));
}

TYPED_TEST_P(gateway_contract, a_watch_over_an_empty_bucket_is_done_at_once) {
  this->make_bucket("things");
  auto heard = std::make_shared<hearing>();
  ASSERT_TRUE(this->watch(this->world_.listen(heard)));
  ASSERT_TRUE(this->world_.until(
    5s, [&] { return heard->heard(jetstream::kv_watch_state::initial_values_done); }));
  ASSERT_TRUE(this->put("a", "1"));
  ASSERT_TRUE(this->world_.until(5s, [&] { return heard->newest("a") == "1"; }));
}

TYPED_TEST_P(gateway_contract, a_watch_sees_only_its_filter) {
  this->make_bucket("things");
  auto heard = std::make_shared<hearing>();
  ASSERT_TRUE(this->watch(this->world_.listen(heard), 1, "public.>"));
  ASSERT_TRUE(this->put("private.a", "no"));
  ASSERT_TRUE(this->put("public.a", "yes"));
  ASSERT_TRUE(this->world_.until(5s, [&] { return heard->newest("public.a") == "yes"; }));
  EXPECT_EQ(heard->changes().size(), 1U);
}

TYPED_TEST_P(gateway_contract, a_watch_of_an_absent_bucket_fails) {
  auto heard = std::make_shared<hearing>();
  const auto outcome = this->watch(this->world_.listen(heard));
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, ec::not_found);
}

TYPED_TEST_P(gateway_contract, a_watch_sees_deletions) {
  this->make_bucket("things");
  ASSERT_TRUE(this->put("a", "1"));
  auto heard = std::make_shared<hearing>();
  ASSERT_TRUE(this->watch(this->world_.listen(heard)));
  ASSERT_TRUE(
    this->world_.ask(jetstream::kv_delete{"things", "a", {}, this->world_.in(this->patience)}));
  ASSERT_TRUE(this->world_.until(5s, [&] { return heard->changes().size() == 2; }));
  EXPECT_EQ(heard->changes()[1].entry.operation, jetstream::kv_operation::deleted);
}

TYPED_TEST_P(gateway_contract, an_observer_hears_of_the_connection) {
  auto heard = std::make_shared<hearing>();
  const auto listener = this->world_.listen(heard);
  caf::anon_send(this->world_.gateway(), observe_connection{listener});
  ASSERT_TRUE(
    this->world_.until(5s, [&] { return heard->heard(jetstream::connection_state::idle); }));
  this->make_stream("WORK");
  ASSERT_TRUE(
    this->world_.until(5s, [&] { return heard->heard(jetstream::connection_state::connected); }));
  this->world_.kill_server();
  ASSERT_TRUE(this->world_.until(
    5s, [&] { return heard->heard(jetstream::connection_state::disconnected); }));
}

TYPED_TEST_P(gateway_contract, a_ping_measures_the_round_trip) {
  const auto status = this->world_.ask(ping_server{this->world_.in(this->patience)});
  ASSERT_TRUE(status) << status.error().message;
  EXPECT_EQ(status->state, jetstream::connection_state::connected);
  ASSERT_TRUE(status->round_trip);
  EXPECT_GT(status->round_trip->count(), 0);
  EXPECT_EQ(status->reconnects, 0U);
  EXPECT_GT(status->max_payload_bytes, 0U);
}

} // namespace nats_mcp::testing
