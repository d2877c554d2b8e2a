// SPDX-License-Identifier: MIT
// Which progress reports reach the client.
#include "protocol/mcp/running_calls.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cmath>

namespace nats_mcp::mcp::running_calls_test {
namespace {

using namespace std::chrono_literals;

const monotonic_time start{std::chrono::hours{1}};

running_call call_with_token() {
  running_call call;
  call.progress_token = jsonrpc::request_id{jsonrpc::request_id::kind::integer, "1"};
  return call;
}

progress_report at(double progress) { return {progress, std::nullopt, {}}; }

TEST(progress, is_not_passed_on_without_a_token) {
  running_call call;
  EXPECT_FALSE(call.admits(at(1), start));
}

TEST(progress, has_to_grow) {
  auto call = call_with_token();
  EXPECT_TRUE(call.admits(at(0), start));
  EXPECT_FALSE(call.admits(at(0), start + 1s));
  EXPECT_FALSE(call.admits(at(-1), start + 2s));
  EXPECT_TRUE(call.admits(at(0.5), start + 3s));
}

TEST(progress, comes_at_most_ten_times_a_second) {
  auto call = call_with_token();
  EXPECT_TRUE(call.admits(at(1), start));
  EXPECT_FALSE(call.admits(at(2), start + 99ms));
  EXPECT_TRUE(call.admits(at(3), start + 100ms));
  EXPECT_FALSE(call.admits(at(4), start + 199ms));
}

TEST(progress, that_was_held_back_does_not_raise_the_mark) {
  auto call = call_with_token();
  EXPECT_TRUE(call.admits(at(1), start));
  EXPECT_FALSE(call.admits(at(9), start + 1ms));
  EXPECT_TRUE(call.admits(at(5), start + 1s));
}

TEST(progress, has_to_be_a_number) {
  auto call = call_with_token();
  EXPECT_FALSE(call.admits(at(std::nan("")), start));
  EXPECT_FALSE(call.admits(at(INFINITY), start));
}

TEST(running_calls, find_a_call_by_its_number_and_its_request) {
  running_calls calls;
  const jsonrpc::request_id id{jsonrpc::request_id::kind::string, "a"};
  running_call call;
  call.to.id = id;
  calls.add(call_id{7}, call);
  EXPECT_EQ(calls.number_of(id), call_id{7});
  EXPECT_NE(calls.find(call_id{7}), nullptr);
  EXPECT_EQ(calls.oldest(), call_id{7});
  EXPECT_TRUE(calls.take(call_id{7}));
  EXPECT_FALSE(calls.take(call_id{7}));
  EXPECT_EQ(calls.number_of(id), std::nullopt);
  EXPECT_EQ(calls.oldest(), std::nullopt);
}

} // namespace
} // namespace nats_mcp::mcp::running_calls_test
