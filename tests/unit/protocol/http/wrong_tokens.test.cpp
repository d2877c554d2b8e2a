// SPDX-License-Identifier: MIT
// Whoever guesses is told to slow down, and nobody else.
#include "protocol/http/wrong_tokens.hpp"

#include "protocol/limits/http.hpp"

#include "tests/unit/protocol/http/asking.hpp"

#include <gtest/gtest.h>

#include <string>

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

} // namespace
} // namespace nats_mcp::http::wrong_tokens_test
