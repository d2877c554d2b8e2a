// SPDX-License-Identifier: MIT
// The contract about streams: publishing, reading, pulling, settling. Part of gateway_contract.hpp.
#pragma once

#include "tests/contract/gateway_contract.hpp"

namespace nats_mcp::testing {

TYPED_TEST_P(gateway_contract, a_publish_is_answered_with_its_position) {
  this->make_stream("WORK");
  const auto first = this->publish("WORK.a", "one");
  const auto second = this->publish("WORK.a", "two");
  ASSERT_TRUE(first && second) << first.error().message;
  EXPECT_EQ(first->stream, "WORK");
  EXPECT_EQ(first->sequence, 1U);
  EXPECT_EQ(second->sequence, 2U);
  EXPECT_FALSE(second->duplicate);
}

TYPED_TEST_P(gateway_contract, a_message_id_is_stored_once) {
  this->make_stream("WORK");
  ASSERT_TRUE(this->publish("WORK.a", "one", "same"));
  const auto again = this->publish("WORK.a", "one", "same");
  ASSERT_TRUE(again);
  EXPECT_TRUE(again->duplicate);
  EXPECT_EQ(again->sequence, 1U);
  EXPECT_EQ(this->messages_in("WORK"), 1U);
}

TYPED_TEST_P(gateway_contract, a_publish_without_a_stream_says_so) {
  const auto outcome = this->publish("nowhere.at.all", "one");
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, ec::not_found);
  EXPECT_EQ(outcome.error().message,
            "No stream stores the message for \"nowhere.at.all\", so nothing was stored.");
}

TYPED_TEST_P(gateway_contract, a_wrong_expected_sequence_is_a_conflict) {
  this->make_stream("WORK");
  ASSERT_TRUE(this->publish("WORK.a", "one"));
  const auto outcome =
    this->world_.ask(jetstream::publish{"WORK.a", "two", {}, 0U, this->world_.in(this->patience)});
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, ec::conflict);
  EXPECT_EQ(outcome.error().jetstream_code, 10071);
}

TYPED_TEST_P(gateway_contract, a_full_stream_is_a_limit) {
  this->make_stream("WORK", R"(,"max_msgs":1,"discard":"new")");
  ASSERT_TRUE(this->publish("WORK.a", "one"));
  const auto outcome = this->publish("WORK.a", "two");
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, ec::limit_exceeded);
}

TYPED_TEST_P(gateway_contract, an_api_error_keeps_its_number) {
  const auto outcome = this->world_.ask(jetstream::api_request{
    "STREAM.INFO.NONE", {}, jetstream::repeatable::yes, this->world_.in(this->patience)});
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, ec::not_found);
  EXPECT_EQ(outcome.error().jetstream_code, 10059);
}

TYPED_TEST_P(gateway_contract, the_newest_message_of_a_subject_is_found) {
  this->make_stream("WORK");
  ASSERT_TRUE(this->publish("WORK.a", "one", "first"));
  ASSERT_TRUE(this->publish("WORK.a", "two", "second"));
  const auto found =
    this->world_.ask(jetstream::get_last{"WORK", "WORK.a", this->world_.in(this->patience)});
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_EQ(found->payload, "two");
  EXPECT_EQ(found->sequence, 2U);
  EXPECT_GT(found->stored_at.time_since_epoch().count(), 0);
  EXPECT_EQ(found->headers, (jetstream::headers{{"Nats-Msg-Id", "second"}}));
}

TYPED_TEST_P(gateway_contract, the_newest_message_of_an_empty_subject_is_not_found) {
  this->make_stream("WORK");
  const auto found =
    this->world_.ask(jetstream::get_last{"WORK", "WORK.b", this->world_.in(this->patience)});
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code, ec::not_found);
}

TYPED_TEST_P(gateway_contract, a_pull_returns_a_full_batch_in_order) {
  this->make_stream("WORK");
  this->make_consumer("WORK", "reader");
  for (const auto* text : {"one", "two", "three"}) {
    ASSERT_TRUE(this->publish("WORK.a", text));
  }
  const auto pulled = this->pull("reader", 2);
  ASSERT_TRUE(pulled);
  EXPECT_EQ(pulled->end, jetstream::pull_end::batch_full);
  ASSERT_EQ(pulled->deliveries.size(), 2U);
  EXPECT_EQ(pulled->deliveries[0].payload, "one");
  EXPECT_EQ(pulled->deliveries[0].subject, "WORK.a");
  EXPECT_EQ(pulled->deliveries[1].stream_sequence, 2U);
  EXPECT_EQ(pulled->deliveries[1].pending, 1U);
  EXPECT_EQ(pulled->deliveries[1].delivery_count, 1U);
}

TYPED_TEST_P(gateway_contract, an_empty_consumer_says_so_at_once) {
  this->make_stream("WORK");
  this->make_consumer("WORK", "reader");
  const auto pulled = this->pull("reader", 2);
  ASSERT_TRUE(pulled);
  EXPECT_TRUE(pulled->deliveries.empty());
  EXPECT_EQ(pulled->end, jetstream::pull_end::no_messages);
}

TYPED_TEST_P(gateway_contract, a_pull_waits_for_messages) {
  this->make_stream("WORK");
  this->make_consumer("WORK", "reader");
  const auto waiting =
    this->post(jetstream::pull{"WORK", "reader", 1, 8000ms, 0, this->world_.in(this->patience)});
  ASSERT_TRUE(this->publish("WORK.a", "late"));
  ASSERT_TRUE(this->world_.until(8s, [&] { return waiting.answered(); }));
  const auto pulled = waiting.value();
  ASSERT_TRUE(pulled && pulled->deliveries.size() == 1);
  EXPECT_EQ(pulled->deliveries[0].payload, "late");
}

TYPED_TEST_P(gateway_contract, a_pull_that_expires_says_so) {
  this->make_stream("WORK");
  this->make_consumer("WORK", "reader");
  const auto pulled = this->pull("reader", 5, 50ms);
  ASSERT_TRUE(pulled);
  EXPECT_EQ(pulled->end, jetstream::pull_end::expired);
}

TYPED_TEST_P(gateway_contract, a_pull_without_a_consumer_ends_empty) {
  this->make_stream("WORK");
  const auto pulled = this->pull("nobody", 1, 0ms, 300ms);
  ASSERT_TRUE(pulled);
  EXPECT_TRUE(pulled->deliveries.empty());
  // nats-server 2.9 says nothing at all.
  EXPECT_TRUE(pulled->end == jetstream::pull_end::no_responders
              || pulled->end == jetstream::pull_end::silence);
}

TYPED_TEST_P(gateway_contract, an_acknowledged_message_is_gone) {
  this->make_stream("WORK", R"(,"retention":"workqueue")");
  this->make_consumer("WORK", "reader");
  ASSERT_TRUE(this->publish("WORK.a", "one"));
  const auto pulled = this->pull("reader", 1);
  ASSERT_TRUE(pulled && pulled->deliveries.size() == 1);
  ASSERT_TRUE(this->settle(pulled->deliveries[0], jetstream::ack_kind::ack));
  EXPECT_EQ(this->messages_in("WORK"), 0U);
}

TYPED_TEST_P(gateway_contract, a_nak_puts_the_message_back_after_its_delay) {
  this->make_stream("WORK");
  this->make_consumer("WORK", "reader");
  ASSERT_TRUE(this->publish("WORK.a", "one"));
  const auto pulled = this->pull("reader", 1);
  ASSERT_TRUE(pulled && pulled->deliveries.size() == 1);
  ASSERT_TRUE(this->settle(pulled->deliveries[0], jetstream::ack_kind::nak, 200ms));
  const auto early = this->pull("reader", 1);
  ASSERT_TRUE(early);
  EXPECT_TRUE(early->deliveries.empty());
  const auto again = this->pull("reader", 1, 5000ms);
  ASSERT_TRUE(again && again->deliveries.size() == 1);
  EXPECT_EQ(again->deliveries[0].delivery_count, 2U);
}

TYPED_TEST_P(gateway_contract, a_terminated_message_never_comes_again) {
  this->make_stream("WORK");
  this->make_consumer("WORK", "reader");
  ASSERT_TRUE(this->publish("WORK.a", "one"));
  const auto pulled = this->pull("reader", 1);
  ASSERT_TRUE(pulled && pulled->deliveries.size() == 1);
  ASSERT_TRUE(this->settle(pulled->deliveries[0], jetstream::ack_kind::in_progress));
  ASSERT_TRUE(this->settle(pulled->deliveries[0], jetstream::ack_kind::term));
  const auto again = this->pull("reader", 1);
  ASSERT_TRUE(again);
  EXPECT_TRUE(again->deliveries.empty());
}

TYPED_TEST_P(gateway_contract, pulls_on_one_consumer_share_its_messages) {
  this->make_stream("WORK");
  this->make_consumer("WORK", "reader");
  const jetstream::pull one{"WORK", "reader", 5, 1000ms, 0, this->world_.in(this->patience)};
  const auto first = this->post(one);
  const auto second = this->post(one);
  for (int i = 0; i < 10; ++i) {
    ASSERT_TRUE(this->publish("WORK.a", std::to_string(i)));
  }
  ASSERT_TRUE(this->world_.until(20s, [&] { return first.answered() && second.answered(); }));
  std::vector<std::uint64_t> sequences;
  for (const auto& pulled : {first.value(), second.value()}) {
    ASSERT_TRUE(pulled) << pulled.error().message;
    for (const auto& delivery : pulled->deliveries) {
      sequences.push_back(delivery.stream_sequence);
    }
  }
  std::sort(sequences.begin(), sequences.end());
  EXPECT_EQ(sequences, (std::vector<std::uint64_t>{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}));
}

} // namespace nats_mcp::testing
