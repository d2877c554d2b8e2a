// SPDX-License-Identifier: MIT
#include "protocol/agents/liveness.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <optional>
#include <vector>

namespace nats_mcp::agents::liveness_test {
namespace {

using namespace std::chrono_literals;
using tools::agent_status;
using tools::effective_status;

constexpr wall_time noon{1'736'935'200'000ms};
constexpr monotonic_time boot{std::chrono::hours{5}};

agent_record developer() {
  agent_record out;
  out.session_id = "s1";
  out.heartbeat_interval = 60s;
  return out;
}

TEST(judging, calls_an_agent_stale_from_two_intervals_on) {
  EXPECT_EQ(judge(developer(), noon, noon), effective_status::online);
  EXPECT_EQ(judge(developer(), noon, noon + 120s - 1ms), effective_status::online);
  EXPECT_EQ(judge(developer(), noon, noon + 120s), effective_status::stale);
}

TEST(judging, calls_an_agent_offline_from_three_intervals_on) {
  EXPECT_EQ(judge(developer(), noon, noon + 180s - 1ms), effective_status::stale);
  EXPECT_EQ(judge(developer(), noon, noon + 180s), effective_status::offline);
}

TEST(judging, goes_by_the_interval_of_the_agent) {
  auto slow = developer();
  slow.heartbeat_interval = 600s;
  EXPECT_EQ(judge(slow, noon, noon + 180s), effective_status::online);
  EXPECT_EQ(judge(slow, noon, noon + 1200s), effective_status::stale);
}

TEST(judging, believes_an_agent_that_says_it_is_busy_or_offline_only_while_it_lives) {
  auto agent = developer();
  agent.status = agent_status::busy;
  EXPECT_EQ(judge(agent, noon, noon + 1s), effective_status::busy);
  EXPECT_EQ(judge(agent, noon, noon + 120s), effective_status::stale);
  agent.status = agent_status::offline;
  EXPECT_EQ(judge(agent, noon, noon), effective_status::offline);
}

TEST(judging, calls_an_agent_offline_that_said_goodbye_or_that_nobody_speaks_as) {
  auto ended = developer();
  ended.ended = true;
  EXPECT_EQ(judge(ended, noon, noon), effective_status::offline);
  auto nobody = developer();
  nobody.session_id.clear();
  EXPECT_EQ(judge(nobody, noon, noon), effective_status::offline);
}

TEST(judging, takes_a_stamp_of_the_future_for_the_present) {
  EXPECT_EQ(judge(developer(), noon + 1h, noon), effective_status::online);
}

TEST(a_sign_of_life, counts_when_it_is_of_the_session_that_speaks) {
  const sign_of_life own{"s1", noon + 10s};
  const sign_of_life strange{"s0", noon + 10s};
  EXPECT_EQ(last_seen(developer(), noon, &own), noon + 10s);
  EXPECT_EQ(last_seen(developer(), noon, &strange), noon);
  EXPECT_EQ(last_seen(developer(), noon, nullptr), noon);
}

TEST(a_sign_of_life, of_no_session_never_counts) {
  auto nobody = developer();
  nobody.session_id.clear();
  const sign_of_life empty{"", noon + 10s};
  EXPECT_EQ(last_seen(nobody, noon, &empty), noon);
}

TEST(a_sign_of_life, does_not_make_a_newer_record_older) {
  const sign_of_life old{"s1", noon - 10s};
  EXPECT_EQ(last_seen(developer(), noon, &old), noon);
}

TEST(a_server_clock, is_unknown_until_it_saw_a_stamp_and_then_goes_on) {
  server_clock clock;
  EXPECT_FALSE(clock.known());
  clock.observe(noon, boot, boot);
  ASSERT_TRUE(clock.known());
  EXPECT_EQ(clock.now(boot), noon);
  EXPECT_EQ(clock.now(boot + 1500ms), noon + 1500ms);
}

TEST(a_server_clock, does_not_go_back_for_an_answer_that_took_long) {
  server_clock clock;
  clock.observe(noon, boot, boot);
  clock.observe(noon + 1s, boot + 1s, boot + 5s); // an old stamp, seen late
  EXPECT_EQ(clock.now(boot + 5s), noon + 5s);
  clock.observe(noon + 6s, boot + 4s, boot + 5s);
  EXPECT_EQ(clock.now(boot + 5s), noon + 6s);
  EXPECT_EQ(clock.now(boot), noon + 6s) << "not for a moment before it saw anything either";
}

TEST(a_server_clock, never_goes_back_for_a_stamp_that_may_be_old) {
  server_clock clock;
  clock.observe(noon, boot);
  clock.observe(noon - 1h, boot + 5s);
  EXPECT_EQ(clock.now(boot + 5s), noon + 5s);
  clock.observe(noon + 6s, boot + 5s);
  EXPECT_EQ(clock.now(boot + 5s), noon + 6s);
}

TEST(a_server_clock, follows_the_server_whose_clock_was_set_back) {
  server_clock clock;
  clock.observe(noon, boot, boot);
  clock.observe(noon - 1h + 10s, boot + 9s, boot + 11s);
  EXPECT_EQ(clock.now(boot + 11s), noon - 1h + 10s);
  EXPECT_EQ(clock.now(boot + 12s), noon - 1h + 11s);
}

TEST(a_server_clock, is_ahead_of_the_servers_by_no_more_than_an_answer_took) {
  server_clock clock;
  clock.observe(noon + 5s, boot, boot);
  clock.observe(noon + 8s, boot + 9s, boot + 15s); // at most 14 s past noon, not 20
  EXPECT_EQ(clock.now(boot + 15s), noon + 8s);
}

TEST(a_server_clock, does_not_go_back_for_another_that_was_told_earlier_by_a_slow_answer) {
  server_clock slow;
  slow.observe(noon, boot, boot + 5s);
  server_clock clock;
  clock.observe(noon + 9s, boot + 9s, boot + 9s);
  clock.observe(slow);
  EXPECT_EQ(clock.now(boot + 9s), noon + 9s);
}

TEST(a_server_clock, learns_from_another_what_is_newer) {
  server_clock ahead;
  ahead.observe(noon + 9s, boot, boot);
  server_clock clock;
  clock.observe(server_clock{});
  EXPECT_FALSE(clock.known());
  clock.observe(noon, boot, boot);
  clock.observe(ahead);
  EXPECT_EQ(clock.now(boot), noon + 9s);
  server_clock behind;
  behind.observe(noon, boot - 10s, boot);
  clock.observe(behind);
  EXPECT_EQ(clock.now(boot), noon + 9s);
  server_clock set_back;
  set_back.observe(noon, boot, boot);
  clock.observe(set_back);
  EXPECT_EQ(clock.now(boot), noon);
}

/// Whatever answers come in whatever order, from however slow a server, and heard by way of whom.
RC_GTEST_PROP(a_server_clock, is_never_ahead_of_a_server_whose_clock_only_goes_on, ()) {
  server_clock clock;
  server_clock other;
  auto local = boot;
  const auto at_server = [](monotonic_time when) {
    return noon + std::chrono::duration_cast<std::chrono::milliseconds>(when - boot);
  };
  const auto while_passes = [] { return std::chrono::milliseconds{*rc::gen::inRange(0, 5000)}; };
  std::optional<wall_time> least;
  for (const int event : *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 4))) {
    const auto asked = local;
    const auto made = asked + while_passes();
    local = made + while_passes();
    auto& told = event % 2 == 0 ? clock : other;
    if (event < 2) {
      told.observe(at_server(made), asked, local);
    } else {
      told.observe(at_server(made - while_passes()), local); // stored once, read now
    }
    clock.observe(other);
    if (clock.known()) {
      const auto now = clock.now(local);
      RC_ASSERT(now <= at_server(local));
      RC_ASSERT((!least || now >= *least)); // nor does it go back
      least = now;
    }
  }
}

RC_GTEST_PROP(judging, never_finds_more_life_in_an_agent_that_stays_silent, ()) {
  auto agent = developer();
  agent.status = *rc::gen::element(agent_status::online, agent_status::busy, agent_status::offline);
  agent.ended = *rc::gen::arbitrary<bool>();
  agent.heartbeat_interval = std::chrono::milliseconds{*rc::gen::inRange(1000, 900'000)};
  const auto rank = [](effective_status status) {
    return status == effective_status::offline ? 2 : status == effective_status::stale ? 1 : 0;
  };
  const auto sooner = noon + std::chrono::milliseconds{*rc::gen::inRange(0, 4'000'000)};
  const auto later = sooner + std::chrono::milliseconds{*rc::gen::inRange(0, 4'000'000)};
  const auto before = judge(agent, noon, sooner);
  const auto after = judge(agent, noon, later);
  RC_ASSERT(rank(after) >= rank(before));
  RC_ASSERT(!is_silent(noon, later, agent.heartbeat_interval)
            || after == effective_status::offline);
}

} // namespace
} // namespace nats_mcp::agents::liveness_test
