// SPDX-License-Identifier: MIT
#include "protocol/supervision/restart_intensity.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <vector>

namespace nats_mcp::supervision::restart_intensity_test {

namespace {

using std::chrono::milliseconds;

monotonic_time at(int ms) { return monotonic_time{} + milliseconds{ms}; }

} // namespace

TEST(restart_intensity, admits_as_many_restarts_as_allowed_and_refuses_the_next) {
  restart_intensity window{{.restarts_max = 2, .period = milliseconds{1000}}};
  EXPECT_TRUE(window.admit(at(0)));
  EXPECT_TRUE(window.admit(at(10)));
  EXPECT_FALSE(window.admit(at(20)));
}

TEST(restart_intensity, forgets_a_restart_once_the_period_has_passed) {
  restart_intensity window{{.restarts_max = 1, .period = milliseconds{1000}}};
  EXPECT_TRUE(window.admit(at(0)));
  EXPECT_FALSE(window.admit(at(1000)));
  EXPECT_TRUE(window.admit(at(2001)));
}

TEST(restart_intensity, admits_nothing_when_no_restart_is_allowed) {
  restart_intensity window{{.restarts_max = 0, .period = milliseconds{1000}}};
  EXPECT_FALSE(window.admit(at(0)));
  EXPECT_FALSE(window.admit(at(5000)));
}

TEST(restart_intensity, forgets_everything_when_cleared) {
  restart_intensity window{{.restarts_max = 1, .period = milliseconds{1000}}};
  EXPECT_TRUE(window.admit(at(0)));
  window.clear();
  EXPECT_EQ(window.recent(), 0U);
  EXPECT_TRUE(window.admit(at(1)));
}

RC_GTEST_PROP(restart_intensity, agrees_with_counting_by_hand_and_stays_bounded,
              (const std::vector<std::uint16_t>& gaps)) {
  const auto restarts_max = *rc::gen::inRange<std::size_t>(0, 6);
  const auto period = milliseconds{*rc::gen::inRange(1, 3000)};
  restart_intensity window{{.restarts_max = restarts_max, .period = period}};
  std::vector<monotonic_time> all;
  auto now = at(0);
  for (const auto gap : gaps) {
    now += milliseconds{gap % 1000};
    all.push_back(now);
    const auto recent = static_cast<std::size_t>(
      std::count_if(all.begin(), all.end(), [&](auto time) { return now - time <= period; }));
    RC_ASSERT(window.admit(now) == (recent <= restarts_max));
    RC_ASSERT(window.recent() <= restarts_max + 1);
  }
}

} // namespace nats_mcp::supervision::restart_intensity_test
