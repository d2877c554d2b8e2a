// SPDX-License-Identifier: MIT
// What was done in each minute of the last hour.
#include "protocol/coordination/throughput.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <chrono>
#include <utility>
#include <vector>

namespace nats_mcp::coordination::throughput_test {
namespace {

using namespace std::chrono_literals;

constexpr wall_time noon{1'768'478'400'000ms};

TEST(throughput, counts_in_the_minute_in_which_it_was) {
  throughput done;
  done.add(&minute_counts::offered, noon);
  done.add(&minute_counts::offered, noon + 59'999ms);
  done.add(&minute_counts::dead, noon + 1min);
  const auto hour = done.last_hour(noon + 61s);
  ASSERT_EQ(hour.size(), 60U);
  EXPECT_EQ(hour[58].at, noon);
  EXPECT_EQ(hour[58].counts, (minute_counts{2, 0, 0, 0, 0}));
  EXPECT_EQ(hour[59].counts, (minute_counts{0, 0, 0, 0, 1}));
}

/// Events come in any order, some long after they were.
RC_GTEST_PROP(any_throughput, is_what_counting_by_hand_gives, ()) {
  using kind = std::uint64_t minute_counts::*;
  throughput done;
  std::vector<std::pair<wall_time, kind>> all;
  auto now = noon;
  const auto add = [&](wall_time was_at) {
    const auto what =
      *rc::gen::element(&minute_counts::offered, &minute_counts::claimed, &minute_counts::completed,
                        &minute_counts::failed, &minute_counts::dead);
    done.add(what, was_at);
    all.emplace_back(was_at, what);
  };
  const auto gap = *rc::gen::element(1'000, 60'000, 300'000);
  const bool is_busy = *rc::gen::arbitrary<bool>(); // then there is something in each minute
  for (int left = *rc::gen::inRange(0, 150); left > 0; --left) {
    now += std::chrono::milliseconds{is_busy ? 60'000 : *rc::gen::inRange(0, gap)};
    add(now);
    add(now - std::chrono::milliseconds{*rc::gen::inRange(0, 30 * gap)});
  }
  const auto hour = done.last_hour(now);
  RC_ASSERT(hour.size() == 60U);
  RC_ASSERT(hour.back().at <= now);
  RC_ASSERT(now < hour.back().at + 1min);
  for (std::size_t i = 0; i < hour.size(); ++i) {
    RC_ASSERT((i == 0 || hour[i].at == hour[i - 1].at + 1min));
    minute_counts by_hand;
    for (const auto& [was_at, what] : all) {
      by_hand.*what += hour[i].at <= was_at && was_at < hour[i].at + 1min ? 1 : 0;
    }
    RC_ASSERT(hour[i].counts == by_hand);
  }
}

} // namespace
} // namespace nats_mcp::coordination::throughput_test
