// SPDX-License-Identifier: MIT
// Telling the same thing again, not too often and never too few times.
#include "protocol/mcp/update_pace.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>

namespace nats_mcp::mcp::update_pace_test {
namespace {

using namespace std::chrono_literals;
using strings = std::vector<std::string>;

constexpr monotonic_time start{std::chrono::hours{1}};

TEST(update_pace, tells_the_first_change_at_once) {
  update_pace pace{1s};
  EXPECT_TRUE(pace.changed("a", start));
  EXPECT_FALSE(pace.next_due());
}

TEST(update_pace, tells_what_came_meanwhile_once_when_the_interval_is_over) {
  update_pace pace{1s};
  ASSERT_TRUE(pace.changed("a", start));
  EXPECT_FALSE(pace.changed("a", start + 100ms));
  EXPECT_FALSE(pace.changed("a", start + 900ms));
  EXPECT_EQ(pace.next_due(), start + 1s);
  EXPECT_TRUE(pace.take_due(start + 999ms).empty());
  EXPECT_EQ(pace.take_due(start + 1s), strings{"a"});
  EXPECT_FALSE(pace.next_due());
  EXPECT_FALSE(pace.changed("a", start + 1500ms)) << "counted from the last time it was told";
}

TEST(update_pace, keeps_a_pace_for_each_thing) {
  update_pace pace{1s};
  ASSERT_TRUE(pace.changed("a", start));
  ASSERT_TRUE(pace.changed("b", start + 500ms));
  EXPECT_FALSE(pace.changed("b", start + 600ms));
  EXPECT_EQ(pace.next_due(), start + 1500ms);
  EXPECT_FALSE(pace.changed("a", start + 700ms));
  EXPECT_EQ(pace.next_due(), start + 1s);
  EXPECT_EQ(pace.take_due(start + 2s), (strings{"a", "b"}));
}

TEST(update_pace, has_nothing_to_tell_of_what_was_withdrawn) {
  update_pace pace{1s};
  ASSERT_TRUE(pace.changed("a", start));
  ASSERT_FALSE(pace.changed("a", start + 1ms));
  pace.withdraw("a");
  pace.withdraw("never heard of");
  EXPECT_FALSE(pace.next_due());
  EXPECT_TRUE(pace.take_due(start + 5s).empty());
}

RC_GTEST_PROP(update_pace_property, tells_the_last_change_and_never_twice_in_an_interval, ()) {
  update_pace pace{1s};
  std::map<std::string, monotonic_time> told;
  std::map<std::string, monotonic_time> changed;
  const auto tell = [&](const std::string& what, monotonic_time now) {
    RC_ASSERT((told.count(what) == 0 || now - told[what] >= 1s));
    told[what] = now;
  };
  auto now = start;
  const auto wake = [&](monotonic_time until) {
    while (pace.next_due() && *pace.next_due() <= until) {
      const auto due = *pace.next_due();
      for (const auto& what : pace.take_due(due)) {
        tell(what, due);
      }
    }
  };
  for (const auto gap : *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 1200))) {
    now += std::chrono::milliseconds{gap};
    wake(now);
    const auto what = std::string(1, static_cast<char>('a' + gap % 3));
    changed[what] = now;
    if (pace.changed(what, now)) {
      tell(what, now);
    }
  }
  wake(now + 1s);
  for (const auto& [what, when] : changed) {
    RC_ASSERT(told.at(what) >= when);
  }
}

} // namespace
} // namespace nats_mcp::mcp::update_pace_test
