// SPDX-License-Identifier: MIT
// The checkers of coordinators against histories made by hand: a good one, and bad ones that differ
// from it in one way.
#include "tests/simulation/checkers/coordination_checkers.hpp"

#include <gtest/gtest.h>

#include <chrono>

namespace nats_mcp::simulation::coordination_checkers_test {
namespace {

using namespace std::chrono_literals;

constexpr auto item = "item";
const work::party ann{"ann", "ann"};
const work::party bob{"bob", "bob"};

class coordination_checkers : public ::testing::Test {
protected:
  void act(std::uint64_t process, std::uint64_t term) {
    history_.acts.push_back({++order_, process, term});
  }

  /// The next state of the item, a second later.
  work::item_record& next() {
    auto& all = history_.journal.records[item];
    item_stored stored;
    if (!all.empty()) {
      stored = all.back();
    } else {
      stored.record.assigned = work::assignment{};
      stored.record.item.id = item;
      history_.accepted.emplace_back(item);
    }
    stored.when.order = ++order_;
    stored.stamp = now_ += 1s;
    all.push_back(stored);
    return all.back().record;
  }
  void give(const work::party& to, std::uint64_t term) {
    auto& record = next();
    record.generation += record.item.assigned_to.empty() ? 0 : 1;
    record.item.assigned_to = to.guid;
    record.state = work::item_state::pending;
    record.held.reset();
    record.assigned->term = term;
  }
  void claim(const work::party& by) {
    auto& record = next();
    record.state = work::item_state::claimed;
    record.held = work::claim{"claim", by, "session", 5s};
  }
  void complete() {
    auto& record = next();
    record.state = work::item_state::completed;
    record.held.reset();
  }
  void pass(std::chrono::milliseconds span) { now_ += span; }

  template <class Checker>
  [[nodiscard]] std::size_t found() const {
    return Checker{history_}.violations().size();
  }
  [[nodiscard]] std::size_t found_by_all() const {
    return found<one_leader_acts_at_a_time>() + found<one_worker_has_an_item>()
           + found<terms_only_grow>() + found<every_request_comes_to_an_end>();
  }

  coordination_history history_;

private:
  order_number order_ = 0;
  wall_time now_{};
};

TEST_F(coordination_checkers, find_nothing_wrong_with_a_whole_life) {
  act(1, 10);
  next();
  give(ann, 10);
  act(1, 10);
  act(1, 11); // a term of its own again
  claim(ann);
  pass(10s); // its lease is over
  act(2, 20);
  give(bob, 20);
  claim(bob);
  complete();
  EXPECT_EQ(found_by_all(), 0U);
}

TEST_F(coordination_checkers, catch_a_leader_that_acts_after_its_successor) {
  act(1, 10);
  act(2, 20);
  act(1, 10);
  EXPECT_EQ(found<one_leader_acts_at_a_time>(), 1U);
}

TEST_F(coordination_checkers, catch_two_leaders_in_one_term) {
  act(1, 10);
  act(2, 10);
  EXPECT_EQ(found<one_leader_acts_at_a_time>(), 1U);
}

TEST_F(coordination_checkers, catch_an_item_that_is_taken_from_its_holder) {
  give(ann, 10);
  claim(ann);
  give(bob, 10);
  EXPECT_EQ(found<one_worker_has_an_item>(), 1U);
}

TEST_F(coordination_checkers, catch_an_item_that_changes_hands_within_a_generation) {
  give(ann, 10);
  give(bob, 10);
  --history_.journal.records[item].back().record.generation;
  EXPECT_EQ(found<one_worker_has_an_item>(), 1U);
}

TEST_F(coordination_checkers, catch_a_holder_it_was_not_given_to) {
  give(ann, 10);
  claim(bob);
  EXPECT_EQ(found<one_worker_has_an_item>(), 1U);
}

TEST_F(coordination_checkers, catch_a_leader_that_overrules_a_later_one) {
  give(ann, 20);
  give(bob, 10);
  EXPECT_EQ(found<terms_only_grow>(), 1U);
}

TEST_F(coordination_checkers, catch_an_item_that_does_not_end) {
  give(ann, 10);
  EXPECT_EQ(found<every_request_comes_to_an_end>(), 1U);
}

TEST_F(coordination_checkers, catch_an_item_that_was_accepted_and_is_nowhere) {
  history_.accepted.emplace_back("another item");
  EXPECT_EQ(found<every_request_comes_to_an_end>(), 1U);
}

TEST_F(coordination_checkers, catch_an_item_that_is_completed_twice) {
  give(ann, 10);
  complete();
  complete();
  EXPECT_EQ(found<every_request_comes_to_an_end>(), 1U);
}

TEST_F(coordination_checkers, catch_a_request_that_stays) {
  give(ann, 10);
  complete();
  history_.requests_left = 1;
  EXPECT_EQ(found<every_request_comes_to_an_end>(), 1U);
}

} // namespace
} // namespace nats_mcp::simulation::coordination_checkers_test
