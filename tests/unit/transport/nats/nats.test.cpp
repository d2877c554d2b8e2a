// SPDX-License-Identifier: MIT
#include "transport/nats/event_queue.hpp"
#include "transport/nats/refusals.hpp"
#include "transport/nats/status.hpp"

#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace nats_mcp::transport::nats_test {
namespace {

event message_of(std::size_t bytes) {
  message_received one;
  one.message.payload.assign(bytes, 'x');
  return one;
}

TEST(event_queue, wakes_once_for_a_burst) {
  event_queue queue;
  int woken = 0;
  queue.attach([&] { ++woken; });
  queue.push(message_of(1));
  queue.push(message_of(1));
  EXPECT_EQ(woken, 1);
  bool was_full = false;
  EXPECT_EQ(queue.take(was_full).size(), 2U);
  queue.push(message_of(1));
  EXPECT_EQ(woken, 2);
}

TEST(event_queue, wakes_the_next_receiver_for_what_the_last_one_left) {
  event_queue queue;
  const auto first = queue.attach([] {});
  queue.push(message_of(1));
  int woken = 0;
  queue.attach([&] { ++woken; });
  EXPECT_EQ(woken, 1);
  queue.detach(first);
  bool was_full = false;
  EXPECT_EQ(queue.take(was_full).size(), 1U);
  queue.push(message_of(1));
  EXPECT_EQ(woken, 2) << "an old receiver cannot detach a new one";
}

TEST(event_queue, is_full_at_its_bound_until_taken) {
  event_queue queue;
  queue.push(message_of(limits::nats_input_bytes_queued_max));
  EXPECT_TRUE(queue.full());
  bool was_full = false;
  (void)queue.take(was_full);
  EXPECT_TRUE(was_full);
  EXPECT_FALSE(queue.full());
}

TEST(refusals, wait_for_the_last_one_hands_out_all_before_it) {
  refusals heard;
  std::thread library{[&] {
    heard.add("first");
    heard.add("second");
  }};
  EXPECT_TRUE(heard.wait_for("second", std::chrono::seconds{10}));
  EXPECT_EQ(heard.take(), (std::vector<std::string>{"first", "second"}));
  library.join();
  EXPECT_FALSE(heard.wait_for("second", std::chrono::milliseconds{1})) << "taken already";
}

TEST(refusals, are_bounded) {
  refusals heard;
  for (std::size_t i = 0; i <= limits::nats_refusals_queued_max; ++i) {
    heard.add("again");
  }
  EXPECT_EQ(heard.take().size(), limits::nats_refusals_queued_max);
}

TEST(server_refusal, names_subject_and_operation) {
  const auto publish = parse_refusal(R"(Permissions Violation for Publish to "a.b")");
  ASSERT_TRUE(publish);
  EXPECT_EQ(publish->refused, refused_subject::operation::publish);
  EXPECT_EQ(publish->subject, "a.b");
  const auto subscribe =
    parse_refusal(R"(Permissions Violation for Subscription to "a.>" using queue "q")");
  ASSERT_TRUE(subscribe);
  EXPECT_EQ(subscribe->refused, refused_subject::operation::subscribe);
  EXPECT_EQ(subscribe->subject, "a.>");
  EXPECT_FALSE(parse_refusal("Authorization Violation"));
}

} // namespace
} // namespace nats_mcp::transport::nats_test
