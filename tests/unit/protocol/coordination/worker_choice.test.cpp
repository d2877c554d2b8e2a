// SPDX-License-Identifier: MIT
// Who gets an item: what makes an agent come into question, and which of several it is.
#include "protocol/coordination/worker_choice.hpp"

#include "protocol/coordination/next_worker.hpp"
#include "protocol/limits/coordination.hpp"

#include "tests/unit/protocol/work/sample_work.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace nats_mcp::coordination::worker_choice_test {
namespace {

using tools::effective_status;
using work::testing::noon;
using work::testing::planner;
using work::testing::project;
using namespace std::chrono_literals;

/// An agent of the planner's project that can do TypeScript and does nothing.
candidate agent(char digit) {
  candidate out;
  out.who = {std::string(8, digit) + "-0000-4000-8000-000000000000", project, "user"};
  out.status = effective_status::online;
  out.capabilities = {"testing", "typescript"};
  out.busy_at = noon;
  return out;
}

class a_choice : public ::testing::Test {
protected:
  [[nodiscard]] std::string chosen(const std::vector<candidate>& all) const {
    const auto* const one = choose_worker(all, {item, offerer, preferred, not_these});
    return one == nullptr ? "nobody" : one->who.guid.substr(0, 1);
  }

  work::work_item item = work::testing::sample_item();
  agents::principal offerer{planner.guid, project, "user"};
  std::string preferred;
  std::vector<std::string> not_these;
  candidate a = agent('a');
  candidate b = agent('b');
};

TEST_F(a_choice, is_somebody_who_can_do_it) {
  EXPECT_EQ(chosen({}), "nobody");
  a.capabilities = {"type", "script"};
  EXPECT_EQ(chosen({a}), "nobody");
  a.capabilities = {"TYPESCRIPT"};
  EXPECT_EQ(chosen({a}), "a");
}

TEST_F(a_choice, leaves_places_with_those_who_come_into_question) {
  b.capabilities = {"COBOL"};
  auto busy = agent('c');
  busy.waiting = limits::assigned_waiting_max;
  auto half = agent('d');
  half.waiting = limits::assigned_waiting_max - 1;
  auto gone = agent('e');
  gone.status = effective_status::offline;
  auto own = agent('f');
  own.who = offerer;
  EXPECT_EQ(places_for({a, b, busy, half, gone, own}, {item, offerer, preferred, not_these}),
            limits::assigned_waiting_max + 1U);
}

TEST_F(a_choice, is_somebody_of_the_project_if_the_item_is_its_own) {
  a.who.project_id = "ffff456789abcdef";
  a.seen_by = agents::visibility::public_;
  EXPECT_EQ(chosen({a}), "a");
  item.scope = project;
  EXPECT_EQ(chosen({a}), "nobody");
  EXPECT_EQ(chosen({a, b}), "b");
}

TEST_F(a_choice, is_somebody_the_offerer_may_see) {
  offerer.project_id = "ffff456789abcdef";
  EXPECT_EQ(chosen({a}), "nobody");
  a.seen_by = agents::visibility::user_only;
  EXPECT_EQ(chosen({a}), "a");
  offerer.user_hash = "another";
  EXPECT_EQ(chosen({a}), "nobody");
  a.seen_by = agents::visibility::private_;
  offerer = {planner.guid, project, "user"};
  EXPECT_EQ(chosen({a}), "nobody");
}

TEST_F(a_choice, is_somebody_alive_and_busy_only_if_nobody_is_online) {
  for (const auto away : {effective_status::stale, effective_status::offline}) {
    a.status = away;
    EXPECT_EQ(chosen({a}), "nobody");
  }
  a.status = effective_status::busy;
  EXPECT_EQ(chosen({a}), "a");
  b.held = 40;
  EXPECT_EQ(chosen({a, b}), "b");
}

TEST_F(a_choice, is_nobody_with_enough_to_claim) {
  a.waiting = 2;
  EXPECT_EQ(chosen({a}), "nobody");
  preferred = a.who.guid;
  EXPECT_EQ(chosen({a}), "nobody") << "preferred or not";
  a.waiting = 1;
  EXPECT_EQ(chosen({a}), "a");
}

TEST_F(a_choice, is_the_one_with_the_fewest_items) {
  a.held = 2;
  b.held = 1;
  EXPECT_EQ(chosen({a, b}), "b");
  b.waiting = 1;
  b.busy_at = noon + 1s;
  EXPECT_EQ(chosen({a, b}), "a") << "as many, and idle for longer";
  a.current_tasks = 3;
  EXPECT_EQ(chosen({a, b}), "b") << "and who says itself that it has more to do has";
}

TEST_F(a_choice, is_the_one_that_has_been_idle_for_longest) {
  a.busy_at = noon + 1s;
  EXPECT_EQ(chosen({a, b}), "b");
  a.busy_at = wall_time{};
  EXPECT_EQ(chosen({a, b}), "a") << "never had anything";
}

TEST_F(a_choice, is_the_preferred_one_if_it_comes_into_question) {
  preferred = b.who.guid;
  b.status = effective_status::busy;
  b.held = 5;
  EXPECT_EQ(chosen({a, b}), "b");
  b.status = effective_status::stale;
  EXPECT_EQ(chosen({a, b}), "a");
}

TEST_F(a_choice, is_the_offerer_only_if_it_is_preferred) {
  item.offered_by.guid = a.who.guid;
  EXPECT_EQ(chosen({a}), "nobody");
  preferred = a.who.guid;
  EXPECT_EQ(chosen({a}), "a");
}

TEST_F(a_choice, is_none_of_those_that_had_their_turn) {
  not_these = {a.who.guid};
  preferred = a.who.guid;
  EXPECT_EQ(chosen({a}), "nobody");
  EXPECT_EQ(chosen({a, b}), "b");
}

RC_GTEST_PROP(any_choice, is_the_same_in_whatever_order_agents_are_known, ()) {
  std::vector<candidate> all;
  for (const char digit : {'1', '2', '3', '4', '5'}) {
    auto one = agent(digit);
    one.held = *rc::gen::inRange(0U, 2U);
    one.waiting = *rc::gen::inRange(0U, 3U);
    one.status = *rc::gen::element(effective_status::online, effective_status::busy);
    one.busy_at = *rc::gen::element(noon, noon + 1s);
    all.push_back(std::move(one));
  }
  const auto item = work::testing::sample_item();
  const agents::principal offerer{planner.guid, project, "user"};
  const auto choose = [&] {
    const auto* const one = choose_worker(all, {item, offerer, {}, {}});
    return one == nullptr ? std::string{} : one->who.guid;
  };
  const auto first = choose();
  std::rotate(all.begin(), all.begin() + *rc::gen::inRange(0, 5), all.end());
  RC_ASSERT(choose() == first);
}

// -- one after another ---------------------------------------------------------------------------

TEST(the_next_worker, is_one_that_had_no_turn_then_anybody_else) {
  const std::vector<std::string> all{"a", "b", "c"};
  const worker_rule first_of = [&](const auto&, const auto& not_these) {
    const auto one = std::find_if(all.begin(), all.end(), [&](const auto& guid) {
      return std::find(not_these.begin(), not_these.end(), guid) == not_these.end();
    });
    return one == all.end() ? std::nullopt : std::optional{*one};
  };
  auto record = work::testing::waiting();
  record.assigned.emplace();
  std::string turns;
  for (int turn = 0; turn < 7; ++turn) {
    const auto next = next_worker(first_of, {}, &record);
    ASSERT_TRUE(next);
    turns += next->guid;
    record.item.assigned_to = next->guid;
    record.assigned->passed_over = next->passed_over;
  }
  EXPECT_EQ(turns, "abcabca");
  EXPECT_EQ(next_worker(first_of, {}, nullptr)->guid, "a");
}

TEST(the_next_worker, is_never_the_same) {
  const worker_rule only_a = [](const auto&, const auto& not_these) {
    return not_these.empty() ? std::optional<std::string>{"a"} : std::nullopt;
  };
  auto record = work::testing::waiting();
  record.assigned.emplace();
  record.item.assigned_to = "a";
  EXPECT_FALSE(next_worker(only_a, {}, &record));
}

} // namespace
} // namespace nats_mcp::coordination::worker_choice_test
