// SPDX-License-Identifier: MIT
// Three coordinators whose clocks differ, in whatever order things happen to them: stopped for any
// time at any point, killed, asked to leave or to stand down, their requests and answers lost or
// late, the entry deleted by somebody. At most one of them acts at any moment, and terms only grow.
#include "protocol/limits/coordination.hpp"

#include "tests/support/choices.hpp"
#include "tests/unit/protocol/coordination/coordinators.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

namespace nats_mcp::coordination::leadership_race_test {
namespace {

constexpr std::array pauses{1ms, 200ms, 750ms, 1'999ms, 2'000ms, 3'999ms, 4'001ms, 6'000ms};

enum class event : std::uint8_t {
  ask,
  serve,
  hear,
  answered_at_once,
  lose_answer,
  be_late,
  never_send,
  late_ones_arrive,
  kill,
  leave,
  stand_down,
  entry_deleted,
  pass,
};

void happen(coordinators& of, event what, std::size_t who, std::size_t how_long) {
  switch (what) {
    case event::ask:
      return of.ask(who);
    case event::serve:
      return of.serve(who);
    case event::hear:
      return of.hear(who);
    case event::answered_at_once:
      of.ask(who);
      of.serve(who);
      return of.hear(who);
    case event::lose_answer:
      return of.lose_answer(who);
    case event::be_late:
      return of.be_late(who);
    case event::never_send:
      return of.never_send(who);
    case event::late_ones_arrive:
      return of.late_ones_arrive();
    case event::kill:
      return of.kill(who);
    case event::leave:
      return of[who].machine().resign(of[who].clock(of.passed()));
    case event::stand_down:
      return of[who].machine().stand_down(of[who].clock(of.passed()));
    case event::entry_deleted:
      (void)of.store.remove({std::string{coordinator_bucket}, std::string{leader_key}, {}, {}});
      return;
    case event::pass:
      return of.pass(pauses[how_long % pauses.size()]);
  }
}

/// Watches what has to be true at every moment.
class witness {
public:
  /// @returns empty, or what was wrong.
  std::string look(coordinators& of) {
    const auto acting = of.acting();
    if (acting.size() > 1) {
      return "two act at once";
    }
    if (acting.empty()) {
      return {};
    }
    const auto& leader = of[acting.front()];
    const auto term = leader.machine().term();
    if (leader.guid() != guid_ && term <= term_) {
      return "a later leader in no greater term";
    }
    if (leader.guid() == guid_ && term < term_) {
      return "a term that fell";
    }
    changes_ += leader.guid() == guid_ ? 0 : 1;
    guid_ = leader.guid();
    term_ = term;
    return {};
  }
  [[nodiscard]] unsigned changes() const noexcept { return changes_; }

private:
  std::string guid_;
  std::uint64_t term_ = 0;
  unsigned changes_ = 0;
};

using step = std::pair<event, std::pair<std::size_t, std::size_t>>;

rc::Gen<step> any_step() {
  return rc::gen::pair(rc::gen::weightedElement<event>({{6, event::ask},
                                                        {5, event::serve},
                                                        {5, event::hear},
                                                        {20, event::answered_at_once},
                                                        {2, event::lose_answer},
                                                        {2, event::be_late},
                                                        {1, event::never_send},
                                                        {2, event::late_ones_arrive},
                                                        {1, event::kill},
                                                        {1, event::leave},
                                                        {1, event::stand_down},
                                                        {1, event::entry_deleted},
                                                        {12, event::pass}}),
                       rc::gen::pair(rc::gen::inRange<std::size_t>(0, 3),
                                     rc::gen::inRange<std::size_t>(0, pauses.size())));
}

TEST(three_coordinators, never_act_two_at_once) {
  unsigned changes = 0;
  EXPECT_TRUE(rc::check([&changes] {
    const auto story =
      *rc::gen::resize(2000, rc::gen::container<std::vector<step>>(2000, any_step()));
    coordinators of{3};
    witness all;
    for (const auto& [what, details] : story) {
      happen(of, what, details.first, details.second);
      RC_ASSERT(all.look(of) == "");
    }
    changes += all.changes();
  }));
  EXPECT_GT(changes, 100U) << "else the test shows nothing";
}

TEST(three_coordinators, have_a_leader_soon_after_the_trouble_is_over) {
  EXPECT_TRUE(rc::check([] {
    const auto story = *rc::gen::container<std::vector<step>>(100, any_step());
    coordinators of{3};
    for (const auto& [what, details] : story) {
      if (what != event::leave) {
        happen(of, what, details.first, details.second);
      }
    }
    for (std::size_t who = 0; who < of.size(); ++who) {
      of.late_ones_arrive();
      if (of[who].asked) {
        of.be_late(who);
      }
      of.hear(who);
    }
    of.run(16s + limits::leader_unable_pause);
    RC_ASSERT(of.acting().size() == 1U);
  }));
}

/// Every order of a few things that happen to a leader that was silent for a while and the one that
/// wants its place, both of which have just asked to write the entry.
TEST(a_leader_and_a_rival, never_act_both_in_any_order) {
  constexpr std::array happens{event::ask,         event::serve,   event::hear,
                               event::lose_answer, event::be_late, event::late_ones_arrive};
  constexpr std::size_t steps = 4;
  testing::choices order;
  std::array<std::size_t, 2> led{};
  do {
    coordinators of{2};
    witness all;
    of.run(8s, {0}, 500ms);
    happen(of, event::answered_at_once, 1, 0);
    ASSERT_EQ(all.look(of), "");
    of.pass(7s);
    happen(of, event::answered_at_once, 1, 0);
    of.ask(0);
    of.ask(1);
    for (std::size_t at = 0; at < steps; ++at) {
      const auto what = order.next(2 * happens.size());
      happen(of, happens[what / 2], what % 2, 0);
      ASSERT_EQ(all.look(of), "");
    }
    of.run(3s, {0, 1}, 500ms);
    ASSERT_EQ(all.look(of), "");
    for (const auto who : of.acting()) {
      ++led[who];
    }
  } while (order.another());
  EXPECT_GT(led[0], 0U);
  EXPECT_GT(led[1], 0U);
}

} // namespace
} // namespace nats_mcp::coordination::leadership_race_test
