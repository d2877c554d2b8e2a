// SPDX-License-Identifier: MIT
// Who leads: how a first coordinator begins, how a second takes over from one that was killed, was
// stopped, lost its connection or left, and what each believes meanwhile.
#include "protocol/coordination/leader_entry.hpp"
#include "protocol/limits/coordination.hpp"

#include "tests/unit/protocol/coordination/coordinators.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace nats_mcp::coordination::leadership_test {
namespace {

using who = std::vector<std::size_t>;

/// Anna has led for a while, Bert waits.
class two_coordinators : public ::testing::Test {
protected:
  static constexpr std::size_t anna = 0;
  static constexpr std::size_t bert = 1;

  two_coordinators() {
    of.run(8s, {anna});
    of.run(5s);
    EXPECT_EQ(of.acting(), who{anna});
    term_of_anna = of[anna].machine().term();
  }

  [[nodiscard]] read_leader entry() const {
    return read_leader_entry(of.store.entry(coordinator_bucket, leader_key)->value);
  }

  coordinators of{2};
  std::uint64_t term_of_anna = 0;
};

TEST(a_first_coordinator, acts_when_nobody_has_led_for_six_seconds) {
  coordinators of{1};
  of.run(5'900ms);
  EXPECT_TRUE(of.acting().empty()) << "somebody's entry may have been deleted a moment ago";
  of.run(200ms);
  EXPECT_EQ(of.acting(), who{0});
  EXPECT_EQ(of[0].machine().term(), 1U);
}

TEST_F(two_coordinators, keep_their_parts_as_long_as_both_live) {
  of.run(10min);
  EXPECT_EQ(of.acting(), who{anna});
  EXPECT_EQ(of[anna].machine().term(), term_of_anna) << "the revision it won with, not the newest";
  EXPECT_EQ(of[bert].machine().term(), 0U);
  EXPECT_EQ(of[bert].machine().seen_leader(), of[anna].guid());
  EXPECT_EQ(entry().entry, (leader_entry{of[anna].guid(), "host-1", false}));
}

TEST_F(two_coordinators, change_places_within_eight_seconds_when_one_is_killed) {
  of.run(8s, {bert});
  EXPECT_EQ(of.acting(), who{bert});
  EXPECT_GT(of[bert].machine().term(), term_of_anna);
}

TEST_F(two_coordinators, never_act_both_when_one_is_stopped_and_goes_on) {
  of.ask(anna);
  of.run(20s, {bert});
  EXPECT_EQ(of.acting(), who{bert}) << "by its own clock Anna's time was over long ago";
  of.run(5s);
  EXPECT_EQ(of.acting(), who{bert});
  EXPECT_EQ(of[anna].machine().seen_leader(), of[bert].guid());
}

TEST_F(two_coordinators, are_both_idle_between_the_fourth_and_the_sixth_second) {
  of.run(5s, {});
  EXPECT_TRUE(of.acting().empty());
}

TEST_F(two_coordinators, go_on_in_the_same_term_after_a_silence_nobody_used) {
  of.run(5s, {});
  of.run(100ms, {anna});
  EXPECT_EQ(of.acting(), who{anna});
  EXPECT_EQ(of[anna].machine().term(), term_of_anna);
}

TEST_F(two_coordinators, change_places_at_once_when_one_leaves) {
  of[anna].machine().resign(of[anna].clock(of.passed()));
  EXPECT_TRUE(of.acting().empty()) << "from the moment it was asked to";
  of.run(50ms, {anna});
  EXPECT_TRUE(of[anna].machine().has_resigned());
  EXPECT_TRUE(entry().entry.released);
  of.run(1s);
  EXPECT_EQ(of.acting(), who{bert});
  EXPECT_GT(of[bert].machine().term(), term_of_anna);
}

TEST_F(two_coordinators, take_the_time_of_the_silence_when_the_hand_over_fails) {
  of[anna].machine().resign(of[anna].clock(of.passed()));
  for (unsigned tried = 0; tried < limits::leader_hand_overs_max; ++tried) {
    of.ask(anna);
    of.never_send(anna);
    of.hear(anna);
    of.pass(300ms);
  }
  EXPECT_TRUE(of[anna].machine().has_resigned());
  EXPECT_EQ(of[anna].machine().due(), monotonic_time::max());
  of.run(8s, {bert});
  EXPECT_EQ(of.acting(), who{bert});
}

TEST_F(two_coordinators, know_their_hand_over_whose_answer_was_lost) {
  of[anna].machine().resign(of[anna].clock(of.passed()));
  of.ask(anna);
  of.lose_answer(anna);
  of.hear(anna);
  of.run(50ms, {anna});
  EXPECT_TRUE(of[anna].machine().has_resigned());
  EXPECT_TRUE(entry().entry.released);
}

TEST_F(two_coordinators, leave_at_once_who_does_not_lead) {
  of[bert].machine().resign(of[bert].clock(of.passed()));
  EXPECT_TRUE(of[bert].machine().has_resigned());
  of.run(1s);
  EXPECT_EQ(of.acting(), who{anna});
}

TEST_F(two_coordinators, change_places_at_once_when_one_stands_down_and_stays) {
  of[anna].machine().stand_down(of[anna].clock(of.passed()));
  EXPECT_TRUE(of.acting().empty()) << "from the moment it was asked to";
  of.run(50ms, {anna});
  EXPECT_FALSE(of[anna].machine().has_resigned());
  EXPECT_TRUE(entry().entry.released);
  of.run(1s);
  EXPECT_EQ(of.acting(), who{bert});
  EXPECT_GT(of[bert].machine().term(), term_of_anna);
  of.run(2 * limits::leader_unable_pause);
  EXPECT_EQ(of.acting(), who{bert});
  of.run(9s, {anna});
  EXPECT_EQ(of.acting(), who{anna}) << "it still wants to when it is needed";
}

TEST_F(two_coordinators, lead_again_after_a_pause_when_nobody_else_does) {
  of[anna].machine().stand_down(of[anna].clock(of.passed()));
  of.run(limits::leader_unable_pause - 100ms, {anna});
  EXPECT_TRUE(of.acting().empty());
  of.run(1s, {anna});
  EXPECT_EQ(of.acting(), who{anna});
  EXPECT_GT(of[anna].machine().term(), term_of_anna);
}

TEST_F(two_coordinators, take_over_from_one_that_stands_down_without_being_heard) {
  of[anna].machine().stand_down(of[anna].clock(of.passed()));
  for (unsigned tried = 0; tried < limits::leader_hand_overs_max; ++tried) {
    of.ask(anna);
    of.never_send(anna);
    of.hear(anna);
    of.pass(300ms);
  }
  EXPECT_FALSE(of[anna].machine().has_resigned());
  EXPECT_EQ(entry().entry.guid, of[anna].guid());
  of.run(8s);
  EXPECT_EQ(of.acting(), who{bert}) << "its own entry does not lead Anna back";
}

TEST_F(two_coordinators, leave_for_good_while_they_stand_down) {
  of[anna].machine().stand_down(of[anna].clock(of.passed()));
  of[anna].machine().resign(of[anna].clock(of.passed()));
  of.run(50ms, {anna});
  EXPECT_TRUE(of[anna].machine().has_resigned());
  of[bert].machine().stand_down(of[bert].clock(of.passed()));
  of.run(1s);
  EXPECT_EQ(of.acting(), who{bert}) << "a follower has nothing to stand down from";
}

TEST_F(two_coordinators, know_a_renewal_whose_answer_was_lost) {
  of.pass(2s);
  of.ask(anna);
  of.lose_answer(anna);
  of.hear(anna);
  of.run(50ms, {anna});
  of.run(3'900ms, {});
  EXPECT_EQ(of.acting(), who{anna}) << "the time counts from when the write was sent";
  EXPECT_EQ(of[anna].machine().term(), term_of_anna);
}

TEST_F(two_coordinators, know_a_renewal_that_arrives_late) {
  of.pass(2s);
  of.ask(anna);
  of.be_late(anna);
  of.hear(anna);
  of.ask(anna); // looks
  of.serve(anna);
  of.hear(anna); // not there yet
  of.late_ones_arrive();
  of.run(100ms, {anna});
  of.run(10s);
  EXPECT_EQ(of.acting(), who{anna});
  EXPECT_EQ(of[anna].machine().term(), term_of_anna);
}

TEST_F(two_coordinators, know_a_first_write_whose_answer_was_lost) {
  while (!of[bert].asked || std::holds_alternative<jetstream::kv_get>(*of[bert].asked)) {
    of.serve(bert);
    of.hear(bert);
    of.pass(50ms);
    of.ask(bert);
  }
  of.lose_answer(bert);
  of.hear(bert);
  of.run(50ms, {bert});
  EXPECT_EQ(of.acting(), who{bert});
  EXPECT_EQ(of[bert].machine().term(), of.store.entry(coordinator_bucket, leader_key)->revision);
}

TEST_F(two_coordinators, may_not_use_the_deletion_of_the_entry_at_once) {
  (void)of.store.remove({std::string{coordinator_bucket}, std::string{leader_key}, {}, {}});
  of.run(1'900ms, {bert});
  EXPECT_EQ(of.acting(), who{anna}) << "who does not know of it yet";
  of.run(10s);
  EXPECT_EQ(of.acting().size(), 1U);
}

TEST_F(two_coordinators, wait_for_an_entry_nobody_can_read_as_for_any) {
  (void)of.store.put({std::string{coordinator_bucket}, std::string{leader_key}, "?", {}, "w", {}});
  of.run(5'900ms);
  EXPECT_TRUE(of.acting().empty());
  of.run(2s);
  EXPECT_EQ(of.acting().size(), 1U);
}

TEST_F(two_coordinators, exceed_the_terms_of_a_bucket_that_was_lost) {
  of.store.drop_bucket(coordinator_bucket);
  of.store.make_bucket(coordinator_bucket);
  of.run(10s);
  ASSERT_EQ(of.acting().size(), 1U);
  const auto leader = of.acting().front();
  ASSERT_LT(of[leader].machine().term(), 812U);
  of[leader].machine().outranked(812, of[leader].clock(of.passed()));
  EXPECT_TRUE(of.acting().empty()) << "perhaps somebody else leads";
  of.run(100ms);
  EXPECT_EQ(of.acting(), who{leader});
  EXPECT_EQ(of[leader].machine().term(), 813U);
}

TEST_F(two_coordinators, find_out_by_a_greater_term_that_they_were_replaced) {
  of.run(10s, {bert});
  of[anna].machine().outranked(of[bert].machine().term(), of[anna].clock(of.passed()));
  of.run(50ms, {anna});
  EXPECT_EQ(of[anna].machine().term(), 0U);
  EXPECT_EQ(of.acting(), who{bert});
}

TEST_F(two_coordinators, believe_no_renewal_that_was_sent_before_the_greater_term_was_met) {
  of.pass(2s);
  of.ask(anna);
  of.serve(anna);
  of[anna].machine().outranked(812, of[anna].clock(of.passed()));
  of.hear(anna);
  EXPECT_TRUE(of.acting().empty());
  of.run(50ms, {anna});
  EXPECT_EQ(of[anna].machine().term(), 813U);
}

TEST(a_leaders_entry, is_read_as_it_was_written) {
  const leader_entry written{make_uuid(testing::counting_from(3)), "build-1", true};
  const auto read = read_leader_entry(write_leader_entry(written, "w-1"));
  EXPECT_EQ(read.entry, written);
  EXPECT_EQ(read.write_id, "w-1");
  EXPECT_EQ(write_leader_entry({"g", "h", false}, "w"),
            R"({"v":1,"writeId":"w","guid":"g","host":"h"})");
}

TEST(a_leaders_entry, of_strangers_is_nobodys) {
  for (const auto* const value : {"", "?", "[]", R"({"guid":"me"})", R"({"guid":7,"host":[]})"}) {
    EXPECT_EQ(read_leader_entry(value).entry, leader_entry{}) << value;
  }
}

} // namespace
} // namespace nats_mcp::coordination::leadership_test
