// SPDX-License-Identifier: MIT
// The contract about what inboxes are built on: a work queue whose reader may be deleted and made
// again without losing a message, and lanes that refuse what they have no room for.
#include "protocol/jetstream/durable_consumer.hpp"
#include "protocol/jetstream/reply_codec.hpp"
#include "protocol/jetstream/stream_config.hpp"
#include "protocol/messaging/direct_message_codec.hpp"
#include "protocol/messaging/mail_source.hpp"

#include "tests/contract/gateway_contract.hpp"

namespace nats_mcp::testing {
namespace {

constexpr auto me = "11111111-1111-4111-8111-111111111111";
constexpr auto ann = "22222222-2222-4222-8222-222222222222";
constexpr auto bob = "33333333-3333-4333-8333-333333333333";

template <class World>
class inboxes : public gateway_contract<World> {
protected:
  void make_inbox(const jetstream::stream_config& wanted = messaging::inbox_stream(1)) {
    const auto made =
      this->world_.ask(jetstream::create_stream_request(wanted, this->world_.in(this->patience)));
    ASSERT_TRUE(made) << made.error().message;
    const auto info = jetstream::parse_stream_info(made->body);
    ASSERT_TRUE(info) << info.error().message;
    auto known = info->config;
    known.other = wanted.other;
    EXPECT_EQ(known, wanted) << "the server took it as it is meant";
  }

  jetstream::consumer_state make_reader() {
    return state_in(this->world_.ask(jetstream::create_consumer_request(
      messaging::inbox_reader(me), this->world_.in(this->patience))));
  }

  jetstream::consumer_state reader() {
    return state_in(this->world_.ask(
      jetstream::consumer_info_request(messaging::inbox_stream_name, messaging::inbox_consumer(me),
                                       this->world_.in(this->patience))));
  }

  void delete_reader() {
    ASSERT_TRUE(this->world_.ask(jetstream::delete_consumer_request(
      messaging::inbox_stream_name, messaging::inbox_consumer(me),
      this->world_.in(this->patience))));
  }

  std::vector<jetstream::delivery> fetch(std::uint32_t batch) {
    const auto pulled = this->world_.ask(jetstream::pull{std::string{messaging::inbox_stream_name},
                                                         messaging::inbox_consumer(me), batch, 0ms,
                                                         0, this->world_.in(this->patience)});
    return pulled ? pulled->deliveries : std::vector<jetstream::delivery>{};
  }

  void send(const strings& texts, const char* from = ann) {
    this->store(texts, messaging::inbox_subject(me, from));
  }

  std::uint64_t stored() { return this->messages_in(std::string{messaging::inbox_stream_name}); }

private:
  static jetstream::consumer_state state_in(const result<jetstream::api_reply>& reply) {
    if (!reply) {
      ADD_FAILURE() << reply.error().message;
      return {};
    }
    return jetstream::parse_consumer_state(reply->body).value_or(jetstream::consumer_state{});
  }
};
TYPED_TEST_SUITE(inboxes, worlds, world_name);

TYPED_TEST(inboxes, a_reader_deleted_and_made_again_is_handed_everything_unacknowledged_at_once) {
  this->make_inbox();
  (void)this->make_reader();
  this->send({"read", "delivered", "not delivered"});
  const auto first = this->fetch(2);
  ASSERT_EQ(payloads(first), (strings{"read", "delivered"}));
  ASSERT_TRUE(this->settle(first[0], jetstream::ack_kind::ack));
  EXPECT_EQ(this->reader().ack_pending, 1U);
  this->delete_reader();
  EXPECT_EQ(this->stored(), 2U);
  const auto anew = this->make_reader();
  EXPECT_EQ(anew.pending, 2U);
  EXPECT_EQ(anew.ack_pending, 0U);
  const auto again = this->fetch(9);
  ASSERT_EQ(payloads(again), (strings{"delivered", "not delivered"}));
  EXPECT_EQ(again[0].stream_sequence, first[1].stream_sequence);
  EXPECT_EQ(again[0].stored_at, first[1].stored_at) << "what tells it from another message";
}

TYPED_TEST(inboxes, an_acknowledgement_to_the_reader_before_settles_the_delivery_of_the_new_one) {
  this->make_inbox();
  (void)this->make_reader();
  this->send({"one"});
  const auto before = this->fetch(1);
  ASSERT_EQ(before.size(), 1U);
  this->delete_reader();
  (void)this->make_reader();
  ASSERT_EQ(this->fetch(1).size(), 1U);
  ASSERT_TRUE(this->settle(before[0], jetstream::ack_kind::ack));
  EXPECT_TRUE(this->world_.until(10s, [&] { return this->stored() == 0; }));
}

TYPED_TEST(inboxes, a_deleted_reader_is_said_not_to_exist) {
  this->make_inbox();
  (void)this->make_reader();
  this->delete_reader();
  EXPECT_EQ(this->refusal(std::string{"CONSUMER.INFO.AGENT_INBOX.inbox-"} + me),
            jetstream::no_such_consumer);
}

TYPED_TEST(inboxes, a_full_lane_refuses_and_loses_nothing) {
  auto small = messaging::inbox_stream(1);
  small.max_messages_per_subject = 2;
  this->make_inbox(small);
  (void)this->make_reader();
  this->send({"one", "two"});
  const auto refused = this->publish(messaging::inbox_subject(me, ann), "three");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ec::limit_exceeded);
  EXPECT_EQ(refused.error().jetstream_code, 10077);
  EXPECT_TRUE(jetstream::is_subject_full(refused.error())) << refused.error().message;
  this->send({"of another"}, bob);
  const auto all = this->fetch(9);
  EXPECT_EQ(payloads(all), (strings{"one", "two", "of another"}));
  ASSERT_TRUE(this->settle(all[0], jetstream::ack_kind::ack));
  this->send({"three"});
}

TYPED_TEST(inboxes, a_stream_without_room_is_no_full_lane) {
  auto small = messaging::inbox_stream(1);
  small.max_bytes = 1024;
  this->make_inbox(small);
  const auto refused = this->publish(messaging::inbox_subject(me, ann), std::string(2048, 'x'));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ec::limit_exceeded);
  EXPECT_FALSE(jetstream::is_subject_full(refused.error())) << refused.error().message;
}

} // namespace
} // namespace nats_mcp::testing
