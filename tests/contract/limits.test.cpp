// SPDX-License-Identifier: MIT
// The contract about what a stream keeps, drops and refuses.
#include "tests/contract/gateway_contract.hpp"

namespace nats_mcp::testing {
namespace {

template <class World>
class stream_limits : public gateway_contract<World> {
protected:
  void expect_full(const std::string& subject, const std::string& payload = "more") {
    const auto outcome = this->publish(subject, payload);
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().code, ec::limit_exceeded);
    EXPECT_EQ(outcome.error().jetstream_code, 10077);
  }
};
TYPED_TEST_SUITE(stream_limits, worlds, world_name);

TYPED_TEST(stream_limits, discard_old_drops_the_oldest_message) {
  this->make_stream("WORK", {{"max_msgs", 2}, {"discard", "old"}});
  this->store({"one", "two", "three"});
  const auto now = this->state("WORK");
  EXPECT_EQ(at(now, "/messages"), 2);
  EXPECT_EQ(at(now, "/first_seq"), 2);
  EXPECT_EQ(at(now, "/last_seq"), 3);
}

TYPED_TEST(stream_limits, discard_new_refuses_and_keeps_what_is_there) {
  this->make_stream("WORK", {{"max_msgs", 1}, {"discard", "new"}});
  this->store({"one"});
  this->expect_full("WORK.a");
  const auto now = this->state("WORK");
  EXPECT_EQ(at(now, "/first_seq"), 1);
  EXPECT_EQ(at(now, "/last_seq"), 1) << "a refused message takes no sequence";
}

TYPED_TEST(stream_limits, a_subject_keeps_its_newest_messages) {
  this->make_stream("WORK", {{"max_msgs_per_subject", 2}});
  this->store({"a1", "a2", "a3"}, "WORK.a");
  this->store({"b1"}, "WORK.b");
  EXPECT_EQ(at(this->state("WORK"), "/first_seq"), 2);
  EXPECT_EQ(this->messages_in("WORK"), 3U);
}

TYPED_TEST(stream_limits, a_full_subject_refuses_and_others_go_on) {
  this->make_stream(
    "WORK", {{"max_msgs_per_subject", 1}, {"discard", "new"}, {"discard_new_per_subject", true}});
  this->store({"one"}, "WORK.a");
  this->expect_full("WORK.a");
  this->store({"one"}, "WORK.b");
  EXPECT_EQ(this->messages_in("WORK"), 2U);
}

TYPED_TEST(stream_limits, discard_new_lets_a_subject_replace_its_own_message) {
  // What a bucket does with every put.
  this->make_stream("WORK", {{"max_msgs", 1}, {"max_msgs_per_subject", 1}, {"discard", "new"}});
  this->store({"one", "two"}, "WORK.a");
  this->expect_full("WORK.b");
  EXPECT_EQ(at(this->state("WORK"), "/first_seq"), 2);
}

TYPED_TEST(stream_limits, discard_old_drops_by_bytes) {
  this->make_stream("WORK", {{"max_bytes", 1'000}});
  this->store(strings(5, std::string(300, 'x')));
  EXPECT_EQ(at(this->state("WORK"), "/first_seq"), 4);
  EXPECT_LE(at(this->state("WORK"), "/bytes").template get<int>(), 1'000);
}

TYPED_TEST(stream_limits, discard_new_refuses_by_bytes) {
  this->make_stream("WORK", {{"max_bytes", 1'000}, {"discard", "new"}});
  this->store(strings(2, std::string(300, 'x')));
  this->expect_full("WORK.a", std::string(400, 'x'));
  EXPECT_EQ(this->messages_in("WORK"), 2U);
}

TYPED_TEST(stream_limits, discard_new_by_bytes_can_drop_an_accepted_message) {
  // The overhead of a record counts against the bound, but not when a message is admitted: one of
  // 10 bytes is let in where 46 are needed, and 92 of the 110 are taken.
  this->make_stream("WORK", {{"max_bytes", 110}, {"discard", "new"}});
  const std::string ten(10, 'x');
  this->store({ten, ten});
  const auto third = this->publish("WORK.a", ten);
  if (this->is(from_2_10)) {
    EXPECT_FALSE(third);
    EXPECT_EQ(at(this->state("WORK"), "/first_seq"), 1);
  } else {
    ASSERT_TRUE(third) << third.error().message;
    EXPECT_EQ(at(this->state("WORK"), "/first_seq"), 2) << "accepted, acknowledged, and gone";
  }
}

TYPED_TEST(stream_limits, a_message_that_is_too_large_is_refused) {
  this->make_stream("WORK", {{"max_msg_size", 5}});
  this->store({"12345"});
  const auto outcome = this->publish("WORK.a", "123456");
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, ec::limit_exceeded);
  EXPECT_EQ(outcome.error().jetstream_code, 10054);
}

TYPED_TEST(stream_limits, messages_go_when_they_are_too_old) {
  constexpr auto age = 200ms;
  this->make_stream("WORK", {{"max_age", ns(age)}, {"duplicate_window", ns(age)}});
  const auto began = this->world_.now();
  this->store({"one"});
  ASSERT_TRUE(this->world_.until(5s, [&] { return this->messages_in("WORK") == 0; }));
  EXPECT_GE(this->world_.now() - began, age);
  EXPECT_EQ(at(this->state("WORK"), "/last_seq"), 1);
  EXPECT_FALSE(this->newest("WORK", "WORK.a"));
}

TYPED_TEST(stream_limits, a_work_queue_loses_what_is_acknowledged) {
  this->make_stream("WORK", {{"retention", "workqueue"}});
  this->make_consumer("reader");
  this->store({"one", "two"});
  ASSERT_TRUE(this->settle(this->next("reader"), jetstream::ack_kind::ack));
  ASSERT_TRUE(this->world_.until(5s, [&] { return at(this->state("WORK"), "/first_seq") == 2; }));
  EXPECT_EQ(this->messages_in("WORK"), 1U);
}

TYPED_TEST(stream_limits, a_stream_with_limits_keeps_what_is_acknowledged) {
  this->make_stream("WORK");
  this->make_consumer("reader");
  this->store({"one"});
  ASSERT_TRUE(this->settle(this->next("reader"), jetstream::ack_kind::ack));
  EXPECT_EQ(this->messages_in("WORK"), 1U);
}

TYPED_TEST(stream_limits, lowered_limits_drop_at_once) {
  this->make_stream("WORK");
  this->store({"one", "two", "three"});
  ASSERT_TRUE(this->api("STREAM.UPDATE.WORK", this->stream_config("WORK", {{"max_msgs", 1}})));
  EXPECT_EQ(at(this->state("WORK"), "/first_seq"), 3);
  EXPECT_EQ(this->messages_in("WORK"), 1U);
}

} // namespace
} // namespace nats_mcp::testing
