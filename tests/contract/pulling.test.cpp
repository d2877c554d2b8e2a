// SPDX-License-Identifier: MIT
// The contract about asking a consumer for messages: batches, waiting, ends, and silence.
#include "tests/contract/gateway_contract.hpp"

#include <algorithm>

namespace nats_mcp::testing {
namespace {

template <class World>
class pulling : public gateway_contract<World> {
protected:
  void SetUp() override { this->make_stream("WORK"); }

  /// How many pulls wait at a consumer, by its own account.
  json::value waiting_at(const std::string& consumer) {
    const auto info = this->api("CONSUMER.INFO.WORK." + consumer);
    return info ? at(*info, "/num_waiting") : json::value{};
  }
};
TYPED_TEST_SUITE(pulling, worlds, world_name);

TYPED_TEST(pulling, returns_a_full_batch_in_order) {
  this->make_consumer("reader");
  this->store({"one", "two", "three"});
  const auto pulled = this->pull("reader", 2);
  ASSERT_TRUE(pulled);
  EXPECT_EQ(pulled->end, jetstream::pull_end::batch_full);
  ASSERT_EQ(payloads(pulled->deliveries), (strings{"one", "two"}));
  EXPECT_EQ(pulled->deliveries[0].subject, "WORK.a");
  EXPECT_EQ(pulled->deliveries[1].stream_sequence, 2U);
  EXPECT_EQ(pulled->deliveries[1].consumer_sequence, 2U);
  EXPECT_EQ(pulled->deliveries[1].pending, 1U);
  EXPECT_EQ(pulled->deliveries[1].delivery_count, 1U);
}

TYPED_TEST(pulling, without_waiting_says_at_once_that_nothing_is_there) {
  this->make_consumer("reader");
  const auto pulled = this->pull("reader", 2);
  ASSERT_TRUE(pulled);
  EXPECT_TRUE(pulled->deliveries.empty());
  EXPECT_EQ(pulled->end, jetstream::pull_end::no_messages);
}

TYPED_TEST(pulling, without_waiting_takes_what_is_there) {
  this->make_consumer("reader");
  this->store({"one", "two"});
  const auto pulled = this->pull("reader", 5);
  ASSERT_TRUE(pulled);
  EXPECT_EQ(payloads(pulled->deliveries), (strings{"one", "two"}));
  // 408, as if it had waited; 2.15.1 says 404 here too.
  EXPECT_EQ(pulled->end,
            this->is(after_2_10) ? jetstream::pull_end::no_messages : jetstream::pull_end::expired);
}

TYPED_TEST(pulling, waits_for_messages) {
  this->make_consumer("reader");
  const auto waiting =
    this->post(jetstream::pull{"WORK", "reader", 1, 8'000ms, 0, this->world_.in(this->patience)});
  this->store({"late"});
  ASSERT_TRUE(this->world_.until(8s, [&] { return waiting.answered(); }));
  const auto pulled = waiting.value();
  ASSERT_TRUE(pulled) << pulled.error().message;
  EXPECT_EQ(payloads(pulled->deliveries), strings{"late"});
}

TYPED_TEST(pulling, ends_when_its_time_is_over) {
  this->make_consumer("reader");
  this->store({"one"});
  const auto began = this->world_.now();
  const auto pulled = this->pull("reader", 5, 100ms);
  ASSERT_TRUE(pulled);
  EXPECT_EQ(payloads(pulled->deliveries), strings{"one"});
  EXPECT_EQ(pulled->end, jetstream::pull_end::expired);
  EXPECT_GE(this->world_.now() - began, 100ms);
}

TYPED_TEST(pulling, stops_at_its_bytes) {
  this->make_consumer("reader");
  this->store(strings(3, std::string(400, 'x')));
  const auto pulled = this->world_.ask(
    jetstream::pull{"WORK", "reader", 3, 5'000ms, 1'000, this->world_.in(this->patience)});
  ASSERT_TRUE(pulled) << pulled.error().message;
  EXPECT_EQ(pulled->deliveries.size(), 2U);
  EXPECT_EQ(pulled->end, jetstream::pull_end::bytes_full);
  EXPECT_EQ(this->pull_now("reader", 3).size(), 1U) << "the third is still to come";
}

TYPED_TEST(pulling, shares_messages_between_those_who_wait) {
  this->make_consumer("reader");
  const jetstream::pull one{"WORK", "reader", 5, 5'000ms, 0, this->world_.in(this->patience)};
  const auto first = this->post(one);
  const auto second = this->post(one);
  strings texts;
  for (int number = 0; number < 10; ++number) {
    texts.push_back(std::to_string(number));
  }
  this->store(texts);
  ASSERT_TRUE(this->world_.until(20s, [&] { return first.answered() && second.answered(); }));
  strings all;
  for (const auto& pulled : {first.value(), second.value()}) {
    ASSERT_TRUE(pulled) << pulled.error().message;
    const auto got = payloads(pulled->deliveries);
    EXPECT_TRUE(std::is_sorted(got.begin(), got.end()));
    all.insert(all.end(), got.begin(), got.end());
  }
  std::sort(all.begin(), all.end());
  EXPECT_EQ(all, texts);
}

TYPED_TEST(pulling, is_not_answered_on_a_blocked_lane) {
  this->make_consumer("reader", {{"max_ack_pending", 1}});
  this->store({"one", "two"});
  const auto held = this->next("reader");
  const auto silent = this->pull("reader", 1, 0ms, 300ms);
  ASSERT_TRUE(silent) << silent.error().message;
  EXPECT_TRUE(silent->deliveries.empty());
  EXPECT_EQ(silent->end, jetstream::pull_end::silence);
  // The silent pull goes on at the server until that learns that nobody listens any more; a message
  // that is free before would go to nobody.
  ASSERT_TRUE(this->world_.until(5s, [&] { return this->waiting_at("reader") == 0; }));
  ASSERT_TRUE(this->settle(held, jetstream::ack_kind::ack));
  EXPECT_EQ(this->next("reader").payload, "two");
}

TYPED_TEST(pulling, hands_back_what_comes_after_its_answer) {
  this->make_consumer("reader", {{"max_ack_pending", 1}});
  this->store({"one", "two"});
  const auto held = this->next("reader");
  jetstream::pull brief{"WORK", "reader", 1, 0ms, 0, this->world_.in(300ms)};
  brief.late_handed_back_for = 8'000ms;
  const auto silent = this->world_.ask(brief);
  ASSERT_TRUE(silent) << silent.error().message;
  ASSERT_EQ(silent->end, jetstream::pull_end::silence);
  // The server waits for its chance to serve the silent pull, and takes it before any other's.
  EXPECT_EQ(this->waiting_at("reader"), 1);
  ASSERT_TRUE(this->settle(held, jetstream::ack_kind::ack));
  const auto second = this->next("reader");
  EXPECT_EQ(second.payload, "two");
  EXPECT_EQ(second.delivery_count, 2U) << "the first went to the silent pull, and came back";
}

TYPED_TEST(pulling, from_an_absent_consumer_is_not_answered) {
  const auto pulled = this->pull("nobody", 1, 0ms, 300ms);
  ASSERT_TRUE(pulled);
  EXPECT_TRUE(pulled->deliveries.empty());
  EXPECT_EQ(pulled->end, this->is(from_2_10) ? jetstream::pull_end::no_responders
                                             : jetstream::pull_end::silence);
}

TYPED_TEST(pulling, ends_when_the_consumer_is_deleted) {
  this->make_consumer("reader");
  const auto waiting =
    this->post(jetstream::pull{"WORK", "reader", 1, 8'000ms, 0, this->world_.in(this->patience)});
  ASSERT_TRUE(this->world_.until(5s, [&] { return this->waiting_at("reader") == 1; }));
  ASSERT_TRUE(this->api("CONSUMER.DELETE.WORK.reader"));
  ASSERT_TRUE(this->world_.until(5s, [&] { return waiting.answered(); }));
  ASSERT_TRUE(waiting.value());
  EXPECT_EQ(waiting.value()->end, jetstream::pull_end::consumer_gone);
}

TYPED_TEST(pulling, tells_how_many_are_still_to_come) {
  this->make_consumer("reader", {{"filter_subject", "WORK.a"}});
  this->store({"a1", "a2", "a3"}, "WORK.a");
  this->store({"b1"}, "WORK.b");
  EXPECT_EQ(this->next("reader").pending, 2U) << "of its own subjects only";
}

} // namespace
} // namespace nats_mcp::testing
