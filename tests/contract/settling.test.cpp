// SPDX-License-Identifier: MIT
// The contract about what becomes of a delivery: acknowledged, lost, refused, prolonged, given up.
#include "tests/contract/gateway_contract.hpp"

namespace nats_mcp::testing {
namespace {

using jetstream::ack_kind;

template <class World>
class settling : public gateway_contract<World> {
protected:
  void SetUp() override { this->make_stream("WORK", {{"retention", "workqueue"}}); }
};
TYPED_TEST_SUITE(settling, worlds, world_name);

TYPED_TEST(settling, a_lost_delivery_comes_again_after_the_ack_wait) {
  constexpr auto ack_wait = 200ms;
  this->make_consumer("reader", {{"ack_wait", ns(ack_wait)}});
  this->store({"one"});
  const auto began = this->world_.now();
  EXPECT_EQ(this->next("reader").delivery_count, 1U);
  for (std::uint64_t count = 2; count <= 3; ++count) {
    const auto again = this->next("reader");
    EXPECT_EQ(again.payload, "one");
    EXPECT_EQ(again.delivery_count, count);
    EXPECT_EQ(again.consumer_sequence, count);
    EXPECT_EQ(again.stream_sequence, 1U);
    EXPECT_GE(this->world_.now() - began, ack_wait * (count - 1));
  }
}

TYPED_TEST(settling, a_lost_delivery_comes_before_new_messages) {
  this->make_consumer("reader", {{"ack_wait", ns(100ms)}});
  this->store({"one", "two"});
  EXPECT_EQ(this->next("reader").payload, "one");
  ASSERT_TRUE(this->world_.until(5s, [&] {
    // It is lost once somebody who waits would get it; the second goes back at once.
    const auto pulled = this->pull("reader", 1);
    return pulled && !pulled->deliveries.empty() && pulled->deliveries[0].payload == "one";
  }));
}

TYPED_TEST(settling, an_acknowledged_delivery_never_comes_again) {
  this->make_consumer("reader", {{"ack_wait", ns(100ms)}});
  this->store({"one", "two"});
  const auto first = this->next("reader");
  EXPECT_EQ(this->next("reader").payload, "two");
  ASSERT_TRUE(this->settle(first, ack_kind::ack));
  // Both were lost at the same time, if both were.
  EXPECT_EQ(this->next("reader").payload, "two");
  EXPECT_EQ(this->next("reader").payload, "two");
}

TYPED_TEST(settling, a_terminated_delivery_never_comes_again) {
  this->make_consumer("reader", {{"ack_wait", ns(100ms)}});
  this->store({"one", "two"});
  const auto first = this->next("reader");
  EXPECT_EQ(this->next("reader").payload, "two");
  ASSERT_TRUE(this->settle(first, ack_kind::term));
  EXPECT_EQ(this->next("reader").payload, "two");
  EXPECT_EQ(this->next("reader").payload, "two");
  ASSERT_TRUE(this->world_.until(5s, [&] { return this->messages_in("WORK") == 1; }))
    << "a work queue loses it";
}

TYPED_TEST(settling, a_refused_delivery_comes_again_at_once) {
  this->make_consumer("reader");
  this->store({"one", "two"});
  ASSERT_TRUE(this->settle(this->next("reader"), ack_kind::nak));
  const auto again = this->next("reader");
  EXPECT_EQ(again.payload, "one");
  EXPECT_EQ(again.delivery_count, 2U);
  EXPECT_EQ(this->next("reader").payload, "two");
}

TYPED_TEST(settling, a_refused_delivery_stays_away_for_its_delay) {
  constexpr auto delay = 200ms;
  this->make_consumer("reader");
  this->store({"one"});
  const auto first = this->next("reader");
  const auto refused = this->world_.now();
  ASSERT_TRUE(this->settle(first, ack_kind::nak, delay));
  EXPECT_EQ(this->next("reader").delivery_count, 2U) << "long before the ack wait of 30 s";
  EXPECT_GE(this->world_.now() - refused, delay);
}

TYPED_TEST(settling, a_refused_delivery_stays_away_longer_than_the_ack_wait) {
  constexpr auto delay = 600ms;
  this->make_consumer("reader", {{"ack_wait", ns(100ms)}});
  this->store({"one"});
  const auto first = this->next("reader");
  const auto refused = this->world_.now();
  ASSERT_TRUE(this->settle(first, ack_kind::nak, delay));
  EXPECT_EQ(this->next("reader").delivery_count, 2U);
  EXPECT_GE(this->world_.now() - refused, delay);
}

TYPED_TEST(settling, a_delivery_in_progress_is_not_lost) {
  constexpr auto ack_wait = 400ms;
  this->make_consumer("reader", {{"ack_wait", ns(ack_wait)}});
  this->store({"one"});
  const auto first = this->next("reader");
  auto told = this->world_.now();
  ASSERT_FALSE(this->world_.until(ack_wait / 2, [&] {
    told = this->world_.now();
    return !this->settle(first, ack_kind::in_progress);
  }));
  EXPECT_EQ(this->next("reader").delivery_count, 2U);
  EXPECT_GE(this->world_.now() - told, ack_wait);
}

TYPED_TEST(settling, a_late_acknowledgement_takes_the_message_from_its_new_holder) {
  this->make_consumer("reader", {{"ack_wait", ns(200ms)}});
  this->store({"one"});
  const auto lost = this->next("reader");
  EXPECT_EQ(this->next("reader").delivery_count, 2U);
  ASSERT_TRUE(this->settle(lost, ack_kind::ack));
  ASSERT_TRUE(this->world_.until(5s, [&] { return this->messages_in("WORK") == 0; }));
  const auto nothing = this->pull("reader", 1, 500ms);
  ASSERT_TRUE(nothing);
  EXPECT_TRUE(nothing->deliveries.empty());
}

TYPED_TEST(settling, a_late_nak_hands_the_message_to_a_third) {
  this->make_consumer("reader");
  this->store({"one"});
  const auto first = this->next("reader");
  ASSERT_TRUE(this->settle(first, ack_kind::nak));
  EXPECT_EQ(this->next("reader").delivery_count, 2U);
  ASSERT_TRUE(this->settle(first, ack_kind::nak));
  EXPECT_EQ(this->next("reader").delivery_count, 3U) << "while the second holder still has it";
}

TYPED_TEST(settling, a_late_in_progress_prolongs_the_new_holders_delivery) {
  constexpr auto ack_wait = 400ms;
  this->make_consumer("reader", {{"ack_wait", ns(ack_wait)}});
  this->store({"one"});
  const auto lost = this->next("reader");
  EXPECT_EQ(this->next("reader").delivery_count, 2U);
  auto told = this->world_.now();
  ASSERT_FALSE(this->world_.until(ack_wait / 2, [&] {
    told = this->world_.now();
    return !this->settle(lost, ack_kind::in_progress);
  }));
  EXPECT_EQ(this->next("reader").delivery_count, 3U);
  EXPECT_GE(this->world_.now() - told, ack_wait);
}

TYPED_TEST(settling, an_acknowledgement_removes_even_a_message_never_delivered) {
  this->make_consumer("reader");
  this->store({"one", "two"});
  auto named = this->next("reader");
  // The second message's sequences in the first one's name.
  const auto at = named.ack_subject.find(".1.1.1.");
  ASSERT_NE(at, std::string::npos) << named.ack_subject;
  named.ack_subject.replace(at, 7, ".1.2.2.");
  const auto outcome = this->world_.ask(jetstream::settle{
    named.ack_subject, ack_kind::ack, 0ms, jetstream::confirmation::wait, this->world_.in(500ms)});
  if (this->is(from_2_10)) {
    EXPECT_FALSE(outcome) << "not even answered";
    EXPECT_EQ(this->pull_now("reader", 2), strings{"two"});
  } else {
    ASSERT_TRUE(outcome) << outcome.error().message;
    ASSERT_TRUE(this->world_.until(5s, [&] { return this->messages_in("WORK") == 1; }));
    EXPECT_EQ(this->pull_now("reader", 2), strings{});
  }
}

TYPED_TEST(settling, an_acknowledgement_is_answered_though_the_message_is_gone) {
  this->make_consumer("reader");
  this->store({"one"});
  const auto first = this->next("reader");
  ASSERT_TRUE(this->api("STREAM.MSG.DELETE.WORK", {{"seq", 1}}));
  EXPECT_TRUE(this->settle(first, ack_kind::ack));
  EXPECT_TRUE(this->settle(first, ack_kind::in_progress));
  EXPECT_TRUE(this->settle(first, ack_kind::ack)) << "and again";
}

TYPED_TEST(settling, an_acknowledgement_to_an_absent_consumer_has_no_responders) {
  this->make_consumer("reader");
  this->store({"one"});
  const auto first = this->next("reader");
  ASSERT_TRUE(this->api("CONSUMER.DELETE.WORK.reader"));
  const auto outcome = this->settle(first, ack_kind::ack);
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, ec::not_found) << outcome.error().message;
  EXPECT_EQ(this->messages_in("WORK"), 1U);
}

TYPED_TEST(settling, a_message_is_delivered_as_often_as_allowed) {
  this->make_consumer("reader", {{"ack_wait", ns(100ms)}, {"max_deliver", 2}});
  this->store({"one"});
  EXPECT_EQ(this->next("reader").delivery_count, 1U);
  EXPECT_EQ(this->next("reader").delivery_count, 2U);
  const auto third = this->pull("reader", 1, 300ms, 700ms);
  ASSERT_TRUE(third);
  EXPECT_TRUE(third->deliveries.empty());
  EXPECT_EQ(this->messages_in("WORK"), 1U) << "it stays in the stream";
}

} // namespace
} // namespace nats_mcp::testing
