// SPDX-License-Identifier: MIT
// The requests around durable consumers, and what the server says of one.
#include "protocol/jetstream/durable_consumer.hpp"

#include "protocol/json/value.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace nats_mcp::jetstream::durable_consumer_test {
namespace {

using namespace std::chrono_literals;

constexpr monotonic_time deadline{1h};

/// As nats-server 2.10 answers `CONSUMER.INFO`.
constexpr std::string_view info =
  R"({"type":"io.nats.jetstream.api.v1.consumer_info_response","stream_name":"AGENT_INBOX",
"name":"inbox-1","created":"2026-01-15T10:00:00.1Z","config":{"durable_name":"inbox-1",
"name":"inbox-1","deliver_policy":"all","ack_policy":"explicit","ack_wait":300000000000,
"max_deliver":-1,"filter_subject":"inbox.1.*","replay_policy":"instant","max_waiting":512,
"max_ack_pending":100000,"inactive_threshold":691200000000000,"num_replicas":0},
"delivered":{"consumer_seq":9,"stream_seq":12},"ack_floor":{"consumer_seq":0,"stream_seq":0},
"num_ack_pending":4,"num_redelivered":1,"num_waiting":0,"num_pending":7})";

TEST(durable_consumer, is_asked_about_and_deleted_by_name) {
  const auto look = consumer_info_request("S", "c", deadline);
  EXPECT_EQ(look.verb, "CONSUMER.INFO.S.c");
  EXPECT_EQ(look.body, "");
  EXPECT_EQ(look.again, repeatable::yes);
  EXPECT_EQ(look.deadline, deadline);
  EXPECT_EQ(delete_consumer_request("S", "c", deadline).verb, "CONSUMER.DELETE.S.c");
}

TEST(durable_consumer, is_made_with_its_filter_in_the_subject_and_nothing_left_to_the_server) {
  const auto request =
    create_consumer_request({"S", "inbox-1", "inbox.1.*", 5min, 100'000, 192h}, deadline);
  EXPECT_EQ(request.verb, "CONSUMER.CREATE.S.inbox-1.inbox.1.*");
  EXPECT_EQ(request.again, repeatable::yes);
  EXPECT_EQ(request.body,
            R"({"stream_name":"S","config":{"name":"inbox-1","durable_name":"inbox-1",)"
            R"("deliver_policy":"all","ack_policy":"explicit","ack_wait":300000000000,)"
            R"("max_deliver":-1,"filter_subject":"inbox.1.*","replay_policy":"instant",)"
            R"("max_ack_pending":100000,"inactive_threshold":691200000000000}})");
}

TEST(durable_consumer, is_read_from_the_servers_answer) {
  const auto state = parse_consumer_state(info);
  ASSERT_TRUE(state);
  EXPECT_EQ(state->pending, 7U);
  EXPECT_EQ(state->ack_pending, 4U);
  EXPECT_EQ(state->delivered_consumer_sequence, 9U);
  EXPECT_EQ(state->ack_wait, 5min);
}

TEST(durable_consumer, is_not_read_from_anything_else) {
  for (const auto* body :
       {"", "[]", "{}", "7", R"({"num_pending":1,"num_ack_pending":1})",
        R"({"num_pending":-1,"num_ack_pending":1,"delivered":{},"config":{}})",
        R"({"num_pending":"1","num_ack_pending":1,"delivered":{},"config":{}})"}) {
    const auto state = parse_consumer_state(body);
    ASSERT_FALSE(state) << body;
    EXPECT_EQ(state.error().code, ec::malformed);
    EXPECT_FALSE(state.error().message.empty());
  }
}

RC_GTEST_PROP(durable_consumer, survives_any_answer, (const std::string& anything)) {
  RC_ASSERT(!parse_consumer_state(anything) || !anything.empty());
}

TEST(durable_consumer, never_waits_for_less_than_nothing) {
  for (const auto* wait : {"18446744073709551615", "-1", "\"5\""}) {
    const auto state = parse_consumer_state(R"({"num_pending":1,"num_ack_pending":1,)"
                                            R"("delivered":{},"config":{"ack_wait":)"
                                            + std::string{wait} + "}}");
    ASSERT_TRUE(state);
    EXPECT_EQ(state->ack_wait, 0s) << wait;
  }
}

} // namespace
} // namespace nats_mcp::jetstream::durable_consumer_test
