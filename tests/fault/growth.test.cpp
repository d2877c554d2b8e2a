// SPDX-License-Identifier: MIT
#include "tests/fault/growth.hpp"

#include <gtest/gtest.h>

#include <functional>

namespace nats_mcp::testing::growth_test {
namespace {

using namespace std::chrono_literals;

constexpr std::int64_t mebibyte = 1024 * 1024;

/// One figure each five seconds for an hour; `value` is told which part of the hour has passed.
std::vector<figure> an_hour_of(const std::function<double(double)>& value) {
  std::vector<figure> out;
  for (auto at = 0s; at <= 3600s; at += 5s) {
    out.push_back({at, static_cast<std::int64_t>(value(static_cast<double>(at.count()) / 3600))});
  }
  return out;
}

std::vector<figure> memory(const std::function<double(double)>& mebibytes) {
  return an_hour_of([&](double passed) { return mebibytes(passed) * mebibyte; });
}

bool grew(const std::vector<figure>& figures, const growth_bounds& bounds) {
  const auto verdict = judge_growth(figures, bounds);
  EXPECT_TRUE(verdict);
  return verdict && verdict->grew;
}

/// Up and down by so much, never the same twice in a row, without a direction.
double noise(double passed, double size) {
  const auto step = static_cast<int>(passed * 720);
  return size * (step * 37 % 101 - 50) / 50;
}

TEST(growth, is_not_seen_in_what_stays_as_it_is) {
  EXPECT_FALSE(grew(memory([](double) { return 16; }), memory_bounds));
  EXPECT_FALSE(grew(an_hour_of([](double) { return 12; }), count_bounds));
}

TEST(growth, is_seen_when_a_little_more_is_kept_with_every_call) {
  EXPECT_TRUE(grew(memory([](double passed) { return 16 + 8 * passed; }), memory_bounds));
  EXPECT_FALSE(grew(memory([](double passed) { return 16 + 3 * passed; }), memory_bounds))
    << "a third of 3 MiB is within the bound";
}

TEST(growth, is_seen_through_noise) {
  EXPECT_TRUE(
    grew(memory([](double passed) { return 16 + 8 * passed + noise(passed, 4); }), memory_bounds));
}

TEST(growth, is_not_made_of_noise) {
  EXPECT_FALSE(grew(memory([](double passed) { return 16 + noise(passed, 4); }), memory_bounds));
}

TEST(growth, is_seen_when_it_comes_at_once_and_stays) {
  EXPECT_TRUE(grew(memory([](double passed) { return passed < 0.7 ? 16 : 20; }), memory_bounds));
  EXPECT_TRUE(grew(an_hour_of([](double passed) { return passed < 0.7 ? 12 : 13; }), count_bounds));
}

TEST(growth, is_not_seen_in_a_peak_that_goes_by) {
  EXPECT_FALSE(grew(memory([](double passed) { return passed > 0.8 && passed < 0.9 ? 60 : 16; }),
                    memory_bounds));
  EXPECT_FALSE(
    grew(an_hour_of([](double passed) { return passed > 0.8 && passed < 0.9 ? 14 : 12; }),
         count_bounds));
}

TEST(growth, is_not_judged_while_caches_fill_up) {
  EXPECT_FALSE(grew(memory([](double passed) { return passed < 0.3 ? 10 + 20 * passed : 16; }),
                    memory_bounds));
}

TEST(growth, of_something_large_is_more_than_a_twentieth) {
  EXPECT_FALSE(grew(memory([](double passed) { return passed < 0.6 ? 100 : 104; }), memory_bounds));
  EXPECT_TRUE(grew(memory([](double passed) { return passed < 0.6 ? 100 : 106; }), memory_bounds));
}

TEST(growth, of_something_small_is_more_than_two_mebibytes) {
  EXPECT_FALSE(grew(memory([](double passed) { return passed < 0.6 ? 8 : 9.9; }), memory_bounds));
  EXPECT_TRUE(grew(memory([](double passed) { return passed < 0.6 ? 8 : 10.1; }), memory_bounds));
}

TEST(growth, is_not_seen_in_what_becomes_less) {
  EXPECT_FALSE(grew(memory([](double passed) { return 40 - 20 * passed; }), memory_bounds));
  EXPECT_FALSE(
    grew(an_hour_of([](double passed) { return passed < 0.6 ? 12 : 11; }), count_bounds));
}

TEST(growth, says_what_it_compared) {
  const auto verdict = judge_growth(an_hour_of([](double passed) {
                                      return passed < 0.33 ? 1 : passed < 0.66 ? 2 : 3;
                                    }),
                                    count_bounds);
  ASSERT_TRUE(verdict);
  EXPECT_EQ(verdict->at_first, 1);
  EXPECT_EQ(verdict->before, 2);
  EXPECT_EQ(verdict->after, 3);
}

TEST(growth, is_not_judged_by_too_few_figures) {
  EXPECT_FALSE(judge_growth({}, count_bounds));
  EXPECT_FALSE(judge_growth({{0s, 1}, {1s, 1}, {2s, 1}, {3s, 1}, {4s, 1}}, count_bounds));
  EXPECT_TRUE(judge_growth(
    {{0s, 1}, {1s, 1}, {2s, 1}, {3s, 1}, {4s, 1}, {5s, 1}, {6s, 1}, {7s, 1}, {8s, 1}, {9s, 1}},
    count_bounds));
  // All of it in one third of the time.
  EXPECT_FALSE(
    judge_growth({{0s, 1}, {1s, 1}, {2s, 1}, {3s, 1}, {4s, 1}, {100s, 1}}, count_bounds));
}

} // namespace
} // namespace nats_mcp::testing::growth_test
