// SPDX-License-Identifier: MIT
// The contract about storing messages: positions, message ids, expected sequences, time stamps.
#include "tests/contract/gateway_contract.hpp"

namespace nats_mcp::testing {
namespace {

template <class World>
class publishing : public gateway_contract<World> {};
TYPED_TEST_SUITE(publishing, worlds, world_name);

TYPED_TEST(publishing, is_answered_with_the_messages_position) {
  this->make_stream("WORK");
  const auto first = this->publish("WORK.a", "one");
  const auto second = this->publish("WORK.a", "two");
  ASSERT_TRUE(first && second) << first.error().message;
  EXPECT_EQ(first->stream, "WORK");
  EXPECT_EQ(first->sequence, 1U);
  EXPECT_EQ(second->sequence, 2U);
  EXPECT_FALSE(second->duplicate);
}

TYPED_TEST(publishing, without_a_stream_says_so) {
  const auto outcome = this->publish("nowhere.at.all", "one");
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, ec::not_found);
  EXPECT_EQ(outcome.error().message,
            "No stream stores the message for \"nowhere.at.all\", so nothing was stored.");
}

TYPED_TEST(publishing, stores_a_message_id_once_in_the_whole_stream) {
  this->make_stream("WORK");
  ASSERT_TRUE(this->publish("WORK.a", "one", "same"));
  for (const auto* subject : {"WORK.a", "WORK.b"}) {
    const auto again = this->publish(subject, "two", "same");
    ASSERT_TRUE(again);
    EXPECT_TRUE(again->duplicate);
    EXPECT_EQ(again->sequence, 1U);
  }
  EXPECT_EQ(this->messages_in("WORK"), 1U);
}

TYPED_TEST(publishing, frees_a_message_id_after_the_duplicate_window) {
  constexpr auto window = 200ms;
  this->make_stream("WORK", {{"duplicate_window", ns(window)}});
  const auto began = this->world_.now();
  ASSERT_TRUE(this->publish("WORK.a", "one", "same"));
  // A repetition does not prolong the window, or this would never end.
  ASSERT_TRUE(this->world_.until(5s, [&] {
    const auto again = this->publish("WORK.a", "two", "same");
    return again && !again->duplicate;
  }));
  EXPECT_GE(this->world_.now() - began, window);
  EXPECT_EQ(this->messages_in("WORK"), 2U);
}

TYPED_TEST(publishing, remembers_the_id_of_a_deleted_message) {
  this->make_stream("WORK");
  ASSERT_TRUE(this->publish("WORK.a", "one", "same"));
  ASSERT_TRUE(this->api("STREAM.MSG.DELETE.WORK", {{"seq", 1}}));
  const auto again = this->publish("WORK.a", "one", "same");
  ASSERT_TRUE(again);
  EXPECT_TRUE(again->duplicate);
  EXPECT_EQ(this->messages_in("WORK"), 0U);
}

TYPED_TEST(publishing, does_not_remember_the_id_of_a_refused_message) {
  this->make_stream("WORK");
  ASSERT_TRUE(this->publish("WORK.a", "one"));
  ASSERT_FALSE(this->publish("WORK.a", "two", "same", 0U));
  const auto again = this->publish("WORK.a", "two", "same", 1U);
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_FALSE(again->duplicate);
}

TYPED_TEST(publishing, holds_an_expected_sequence_against_the_subjects_newest_message) {
  this->make_stream("WORK");
  ASSERT_TRUE(this->publish("WORK.a", "one", {}, 0U));
  ASSERT_TRUE(this->publish("WORK.b", "other"));
  EXPECT_TRUE(this->publish("WORK.a", "two", {}, 1U));
  for (const std::uint64_t wrong : {0U, 1U, 2U, 4U}) {
    const auto outcome = this->publish("WORK.a", "three", {}, wrong);
    ASSERT_FALSE(outcome) << wrong;
    EXPECT_EQ(outcome.error().code, ec::conflict);
    EXPECT_EQ(outcome.error().jetstream_code, 10071);
  }
}

TYPED_TEST(publishing, expects_nothing_of_a_subject_whose_messages_were_deleted) {
  this->make_stream("WORK");
  ASSERT_TRUE(this->publish("WORK.a", "one"));
  ASSERT_TRUE(this->api("STREAM.MSG.DELETE.WORK", {{"seq", 1}}));
  EXPECT_FALSE(this->publish("WORK.a", "two", {}, 1U));
  EXPECT_TRUE(this->publish("WORK.a", "two", {}, 0U));
}

TYPED_TEST(publishing, stamps_messages_with_the_servers_time) {
  this->make_stream("WORK");
  this->make_consumer("reader");
  ASSERT_TRUE(this->publish("WORK.a", "one"));
  const auto first = this->next("reader");
  constexpr auto pause = 30ms;
  ASSERT_FALSE(this->world_.until(pause, [] { return false; }));
  ASSERT_TRUE(this->publish("WORK.a", "two"));
  const auto second = this->next("reader");
  EXPECT_GT(first.stored_at.time_since_epoch().count(), 0);
  EXPECT_GE(second.stored_at - first.stored_at, pause);
  const auto found = this->newest("WORK", "WORK.a");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->stored_at, second.stored_at) << "every reader sees the same time";
}

/// The model of a server that looks at the expected sequence first.
class newer_sim_world : public sim_world {
public:
  static constexpr const char* name = "simulated_newer";

  newer_sim_world()
    : sim_world{{.order = simulation::check_order::expected_sequence_first}} {
    // nop
  }
  [[nodiscard]] server_version version() const { return after_2_10; }
};

template <class World>
class check_order : public gateway_contract<World> {};
using worlds_of_both_orders = ::testing::Types<real_world, sim_world, newer_sim_world>;
TYPED_TEST_SUITE(check_order, worlds_of_both_orders, world_name);

TYPED_TEST(check_order, of_id_and_expected_sequence_is_the_versions) {
  this->make_stream("WORK");
  ASSERT_TRUE(this->publish("WORK.a", "one", "same", 0U));
  const auto again = this->publish("WORK.a", "one", "same", 0U);
  if (this->is(after_2_10)) {
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error().jetstream_code, 10071);
  } else {
    ASSERT_TRUE(again) << again.error().message;
    EXPECT_TRUE(again->duplicate);
  }
  EXPECT_EQ(this->messages_in("WORK"), 1U);
}

} // namespace
} // namespace nats_mcp::testing
