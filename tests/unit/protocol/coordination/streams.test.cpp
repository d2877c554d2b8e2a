// SPDX-License-Identifier: MIT
// The streams of the coordinator: nothing in them is left to a server's default.
#include "protocol/coordination/streams.hpp"

#include <gtest/gtest.h>

namespace nats_mcp::coordination::streams_test {
namespace {

using namespace std::chrono_literals;

TEST(the_stream_of_requests, keeps_each_until_it_is_acknowledged_and_refuses_when_it_is_full) {
  const auto config = requests_stream(3);
  EXPECT_EQ(config.name, "COORD");
  EXPECT_EQ(config.subjects, std::vector<std::string>{"coord.submit.*"});
  EXPECT_EQ(config.retention, jetstream::retention_policy::work_queue);
  EXPECT_EQ(config.discard, jetstream::discard_policy::new_messages);
  EXPECT_EQ(config.max_age, 0ns);
  EXPECT_EQ(config.max_bytes, 1024LL * 1024 * 1024);
  EXPECT_EQ(config.duplicate_window, 1h);
  EXPECT_EQ(config.max_consumers, 100'000);
  EXPECT_EQ(config.replicas, 3);
  EXPECT_TRUE(config.allow_direct);
}

TEST(the_stream_of_requests, has_one_consumer_for_all_coordinators) {
  const auto consumer = requests_consumer();
  EXPECT_EQ(consumer.stream, "COORD");
  EXPECT_EQ(consumer.name, "coordinator");
  EXPECT_EQ(consumer.filter_subject, "coord.submit.*");
  EXPECT_EQ(consumer.ack_wait, 15s);
  EXPECT_EQ(consumer.max_ack_pending, -1);
  EXPECT_EQ(consumer.inactive_threshold, std::chrono::days{8});
}

TEST(the_bucket_of_the_leader, holds_one_revision_of_it) {
  const auto config = coordinator_stream(1);
  EXPECT_EQ(config.name, "KV_coordinator");
  EXPECT_EQ(config.max_messages_per_subject, 1);
  EXPECT_EQ(config.max_age, std::chrono::days{8});
}

TEST(the_subject_of_a_request, names_the_scope) {
  EXPECT_EQ(request_subject("public"), "coord.submit.public");
  EXPECT_EQ(parse_request_subject("coord.submit.ba7816bf8f01cfea"), "ba7816bf8f01cfea");
  for (const auto* const none :
       {"", "coord.submit", "coord.submit.", "coord.submit.*", "coord.submit.a.b", "work.public"}) {
    EXPECT_FALSE(parse_request_subject(none)) << none;
  }
}

} // namespace
} // namespace nats_mcp::coordination::streams_test
