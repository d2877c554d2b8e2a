// SPDX-License-Identifier: MIT
#include "transport/stdio/input_queue.hpp"

#include "tests/unit/transport/stdio/peer.hpp"

#include <gtest/gtest.h>

#include <future>
#include <thread>

namespace nats_mcp::transport::input_queue_test {

namespace {

input line(std::string text) {
  return {input_kind::line, std::make_shared<const std::string>(std::move(text))};
}

class input_queue_test : public ::testing::Test {
protected:
  testing::counter told;

  input_queue::options bounds(std::size_t lines_max, std::size_t bytes_max) {
    return {lines_max, bytes_max, [this] { told.increment(); }, {}};
  }
};

} // namespace

TEST_F(input_queue_test, hands_lines_out_in_order) {
  input_queue queue{bounds(10, 100)};
  EXPECT_TRUE(queue.push(line("a")));
  EXPECT_TRUE(queue.push(line("b")));
  EXPECT_EQ(*queue.next()->line, "a");
  queue.done();
  EXPECT_EQ(*queue.next()->line, "b");
  queue.done();
  EXPECT_FALSE(queue.next());
}

TEST_F(input_queue_test, tells_of_input_only_when_there_was_none) {
  input_queue queue{bounds(10, 100)};
  (void)queue.push(line("a"));
  (void)queue.push(line("b"));
  EXPECT_EQ(told.count(), 1);
  (void)queue.next();
  (void)queue.next();
  (void)queue.push(line("c"));
  EXPECT_EQ(told.count(), 2);
}

TEST_F(input_queue_test, keeps_what_is_in_hand_for_the_next_session_once) {
  input_queue queue{bounds(10, 100)};
  (void)queue.push(line("poison"));
  (void)queue.next();
  const auto left = queue.take_in_hand();
  ASSERT_TRUE(left);
  EXPECT_EQ(*left->line, "poison");
  EXPECT_FALSE(queue.take_in_hand());
  EXPECT_FALSE(queue.next());
}

TEST_F(input_queue_test, holds_nothing_in_hand_after_done) {
  input_queue queue{bounds(10, 100)};
  (void)queue.push(line("a"));
  (void)queue.next();
  queue.done();
  EXPECT_FALSE(queue.take_in_hand());
}

TEST_F(input_queue_test, lets_the_reader_wait_until_there_is_room_for_a_line) {
  input_queue queue{bounds(2, 100)};
  (void)queue.push(line("a"));
  (void)queue.push(line("b"));
  auto third = std::async(std::launch::async, [&] { return queue.push(line("c")); });
  EXPECT_EQ(*queue.next()->line, "a");
  EXPECT_TRUE(third.get());
  EXPECT_EQ(*queue.next()->line, "b");
  EXPECT_EQ(*queue.next()->line, "c");
}

TEST_F(input_queue_test, lets_the_reader_wait_until_there_is_room_for_the_bytes) {
  input_queue queue{bounds(10, 5)};
  (void)queue.push(line("abc"));
  auto second = std::async(std::launch::async, [&] { return queue.push(line("defg")); });
  EXPECT_EQ(*queue.next()->line, "abc");
  EXPECT_TRUE(second.get());
  EXPECT_EQ(*queue.next()->line, "defg");
}

TEST_F(input_queue_test, takes_one_line_of_any_size_when_it_is_empty) {
  input_queue queue{bounds(10, 5)};
  EXPECT_TRUE(queue.push(line("longer than five")));
}

TEST_F(input_queue_test, ends_once_after_the_lines_before_it_even_when_full) {
  input_queue queue{bounds(1, 100)};
  (void)queue.push(line("a"));
  queue.end();
  queue.end();
  EXPECT_FALSE(queue.push(line("late")));
  EXPECT_EQ(*queue.next()->line, "a");
  EXPECT_FALSE(queue.ended());
  EXPECT_EQ(queue.next()->kind, input_kind::end_of_input);
  EXPECT_TRUE(queue.ended());
  EXPECT_FALSE(queue.next());
}

TEST_F(input_queue_test, lets_a_waiting_reader_go_when_it_is_closed) {
  input_queue queue{bounds(1, 100)};
  (void)queue.push(line("a"));
  auto waiting = std::async(std::launch::async, [&] { return queue.push(line("b")); });
  queue.close();
  EXPECT_FALSE(waiting.get());
  EXPECT_EQ(*queue.next()->line, "a");
  EXPECT_FALSE(queue.next());
}

} // namespace nats_mcp::transport::input_queue_test
