// SPDX-License-Identifier: MIT
// Whoever guesses is told to slow down, and nobody else.
#include "protocol/http/wrong_tokens.hpp"

#include "protocol/limits/http.hpp"

#include "tests/unit/protocol/http/asking.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace nats_mcp::http::wrong_tokens_test {
namespace {

using namespace std::chrono_literals;
using testing::start;

TEST(wrong_tokens, are_free_at_first_and_cost_time_then) {
  wrong_tokens all;
  for (std::uint32_t sent = 0; sent < limits::http_wrong_tokens_max; ++sent) {
    EXPECT_EQ(all.wait_for("a", start), 0ms) << sent;
    all.sent_by("a", start);
  }
  EXPECT_EQ(all.wait_for("a", start), limits::http_wrong_token_pause);
  EXPECT_EQ(all.wait_for("a", start + 1s), limits::http_wrong_token_pause - 1s);
  EXPECT_EQ(all.wait_for("a", start + limits::http_wrong_token_pause), 0ms);
}

TEST(wrong_tokens, cost_time_again_and_again) {
  wrong_tokens all;
  auto now = start;
  std::uint32_t sent = 0;
  for (; now < start + 5min; now += 1s) {
    if (all.wait_for("a", now) == 0ms) {
      all.sent_by("a", now);
      ++sent;
    }
  }
  EXPECT_LE(sent, limits::http_wrong_tokens_max + 300s / limits::http_wrong_token_pause);
}

TEST(wrong_tokens, of_one_address_do_not_stop_another) {
  wrong_tokens all;
  for (int sent = 0; sent < 50; ++sent) {
    all.sent_by("a", start);
  }
  EXPECT_GT(all.wait_for("a", start), 0ms);
  EXPECT_EQ(all.wait_for("b", start), 0ms);
}

TEST(wrong_tokens, of_very_many_addresses_share_one_account) {
  wrong_tokens all;
  for (std::size_t one = 0; one < limits::http_wrong_addresses_max; ++one) {
    all.sent_by("10." + std::to_string(one), start);
  }
  for (std::uint32_t sent = 0; sent < limits::http_wrong_tokens_max; ++sent) {
    all.sent_by("11." + std::to_string(sent), start);
  }
  EXPECT_GT(all.wait_for("12.1", start), 0ms) << "somebody who comes with ever new addresses";
  EXPECT_EQ(all.wait_for("10.1", start), 0ms);
  all.sent_by("13.1", start + 1h);
  EXPECT_EQ(all.wait_for("12.1", start + 1h), 0ms) << "all of them are settled";
}

TEST(a_comparison, finds_only_the_same_equal) {
  EXPECT_TRUE(equal_in_constant_time("abc", "abc"));
  for (const auto* given : {"", "ab", "abcd", "abcabc", "abd", "Abc"}) {
    EXPECT_FALSE(equal_in_constant_time(given, "abc")) << given;
  }
  EXPECT_FALSE(equal_in_constant_time("", "")) << "no token is no secret";
}

// -- whoever guesses -----------------------------------------------------------------------------

RC_GTEST_PROP(any_wrong_tokens, are_so_many_in_any_time_and_wait_exactly_as_long_as_it_is_said,
              ()) {
  wrong_tokens all;
  auto now = start;
  std::vector<monotonic_time> sent;
  for (const int gap : *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 4000))) {
    now += std::chrono::milliseconds{*rc::gen::element(0, gap)};
    const auto wait = all.wait_for("a", now);
    if (wait > 0ms) {
      RC_ASSERT(all.wait_for("a", now + wait) == 0ms);
      RC_ASSERT(all.wait_for("a", now + wait - 1ms) > 0ms);
      continue;
    }
    all.sent_by("a", now);
    sent.push_back(now);
    for (auto first = sent.begin(); first != sent.end(); ++first) {
      const auto count = sent.end() - first;
      RC_ASSERT(count
                <= limits::http_wrong_tokens_max + (now - *first) / limits::http_wrong_token_pause);
    }
  }
  RC_ASSERT(all.wait_for("a", now + limits::http_wrong_token_pause) == 0ms);
}

RC_GTEST_PROP(any_wrong_tokens, cost_an_address_as_much_as_if_it_were_alone, ()) {
  wrong_tokens all;
  std::map<std::string, wrong_tokens> alone;
  auto now = start;
  for (const int gap : *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 2000))) {
    now += std::chrono::milliseconds{gap};
    const auto from = *rc::gen::element<std::string>("a", "b", "c");
    RC_ASSERT(all.wait_for(from, now) == alone[from].wait_for(from, now));
    all.sent_by(from, now);
    alone[from].sent_by(from, now);
  }
}

RC_GTEST_PROP(any_wrong_tokens, are_no_more_for_somebody_with_ever_new_addresses, ()) {
  wrong_tokens all;
  auto now = start;
  std::size_t sent = 0;
  const auto addresses = *rc::gen::inRange(1, 2000);
  for (int guess = 0; guess < 2000; ++guess) {
    const auto from = std::to_string(guess % addresses);
    if (all.wait_for(from, now) == 0ms) {
      all.sent_by(from, now);
      ++sent;
    }
    now += 1ms;
  }
  RC_ASSERT(sent <= (limits::http_wrong_addresses_max + 1) * limits::http_wrong_tokens_max);
}

RC_GTEST_PROP(any_comparison, is_true_for_the_same_secret_only, (const std::string& wanted)) {
  const auto given =
    *rc::gen::element(wanted, wanted + wanted, wanted + '\0', wanted.substr(0, wanted.size() / 2),
                      std::string{wanted.rbegin(), wanted.rend()});
  RC_ASSERT(equal_in_constant_time(given, wanted) == (!wanted.empty() && given == wanted));
}

} // namespace
} // namespace nats_mcp::http::wrong_tokens_test
