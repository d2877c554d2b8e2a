// SPDX-License-Identifier: MIT
// Whether a queue message is still to be delivered, told from what the server says of its lane.
#include "protocol/work/lane_facts.hpp"

#include <gtest/gtest.h>

namespace nats_mcp::work::lane_facts_test {
namespace {

/// Of a queue that holds 11 to 20; the lane's consumer has settled all up to 12.
constexpr lane_facts busy{3, 11, 20, 12};

TEST(a_queue_message, that_may_still_be_delivered_is_not_gone) {
  EXPECT_FALSE(is_gone(13, busy));
  EXPECT_FALSE(is_gone(20, busy));
}

TEST(a_queue_message, that_was_settled_is_gone) { EXPECT_TRUE(is_gone(12, busy)); }

TEST(a_queue_message, before_the_first_is_gone) {
  EXPECT_TRUE(is_gone(10, lane_facts{3, 11, 20, 0}));
}

TEST(a_queue_message, of_a_stream_that_begins_anew_is_gone) { EXPECT_TRUE(is_gone(21, busy)); }

TEST(a_queue_message, of_an_empty_lane_is_gone) {
  EXPECT_TRUE(is_gone(15, lane_facts{0, 11, 20, 0}));
}

const lane where{"public", "c=2B=2B", 5};

TEST(a_lane, is_described_by_its_stream) {
  const auto facts = read_stream_facts(
    where,
    R"({"state":{"first_seq":2,"last_seq":9,"subjects":{"work.public.c=2B=2B.5":4,"work.public.c.5":1}}})");
  ASSERT_TRUE(facts);
  EXPECT_EQ(facts->messages, 4U);
  EXPECT_EQ(facts->first_sequence, 2U);
  EXPECT_EQ(facts->last_sequence, 9U);
}

TEST(a_lane, nobody_put_anything_into_is_empty) {
  const auto facts = read_stream_facts(where, R"({"state":{"first_seq":1,"last_seq":0}})");
  ASSERT_TRUE(facts);
  EXPECT_EQ(facts->messages, 0U);
}

TEST(a_lane, is_asked_for_by_its_subject) {
  const auto request = lane_stream_request(where, {});
  EXPECT_EQ(request.verb, "STREAM.INFO.WORK");
  EXPECT_NE(request.body.find("\"work.public.c=2B=2B.5\""), std::string::npos);
  EXPECT_EQ(lane_consumer_request(where, {}).verb, "CONSUMER.INFO.WORK.public-c=2B=2B-5");
}

TEST(a_lane, whose_description_is_incomplete_says_nothing) {
  for (const auto* text : {"", "[]", "{}", R"({"state":{"first_seq":1}})"}) {
    EXPECT_EQ(read_stream_facts(where, text).error().code, ec::malformed) << text;
  }
}

TEST(a_lane, without_a_consumer_has_settled_nothing) {
  auto facts = busy;
  EXPECT_TRUE(add_consumer_facts(
    facts, tl::make_unexpected(error{ec::not_found, "consumer not found", 10014})));
  EXPECT_EQ(facts.settled_up_to, busy.settled_up_to);
  EXPECT_EQ(add_consumer_facts(facts, fail(ec::timeout, "Not today.")).error().code, ec::timeout);
  EXPECT_EQ(add_consumer_facts(facts, jetstream::api_reply{"{}"}).error().code, ec::malformed);
}

} // namespace
} // namespace nats_mcp::work::lane_facts_test
