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

bool has_grown(const std::optional<growth_verdict>& verdict) {
  EXPECT_TRUE(verdict);
  return verdict && verdict->grew;
}
bool memory_grew(const std::function<double(double)>& mebibytes) {
  return has_grown(judge_growth(memory(mebibytes), memory_bounds));
}
bool count_grew(const std::function<double(double)>& value) {
  return has_grown(judge_count(an_hour_of(value)));
}

/// Up and down by so much, never the same twice in a row, without a direction.
double noise(double passed, double size) {
  const auto step = static_cast<int>(passed * 720);
  return size * (step * 37 % 101 - 50) / 50;
}

TEST(growth, is_not_seen_in_what_stays_as_it_is) {
  EXPECT_FALSE(memory_grew([](double) { return 16; }));
  EXPECT_FALSE(count_grew([](double) { return 12; }));
}

TEST(growth, is_seen_when_a_little_more_is_kept_with_every_call) {
  EXPECT_TRUE(memory_grew([](double passed) { return 16 + 4 * passed; }));
  EXPECT_FALSE(memory_grew([](double passed) { return 16 + 2 * passed; }))
    << "a third of 2 MiB is within the bound";
  EXPECT_TRUE(count_grew([](double passed) { return 12 + 20 * passed; }));
}

TEST(growth, is_seen_through_noise) {
  EXPECT_TRUE(memory_grew([](double passed) { return 16 + 5 * passed + noise(passed, 3); }));
  EXPECT_TRUE(count_grew([](double passed) { return 100 + 200 * passed + noise(passed, 12); }));
}

TEST(growth, is_not_made_of_noise) {
  EXPECT_FALSE(memory_grew([](double passed) { return 16 + noise(passed, 3); }));
  EXPECT_FALSE(count_grew([](double passed) { return 100 + noise(passed, 12); }));
}

TEST(growth, is_seen_when_it_comes_at_once_and_stays) {
  EXPECT_TRUE(memory_grew([](double passed) { return passed < 0.7 ? 16 : 18; }));
  EXPECT_TRUE(count_grew([](double passed) { return passed < 0.7 ? 12 : 13; }));
}

TEST(growth, is_not_seen_in_a_peak_that_goes_by) {
  const auto peak = [](double passed) { return passed > 0.8 && passed < 0.9 ? 60 : 16; };
  EXPECT_FALSE(memory_grew(peak));
  EXPECT_FALSE(count_grew(peak));
}

TEST(growth, is_not_judged_while_caches_fill_up) {
  EXPECT_FALSE(memory_grew([](double passed) { return passed < 0.3 ? 10 + 20 * passed : 16; }));
  EXPECT_FALSE(count_grew([](double passed) { return passed < 0.3 ? 10 + 20 * passed : 16; }));
}

TEST(growth, of_something_large_is_more_than_a_twentieth) {
  EXPECT_FALSE(memory_grew([](double passed) { return passed < 0.6 ? 100 : 104; }));
  EXPECT_TRUE(memory_grew([](double passed) { return passed < 0.6 ? 100 : 106; }));
}

TEST(growth, of_something_small_is_more_than_a_mebibyte) {
  EXPECT_FALSE(memory_grew([](double passed) { return passed < 0.6 ? 8 : 8.9; }));
  EXPECT_TRUE(memory_grew([](double passed) { return passed < 0.6 ? 8 : 9.1; }));
}

TEST(growth, is_not_seen_in_what_becomes_less) {
  EXPECT_FALSE(memory_grew([](double passed) { return 40 - 20 * passed; }));
  EXPECT_FALSE(count_grew([](double passed) { return passed < 0.6 ? 12 : 11; }));
}

TEST(growth, is_not_seen_in_what_was_there_before_at_times) {
  const auto leads = [](double passed) {
    return passed > 0.5 && passed < 0.55 ? 51 : passed < 0.7 ? 47 : 51;
  };
  EXPECT_FALSE(count_grew(leads)) << "somebody else leads, and for longer";
  EXPECT_TRUE(count_grew([&](double passed) { return leads(passed) + (passed > 0.7 ? 1 : 0); }));
}

TEST(growth, says_what_it_compared) {
  const auto figures = an_hour_of([](double passed) {
    return 3 * passed < 1 ? 1 : 3 * passed < 2 ? 2 : 3;
  });
  for (const auto& verdict : {judge_growth(figures, memory_bounds), judge_count(figures)}) {
    ASSERT_TRUE(verdict);
    EXPECT_EQ(verdict->at_first, 1);
    EXPECT_EQ(verdict->before, 2);
    EXPECT_EQ(verdict->after, 3);
  }
}

TEST(growth, is_not_judged_by_too_few_figures) {
  const auto at = [](const std::vector<std::chrono::seconds>& times) {
    std::vector<figure> out;
    for (const auto time : times) {
      out.push_back({time, 1});
    }
    return out;
  };
  const auto enough = at({0s, 1s, 2s, 3s, 4s, 5s, 6s, 7s, 8s, 9s});
  EXPECT_TRUE(judge_growth(enough, memory_bounds));
  EXPECT_TRUE(judge_count(enough));
  for (const auto& few : {at({}), at({0s, 1s, 2s, 3s, 4s}), at({0s, 1s, 2s, 3s, 4s, 5s, 100s})}) {
    EXPECT_FALSE(judge_growth(few, memory_bounds));
    EXPECT_FALSE(judge_count(few));
  }
}

} // namespace
} // namespace nats_mcp::testing::growth_test
