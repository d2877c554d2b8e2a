// SPDX-License-Identifier: MIT
// The table "Assignments" of docs/wire.md, row by row.
#include "protocol/coordination/assignment_decision.hpp"

#include "protocol/coordination/assignment_change.hpp"

#include "tests/unit/protocol/work/sample_work.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <variant>

namespace nats_mcp::coordination::assignment_decision_test {
namespace {

using work::item_record;
using work::item_state;
using work::testing::ack_wait;
using work::testing::ann;
using work::testing::noon;
using work::testing::sample_item;
using namespace std::chrono_literals;

/// It is Ann's to claim until a minute after noon, as the leader of term 7 said.
item_record given_to_ann() {
  return placed(given(requested(sample_item(), noon), {7, ann.guid, noon + 1min, {}}, noon), 7, 41);
}

item_record held_by_ann() {
  const auto before = given_to_ann();
  return work::taken({{before.item, 1}, 41}, &before, work::testing::claim_by(ann, "c-1"), noon);
}

class what_to_do : public ::testing::Test {
protected:
  template <class Meaning>
  std::optional<Meaning> of(const std::optional<item_record>& record, wall_time now = noon) const {
    const auto found = record ? std::optional{work::found_record{*record, 1, noon}} : std::nullopt;
    const auto all = decide_assignment(
      sample_item(), found ? &*found : nullptr, term,
      [this](const std::string& guid) { return is_ann_gone && guid == ann.guid; }, now);
    const auto* one = std::get_if<Meaning>(&all);
    return one == nullptr ? std::nullopt : std::optional{*one};
  }

  std::uint64_t term = 7;
  bool is_ann_gone = false;
};

TEST_F(what_to_do, without_a_record_is_to_find_a_worker) {
  EXPECT_TRUE(of<needs_worker>(std::nullopt));
  EXPECT_TRUE(of<needs_worker>(requested(sample_item(), noon)));
}

TEST_F(what_to_do, after_the_deadline_is_to_bury_it) {
  const auto late = sample_item().deadline + 1ms;
  EXPECT_TRUE(of<work::is_dead>(std::nullopt, late));
  EXPECT_TRUE(of<work::is_dead>(requested(sample_item(), noon), late));
  EXPECT_TRUE(of<work::is_dead>(given_to_ann(), late));
  EXPECT_TRUE(of<needs_worker>(std::nullopt, sample_item().deadline));
}

TEST_F(what_to_do, when_it_is_over_is_to_close_it) {
  for (const auto state :
       {item_state::completed, item_state::dead, item_state::cancelled, item_state::discarded}) {
    auto record = given_to_ann();
    record.state = state;
    EXPECT_TRUE(of<is_finished>(record));
  }
}

TEST_F(what_to_do, with_an_item_of_everybody_is_nothing) {
  EXPECT_TRUE(of<is_left_alone>(work::testing::waiting()));
  EXPECT_TRUE(of<is_left_alone>(work::testing::held_by_ann()));
}

TEST_F(what_to_do, is_not_for_an_earlier_leader) {
  term = 6;
  EXPECT_EQ(of<is_outranked>(given_to_ann())->by_term, 7U);
  EXPECT_TRUE(of<is_outranked>(held_by_ann()));
  term = 8;
  EXPECT_TRUE(of<is_given>(given_to_ann()));
}

TEST_F(what_to_do, while_somebody_holds_it_is_to_wait) {
  EXPECT_EQ(of<can_wait>(held_by_ann(), noon + 1min)->rest, ack_wait - 1min);
  is_ann_gone = true;
  EXPECT_TRUE(of<can_wait>(held_by_ann())) << "she may only be out of sight";
  EXPECT_TRUE(of<can_wait>(held_by_ann(), noon + ack_wait - 1ms));
}

TEST_F(what_to_do, when_the_lease_is_over_is_to_find_another_worker) {
  EXPECT_TRUE(of<needs_worker>(held_by_ann(), noon + ack_wait));
  auto last = held_by_ann();
  last.attempts_max = 1;
  EXPECT_TRUE(of<can_wait>(last));
  EXPECT_TRUE(of<work::is_dead>(last, noon + ack_wait));
}

TEST_F(what_to_do, with_a_half_given_item_is_to_give_it) {
  auto record = given_to_ann();
  record.queue_sequence = 0;
  EXPECT_TRUE(of<is_half_given>(record));
  is_ann_gone = true;
  EXPECT_TRUE(of<is_half_given>(record, noon + 1h)) << "one after the other";
}

TEST_F(what_to_do, while_the_worker_has_time_is_to_tell_it) {
  EXPECT_EQ(of<is_given>(given_to_ann(), noon + 59s)->rest, 1s);
  EXPECT_TRUE(of<needs_worker>(given_to_ann(), noon + 1min));
  is_ann_gone = true;
  EXPECT_TRUE(of<needs_worker>(given_to_ann()));
}

TEST_F(what_to_do, after_a_failure_is_to_wait_and_then_to_find_another_worker) {
  const auto failed = work::failed(held_by_ann(), "c-1", {"Red.", true, 10s}, noon, noon).value();
  EXPECT_EQ(of<can_wait>(failed, noon + 1s)->rest, 9s);
  EXPECT_TRUE(of<needs_worker>(failed, noon + 10s));
}

TEST_F(what_to_do, after_it_was_given_back_is_to_find_another_worker) {
  EXPECT_TRUE(of<needs_worker>(work::released(held_by_ann(), "c-1", noon).value()));
}

} // namespace
} // namespace nats_mcp::coordination::assignment_decision_test
