// SPDX-License-Identifier: MIT
// Which calls have no answer yet, and which progress reports reach the client.
#include "protocol/mcp/running_calls.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

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

// -- whatever happens ----------------------------------------------------------------------------

RC_GTEST_PROP(any_progress, is_passed_on_when_it_is_more_and_not_too_soon, ()) {
  auto call = call_with_token();
  auto now = start;
  std::optional<std::pair<double, monotonic_time>> passed_on;
  for (const int steps : *rc::gen::container<std::vector<int>>(rc::gen::element(-1, 0, 1, 2))) {
    now += std::chrono::milliseconds{*rc::gen::inRange(0, 250)};
    const auto progress = *rc::gen::element((passed_on ? passed_on->first : 0.0) + steps,
                                            std::numeric_limits<double>::infinity(),
                                            std::numeric_limits<double>::quiet_NaN());
    const bool is_news =
      std::isfinite(progress)
      && (!passed_on || (progress > passed_on->first && now - passed_on->second >= 100ms));
    RC_ASSERT(call.admits(at(progress), now) == is_news);
    if (is_news) {
      passed_on = {progress, now};
    }
  }
}

RC_GTEST_PROP(any_running_calls, are_taken_once_each_by_number_or_by_request, ()) {
  running_calls calls;
  std::map<call_id, jsonrpc::request_id> running;
  std::uint64_t begun = 0;
  for (const int event : *rc::gen::container<std::vector<int>>(rc::gen::element(0, 1, 2, 3, 4))) {
    const jsonrpc::request_id id{
      *rc::gen::element(jsonrpc::request_id::kind::string, jsonrpc::request_id::kind::integer),
      std::to_string(*rc::gen::inRange(0, 4))};
    const auto owner = std::find_if(running.begin(), running.end(),
                                    [&](const auto& one) { return one.second == id; });
    if (event < 2 && owner == running.end()) { // a request in flight keeps its id
      const call_id call{++begun};
      running_call added;
      added.to.id = id;
      calls.add(call, added);
      running.emplace(call, id);
    } else if (event == 2) {
      const call_id call{*rc::gen::inRange<std::uint64_t>(0, begun + 2)};
      const auto taken = calls.take(call);
      RC_ASSERT(taken.has_value() == running.contains(call));
      RC_ASSERT((!taken || taken->to.id == running.at(call)));
      running.erase(call);
    } else if (event > 2 && owner != running.end()) {
      RC_ASSERT(calls.number_of(id) == owner->first);
      RC_ASSERT(calls.take(owner->first).has_value());
      running.erase(owner);
    }
    RC_ASSERT(calls.size() == running.size());
    RC_ASSERT(calls.oldest()
              == (running.empty() ? std::nullopt : std::optional{running.begin()->first}));
    for (const auto& [call, request] : running) {
      RC_ASSERT(calls.find(call) != nullptr);
      RC_ASSERT(calls.number_of(request) == call);
    }
  }
}

} // namespace
} // namespace nats_mcp::mcp::running_calls_test
