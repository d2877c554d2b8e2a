// SPDX-License-Identifier: MIT
// The contract about core subscriptions, queue groups and the state of the connection.
#include "tests/contract/gateway_contract.hpp"

#include <algorithm>

namespace nats_mcp::testing {
namespace {

template <class World>
class subscriptions : public gateway_contract<World> {
protected:
  /// How many messages one subscription has heard.
  static std::size_t count(const hearing& heard, std::uint64_t id) {
    const auto all = heard.messages();
    return static_cast<std::size_t>(std::count_if(all.begin(), all.end(), [&](const auto& one) {
      return one.id == jetstream::subscription_id{id};
    }));
  }
};
TYPED_TEST_SUITE(subscriptions, worlds, world_name);

TYPED_TEST(subscriptions, a_subscriber_hears_what_is_published) {
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

TYPED_TEST(subscriptions, a_queue_group_hears_each_message_once) {
  this->make_stream("WORK");
  auto heard = std::make_shared<hearing>();
  const auto listener = this->world_.listen(heard);
  ASSERT_TRUE(this->subscribe(listener, 1, "WORK.*", "wake"));
  ASSERT_TRUE(this->subscribe(listener, 2, "WORK.*", "wake"));
  ASSERT_TRUE(this->subscribe(listener, 3, "WORK.*", "other"));
  ASSERT_TRUE(this->subscribe(listener, 4, "WORK.*"));
  ASSERT_TRUE(this->subscribe(listener, 5, "WORK.end"));
  const strings texts{"1", "2", "3", "4", "5", "6", "7", "8", "9"};
  this->store(texts);
  this->store({"end"}, "WORK.end");
  // Everything on this connection that came before the end is there when the end is.
  ASSERT_TRUE(this->world_.until(5s, [&] { return this->count(*heard, 5) == 1; }));
  this->store({"end"}, "WORK.end");
  ASSERT_TRUE(this->world_.until(5s, [&] { return this->count(*heard, 5) == 2; }));
  EXPECT_GE(this->count(*heard, 1) + this->count(*heard, 2), 10U);
  EXPECT_LE(this->count(*heard, 1) + this->count(*heard, 2), 11U);
  EXPECT_GE(this->count(*heard, 3), 10U);
  EXPECT_GE(this->count(*heard, 4), 10U) << "no member of a group";
}

TYPED_TEST(subscriptions, an_ended_subscription_is_silent) {
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

TYPED_TEST(subscriptions, an_observer_hears_of_the_connection) {
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

TYPED_TEST(subscriptions, a_ping_measures_the_round_trip) {
  const auto status = this->world_.ask(ping_server{this->world_.in(this->patience)});
  ASSERT_TRUE(status) << status.error().message;
  EXPECT_EQ(status->state, jetstream::connection_state::connected);
  ASSERT_TRUE(status->round_trip);
  EXPECT_GT(status->round_trip->count(), 0);
  EXPECT_EQ(status->reconnects, 0U);
  EXPECT_GT(status->max_payload_bytes, 0U);
}

} // namespace
} // namespace nats_mcp::testing
