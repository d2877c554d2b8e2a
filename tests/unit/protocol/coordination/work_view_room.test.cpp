// SPDX-License-Identifier: MIT
// What a coordinator sees of more items than it keeps in view, and what it lets go.
#include "protocol/coordination/assignment_change.hpp"
#include "protocol/coordination/work_view.hpp"

#include "tests/unit/protocol/work/sample_work.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace nats_mcp::coordination::work_view_room_test {
namespace {

using work::item_record;
using work::item_state;
using work::testing::ann;
using work::testing::bob;
using work::testing::held_by_ann;
using work::testing::no_result;
using work::testing::noon;
using work::testing::waiting;
using namespace std::chrono_literals;

class a_small_view : public ::testing::Test {
protected:
  static std::string id_of(unsigned number) {
    return "550e8400-e29b-41d4-a716-44665544000" + std::to_string(number);
  }
  static item_record numbered(item_record record, unsigned number) {
    record.item.id = id_of(number);
    return record;
  }
  static item_record done(unsigned number) {
    return numbered(work::completed(held_by_ann(), "c-1", "Done.", no_result, noon).value(),
                    number);
  }
  void see(const item_record& record, wall_time stamp) {
    view.apply({record.item.id, work::write_item_record(record, "w"), 1,
                jetstream::kv_operation::put, stamp},
               work_view::origin::change);
  }
  [[nodiscard]] std::size_t seen() const {
    return view.count(item_state::pending) + view.count(item_state::claimed)
           + view.count(item_state::completed) + view.count(item_state::dead);
  }

  work_view view{3};
};

TEST_F(a_small_view, lets_the_oldest_finished_items_make_room_for_open_ones) {
  see(done(1), noon + 1s);
  see(done(2), noon + 2s);
  see(numbered(work::testing::out_of_attempts(), 3), noon);
  see(numbered(waiting(), 4), noon + 4s);
  EXPECT_EQ(view.count(item_state::completed), 1U);
  EXPECT_EQ(view.left_out(), 1U);
  see(numbered(waiting(), 5), noon + 5s);
  EXPECT_EQ(view.count(item_state::completed), 0U);
  EXPECT_EQ(view.count(item_state::dead), 1U) << "it is worth more";
  see(numbered(waiting(), 6), noon + 6s);
  EXPECT_EQ(view.count(item_state::dead), 0U);
  EXPECT_EQ(view.count(item_state::pending), 3U);
  EXPECT_EQ(view.items().size(), 3U);
  EXPECT_EQ(view.left_out(), 3U);
}

TEST_F(a_small_view, counts_once_what_does_not_fit) {
  for (const unsigned number : {1U, 2U, 3U, 4U}) {
    see(numbered(waiting(), number), noon);
  }
  EXPECT_EQ(view.left_out(), 1U);
  see(numbered(held_by_ann(), 4), noon + 1s);
  EXPECT_EQ(view.left_out(), 1U) << "the same";
  EXPECT_EQ(view.load_of(ann.guid).held, 0U);
  see(done(1), noon + 2s);
  see(numbered(held_by_ann(), 4), noon + 3s);
  EXPECT_EQ(view.count(item_state::claimed), 1U) << "there is room now";
  EXPECT_EQ(view.left_out(), 1U) << "that of another one";
  EXPECT_EQ(view.load_of(ann.guid).held, 1U);
  view.apply({id_of(1), {}, 1, jetstream::kv_operation::deleted, noon}, work_view::origin::change);
  EXPECT_EQ(view.left_out(), 0U);
  view.clear();
  EXPECT_EQ(view.left_out(), 0U);
}

TEST_F(a_small_view, keeps_the_newest_of_those_that_are_over) {
  for (const unsigned number : {2U, 3U, 4U}) {
    see(done(number), noon + std::chrono::seconds{number});
  }
  see(done(1), noon + 1s);
  EXPECT_EQ(view.left_out(), 1U) << "older than all of them";
  see(done(5), noon + 5s);
  EXPECT_EQ(view.left_out(), 2U);
  view.forget_before(noon + 4s);
  EXPECT_EQ(view.count(item_state::completed), 2U) << "the fourth and the fifth";
  EXPECT_EQ(view.load_of(ann.guid).busy_at, noon + 5s) << "which Ann has done";
}

TEST_F(a_small_view, lets_go_what_its_bucket_lets_go) {
  see(done(1), noon);
  see(numbered(held_by_ann(), 2), noon + 1s);
  see(numbered(work::testing::out_of_attempts(), 3), noon + 2s);
  see(done(4), noon - 1s); // does not fit
  view.forget_before(noon);
  EXPECT_EQ(seen(), 3U);
  EXPECT_EQ(view.left_out(), 0U);
  view.forget_before(noon + 1s);
  EXPECT_EQ(seen(), 2U);
  see(numbered(held_by_ann(), 2), noon + 1min);
  view.forget_before(noon + 1min);
  EXPECT_EQ(view.count(item_state::claimed), 1U) << "it was written anew";
  EXPECT_EQ(seen(), 1U);
  view.forget_before(noon + 1h);
  EXPECT_EQ(seen(), 0U);
  EXPECT_EQ(view.load_of(ann.guid).held, 0U);
  EXPECT_TRUE(view.items().empty());
}

TEST_F(a_small_view, forgets_who_was_given_an_item_and_never_began_it) {
  const auto to_ann =
    given(requested(work::testing::sample_item(), noon), {7, ann.guid, noon + 1min, {}}, noon);
  see(to_ann, noon + 1s);
  see(given(to_ann, {7, bob.guid, noon + 3min, {ann.guid}}, noon + 2min), noon + 2min);
  EXPECT_EQ(view.load_of(ann.guid).waiting, 0U);
  view.forget_before(noon);
  EXPECT_GT(view.load_of(ann.guid).busy_at, wall_time{}) << "others were idle for longer";
  view.forget_before(noon + 2min);
  EXPECT_EQ(view.load_of(ann.guid).busy_at, wall_time{});
  EXPECT_EQ(view.load_of(bob.guid).waiting, 1U);
}

TEST_F(a_small_view, counts_an_item_that_comes_back_only_once_in_the_hour) {
  const auto dead = numbered(work::testing::out_of_attempts(), 1);
  see(dead, noon + 1s);
  for (const unsigned number : {2U, 3U, 4U}) {
    see(numbered(waiting(), number), noon + 2s);
  }
  ASSERT_EQ(view.count(item_state::dead), 0U) << "it made room";
  const auto before = view.done().last_hour(noon).back().counts;
  EXPECT_EQ(before, (minute_counts{4, 3, 0, 3, 1}));
  see(done(2), noon + 3s);
  const auto retried = work::retried(dead, work::attempts_after_retry::reset, noon + 4s).value();
  see(retried, noon + 4s);
  ASSERT_EQ(view.count(item_state::pending), 3U);
  auto after = before;
  ++after.claimed;
  ++after.completed; // the second one
  EXPECT_EQ(view.done().last_hour(noon).back().counts, after);
  see(work::testing::taken_by(ann, "c-9", retried, noon + 5s), noon + 5s);
  ++after.claimed;
  EXPECT_EQ(view.done().last_hour(noon).back().counts, after) << "what is new is counted";
}

} // namespace
} // namespace nats_mcp::coordination::work_view_room_test
