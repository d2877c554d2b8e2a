// SPDX-License-Identifier: MIT
#include "protocol/supervision/restart_policy.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <vector>

namespace nats_mcp::supervision::restart_policy_test {

namespace {

using std::chrono::milliseconds;
using action = restart_policy::action;

monotonic_time at(int ms) { return monotonic_time{} + milliseconds{ms}; }

restart_policy make(restart rule) {
  restart_policy::options choice;
  choice.restart = rule;
  choice.intensity = {.restarts_max = 2, .period = milliseconds{1000}};
  choice.restart_delay = {milliseconds{10}, milliseconds{40}, 0};
  choice.retry_delay = {milliseconds{500}, milliseconds{2000}, 0};
  return restart_policy{choice};
}

} // namespace

TEST(restart_policy, restarts_a_permanent_child_however_it_ended) {
  auto policy = make(restart::permanent);
  EXPECT_EQ(policy.ended(ending::normal, at(0), 0).what, action::restart);
  EXPECT_EQ(policy.ended(ending::abnormal, at(1), 0).what, action::restart);
}

TEST(restart_policy, restarts_a_transient_child_only_after_a_failure) {
  auto policy = make(restart::transient);
  EXPECT_EQ(policy.ended(ending::normal, at(0), 0).what, action::leave);
  EXPECT_EQ(policy.ended(ending::abnormal, at(1), 0).what, action::restart);
}

TEST(restart_policy, never_restarts_a_temporary_child) {
  auto policy = make(restart::temporary);
  EXPECT_EQ(policy.ended(ending::normal, at(0), 0).what, action::leave);
  EXPECT_EQ(policy.ended(ending::abnormal, at(1), 0).what, action::leave);
}

TEST(restart_policy, doubles_the_delay_with_every_failure) {
  auto policy = make(restart::permanent);
  EXPECT_EQ(policy.ended(ending::abnormal, at(0), 0).delay, milliseconds{10});
  EXPECT_EQ(policy.ended(ending::abnormal, at(600), 0).delay, milliseconds{20});
  EXPECT_EQ(policy.ended(ending::abnormal, at(1200), 0).delay, milliseconds{40});
  EXPECT_EQ(policy.ended(ending::abnormal, at(1800), 0).delay, milliseconds{40});
}

TEST(restart_policy, gives_a_child_up_when_it_fails_too_often) {
  auto policy = make(restart::permanent);
  EXPECT_EQ(policy.ended(ending::abnormal, at(0), 0).what, action::restart);
  EXPECT_EQ(policy.ended(ending::abnormal, at(10), 0).what, action::restart);
  const auto third = policy.ended(ending::abnormal, at(30), 0);
  EXPECT_EQ(third.what, action::give_up);
  EXPECT_EQ(third.delay, milliseconds{500});
}

TEST(restart_policy, gives_up_for_longer_each_time_a_retry_fails) {
  auto policy = make(restart::permanent);
  (void)policy.ended(ending::abnormal, at(0), 0);
  (void)policy.ended(ending::abnormal, at(1), 0);
  (void)policy.ended(ending::abnormal, at(2), 0);
  for (const auto expected : {1000, 2000, 2000}) {
    policy.started(at(10'000));
    const auto again = policy.ended(ending::abnormal, at(10'001), 0);
    EXPECT_EQ(again.what, action::give_up);
    EXPECT_EQ(again.delay, milliseconds{expected});
  }
}

TEST(restart_policy, forgives_a_child_that_ran_for_a_whole_period) {
  auto policy = make(restart::permanent);
  (void)policy.ended(ending::abnormal, at(0), 0);
  (void)policy.ended(ending::abnormal, at(1), 0);
  EXPECT_EQ(policy.ended(ending::abnormal, at(2), 0).what, action::give_up);
  policy.started(at(502));
  const auto after_a_good_run = policy.ended(ending::abnormal, at(1502), 0);
  EXPECT_EQ(after_a_good_run.what, action::restart);
  EXPECT_EQ(after_a_good_run.delay, milliseconds{10});
}

TEST(restart_policy, shortens_delays_by_the_jitter_it_is_given) {
  restart_policy::options choice;
  choice.restart_delay = {milliseconds{100}, milliseconds{100}, 50};
  restart_policy policy{choice};
  EXPECT_EQ(policy.ended(ending::abnormal, at(0), 0).delay, milliseconds{100});
  EXPECT_EQ(policy.ended(ending::abnormal, at(1), 50).delay, milliseconds{50});
}

RC_GTEST_PROP(restart_policy, of_any_child_restarts_it_only_so_often_and_never_waits_too_long, ()) {
  const restart_policy::options choice;
  restart_policy policy{choice};
  auto now = at(3'600'000);
  std::vector<monotonic_time> restarts;
  for (const auto lived : *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 12'000))) {
    policy.started(now);
    now += milliseconds{lived};
    const auto next = policy.ended(ending::abnormal, now, *rc::gen::arbitrary<std::uint64_t>());
    RC_ASSERT(next.what != action::leave);
    const bool gave_up = next.what == action::give_up;
    const auto& delays = gave_up ? choice.retry_delay : choice.restart_delay;
    RC_ASSERT(next.delay <= delays.longest);
    RC_ASSERT(next.delay >= delays.first * (100 - static_cast<int>(delays.jitter_percent)) / 100);
    if (lived >= choice.intensity.period.count()) {
      restarts.clear(); // what was before is forgiven
    }
    if (!gave_up) {
      restarts.push_back(now);
    }
    now += next.delay;
  }
  for (auto last = choice.intensity.restarts_max; last < restarts.size(); ++last) {
    RC_ASSERT(restarts[last] - restarts[last - choice.intensity.restarts_max]
              >= choice.intensity.period);
  }
}

} // namespace nats_mcp::supervision::restart_policy_test
