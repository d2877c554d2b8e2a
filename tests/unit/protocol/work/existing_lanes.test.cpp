// SPDX-License-Identifier: MIT
// The lanes a server has, read from its list of consumers, and the request that changes one.
#include "protocol/work/existing_lanes.hpp"

#include <gtest/gtest.h>

namespace nats_mcp::work::existing_lanes_test {
namespace {

using namespace std::chrono_literals;

constexpr monotonic_time deadline{1h};

/// As nats-server 2.9 answers `CONSUMER.LIST`, shortened.
constexpr std::string_view listed =
  R"({"type":"io.nats.jetstream.api.v1.consumer_list_response","total":3,"offset":0,"limit":256,
"consumers":[{"stream_name":"WORK","name":"public-typescript-5","config":{
"durable_name":"public-typescript-5","ack_policy":"explicit","ack_wait":300000000000,
"filter_subject":"work.public.typescript.5","max_waiting":512,"inactive_threshold":10800000000000}},
{"stream_name":"WORK","name":"stranger","config":{"ack_wait":30000000000,
"filter_subject":"work.>"}}]})";

TEST(existing_lanes, are_asked_for_page_by_page) {
  const auto request = existing_lanes_request(256, deadline);
  EXPECT_EQ(request.verb, "CONSUMER.LIST.WORK");
  EXPECT_EQ(request.body, R"({"offset":256})");
  EXPECT_EQ(request.again, jetstream::repeatable::yes);
}

TEST(existing_lanes, are_read_with_what_they_wait) {
  const auto page = parse_existing_lanes(listed);
  ASSERT_TRUE(page) << page.error().message;
  EXPECT_EQ(page->total, 3U);
  ASSERT_EQ(page->lanes.size(), 2U);
  EXPECT_EQ(page->lanes[0].consumer, "public-typescript-5");
  EXPECT_EQ(page->lanes[0].where, (lane{"public", "typescript", 5}));
  EXPECT_EQ(page->lanes[0].ack_wait, 5min);
  EXPECT_EQ(page->lanes[0].inactive_threshold, 3h);
  EXPECT_EQ(page->lanes[1].where, std::nullopt) << "a consumer of somebody else's";
  EXPECT_EQ(page->lanes[1].filter_subject, "work.>");
}

TEST(existing_lanes, are_none_on_an_empty_page) {
  for (const auto* page : {R"({"total":5,"consumers":[]})", R"({"total":5,"consumers":null})",
                           R"({"total":5})", R"({"total":5,"consumers":[7,{"name":"x"}]})"}) {
    const auto read = parse_existing_lanes(page);
    ASSERT_TRUE(read) << page;
    EXPECT_TRUE(read->lanes.empty());
    EXPECT_EQ(read->total, 5U);
  }
  for (const auto* strange : {"", "[]", "{}", R"({"total":-1})", R"({"total":1,"consumers":7})"}) {
    EXPECT_FALSE(parse_existing_lanes(strange)) << strange;
  }
}

TEST(existing_lanes, keep_everything_but_the_times_that_change) {
  const auto before = parse_existing_lanes(listed)->lanes[0];
  auto wanted = lane_consumer(*before.where, 2s, 2s);
  wanted.inactive_threshold = 1h;
  const auto request = change_lane_request(before, wanted, deadline);
  EXPECT_EQ(request.verb, "CONSUMER.CREATE.WORK.public-typescript-5.work.public.typescript.5");
  EXPECT_EQ(request.body, R"({"stream_name":"WORK","config":{"durable_name":"public-typescript-5",)"
                          R"("ack_policy":"explicit","ack_wait":2000000000,)"
                          R"("filter_subject":"work.public.typescript.5","max_waiting":512,)"
                          R"("inactive_threshold":10800000000000}})")
    << "a lane never gets less time to rest";
  wanted.inactive_threshold = 4h;
  EXPECT_NE(change_lane_request(before, wanted, deadline).body.find(R"("inactive_threshold":144)"),
            std::string::npos);
}

TEST(existing_lanes, have_words) {
  EXPECT_EQ(in_words({"public", "c=2B=2B", 5}), "the lane of c++, priority 5");
  EXPECT_EQ(in_words({"0123456789abcdef", "typescript", 10}),
            "the lane of typescript, priority 10, in the project 0123456789abcdef");
  EXPECT_EQ(in_words({"public", "AGENT-123e4567-e89b-12d3-a456-426614174000", 1}),
            "the lane of the agent 123e4567-e89b-12d3-a456-426614174000, priority 1");
}

TEST(existing_lanes, never_wait_for_less_than_nothing) {
  const auto page = parse_existing_lanes(
    R"({"total":1,"consumers":[{"name":"x","config":{"filter_subject":"work.public.a.5",)"
    R"("ack_wait":18446744073709551615,"inactive_threshold":-5}}]})");
  ASSERT_TRUE(page);
  ASSERT_EQ(page->lanes.size(), 1U);
  EXPECT_EQ(page->lanes[0].ack_wait, 0s);
  EXPECT_EQ(page->lanes[0].inactive_threshold, 0s);
}

} // namespace
} // namespace nats_mcp::work::existing_lanes_test
