// SPDX-License-Identifier: MIT
// Row by row: what a delivery means (docs/wire.md, "What a delivery means").
#include "protocol/work/delivery_decision.hpp"

#include "protocol/limits.hpp"
#include "protocol/overloaded.hpp"

#include "tests/unit/protocol/work/any_work.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace nats_mcp::work::delivery_decision_test {
namespace {

using namespace testing;

/// A meaning in words, so that a failing test says which one it was.
std::string in_words(const delivery_meaning& meaning) {
  return std::visit(
    overloaded{[](const free_to_take&) -> std::string { return "free"; },
               [](const stale_copy&) -> std::string { return "stale"; },
               [](const is_over_already&) -> std::string { return "over"; },
               [](const not_yet& it) {
                 constexpr std::string_view names[] = {"held", "resting", "record behind"};
                 return std::string{names[static_cast<std::size_t>(it.because)]} + " for "
                        + nats_mcp::to_text(it.wait);
               },
               [](const is_dead& it) { return "dead: " + it.reason; }},
    meaning);
}

class what_a_delivery_means : public ::testing::Test {
protected:
  /// The record as the server stored it at noon.
  void record_is(item_record record) { found_ = found_record{std::move(record), 42, noon}; }

  [[nodiscard]] std::string meaning_at(wall_time server_now) const {
    return in_words(decide(delivered_, found_ ? &*found_ : nullptr, server_now));
  }

  delivered_item delivered_ = delivery_of(sample_item());
  std::optional<found_record> found_;
};

// -- row 1 -------------------------------------------------------------------------------------

TEST_F(what_a_delivery_means, is_free_to_take_without_a_record) {
  EXPECT_EQ(meaning_at(noon), "free");
}

TEST_F(what_a_delivery_means, is_free_to_take_without_a_record_in_any_generation) {
  delivered_.queued.generation = 5;
  EXPECT_EQ(meaning_at(noon), "free");
}

TEST_F(what_a_delivery_means, is_dead_without_a_record_after_the_deadline) {
  EXPECT_EQ(meaning_at(noon + 24h), "free");
  EXPECT_EQ(meaning_at(noon + 24h + 1ms),
            "dead: Its deadline, 2026-01-16T12:00:00.000Z, passed before anybody finished it.");
}

// -- row 2 -------------------------------------------------------------------------------------

TEST_F(what_a_delivery_means, is_stale_when_the_item_was_queued_again_since) {
  auto record = waiting();
  record.generation = 2;
  record_is(record);
  EXPECT_EQ(meaning_at(noon), "stale");
  // Also while the new queue message is not known yet, or is over.
  record.queue_sequence = 0;
  record_is(record);
  EXPECT_EQ(meaning_at(noon), "stale");
  record.state = item_state::completed;
  record_is(record);
  EXPECT_EQ(meaning_at(noon), "stale");
}

TEST_F(what_a_delivery_means, is_stale_when_another_message_is_the_items) {
  auto record = waiting();
  record.queue_sequence = 8;
  record_is(record);
  EXPECT_EQ(meaning_at(noon), "stale");
  record_is(taken_by(ann, "c-1", record));
  found_->record.queue_sequence = 6;
  EXPECT_EQ(meaning_at(noon), "stale");
}

TEST_F(what_a_delivery_means, is_the_items_when_its_message_was_not_known_yet) {
  auto record = waiting();
  record.generation = 2;
  record.queue_sequence = 0;
  record_is(record);
  delivered_.queued.generation = 2;
  EXPECT_EQ(meaning_at(noon), "free");
}

// -- row 3 -------------------------------------------------------------------------------------

TEST_F(what_a_delivery_means, is_over_in_every_state_that_ends_it) {
  for (const auto state :
       {item_state::completed, item_state::dead, item_state::cancelled, item_state::discarded}) {
    auto record = waiting();
    record.state = state;
    record_is(record);
    EXPECT_EQ(meaning_at(noon), "over") << to_text(state);
    EXPECT_EQ(meaning_at(noon + 48h), "over") << to_text(state);
    // Nobody knows any more which message it was: it is this one.
    found_->record.queue_sequence = 0;
    EXPECT_EQ(meaning_at(noon), "over") << to_text(state);
  }
}

// -- row 4 -------------------------------------------------------------------------------------

TEST_F(what_a_delivery_means, is_held_until_the_lease_is_over) {
  record_is(held_by_ann());
  EXPECT_EQ(lease_over_at(*found_), noon + 5min);
  EXPECT_EQ(meaning_at(noon), "held for 5m");
  EXPECT_EQ(meaning_at(noon + 4min), "held for 1m");
  EXPECT_EQ(meaning_at(noon + 5min - 1ms), "held for 1ms");
  EXPECT_EQ(meaning_at(noon + 5min), "free");
}

TEST_F(what_a_delivery_means, counts_a_lease_from_the_servers_stamp_whatever_clocks_workers_have) {
  record_is(taken_by(ann, "c-1", waiting(), noon - 48h));
  EXPECT_EQ(meaning_at(noon + 4min), "held for 1m");
  record_is(taken_by(ann, "c-1", waiting(), noon + 48h));
  EXPECT_EQ(meaning_at(noon + 5min), "free");
}

TEST_F(what_a_delivery_means, is_held_by_a_clock_that_is_behind_the_record) {
  record_is(held_by_ann());
  EXPECT_EQ(meaning_at(noon - 1min), "held for 6m");
}

TEST_F(what_a_delivery_means, is_held_although_the_deadline_passed_or_attempts_are_used_up) {
  auto record = held_by_ann();
  record.item.deadline = noon - 1h;
  record.attempts_begun = record.attempts_max;
  record_is(record);
  EXPECT_EQ(meaning_at(noon + 4min), "held for 1m");
}

// -- row 5 -------------------------------------------------------------------------------------

TEST_F(what_a_delivery_means, is_free_to_take_while_pending) {
  record_is(waiting());
  EXPECT_EQ(meaning_at(noon), "free");
  EXPECT_EQ(meaning_at(noon + 24h), "free");
}

TEST_F(what_a_delivery_means, is_dead_when_it_is_pending_and_past_the_deadline) {
  record_is(waiting());
  EXPECT_EQ(meaning_at(noon + 24h + 1ms),
            "dead: Its deadline, 2026-01-16T12:00:00.000Z, passed before anybody finished it.");
}

TEST_F(what_a_delivery_means, is_dead_past_the_deadline_although_it_rests) {
  auto record = waiting();
  record.not_before = noon + 48h;
  record_is(record);
  EXPECT_EQ(meaning_at(noon + 24h), "resting for 1d");
  EXPECT_EQ(meaning_at(noon + 24h + 1ms),
            "dead: Its deadline, 2026-01-16T12:00:00.000Z, passed before anybody finished it.");
}

TEST_F(what_a_delivery_means, is_decided_by_the_records_deadline_not_the_queued_copys) {
  auto record = waiting();
  record.item.deadline = noon + 72h;
  record_is(record);
  EXPECT_EQ(meaning_at(noon + 48h), "free");
  found_->record.item.deadline = noon + 1h;
  EXPECT_EQ(meaning_at(noon + 2h),
            "dead: Its deadline, 2026-01-15T13:00:00.000Z, passed before anybody finished it.");
}

TEST_F(what_a_delivery_means, is_dead_when_the_last_attempt_fell_silent) {
  auto record = held_by_ann();
  record.attempts_begun = 2;
  record_is(record);
  EXPECT_EQ(meaning_at(noon + 5min), "free");
  found_->record.attempts_begun = 3;
  EXPECT_EQ(meaning_at(noon + 5min),
            "dead: Out of attempts: 3 of 3 were made. In the last one ann fell silent or held it"
            " for too long.");
  found_->record.held->worker.handle.clear();
  EXPECT_EQ(meaning_at(noon + 5min),
            "dead: Out of attempts: 3 of 3 were made. In the last one its worker fell silent or"
            " held it for too long.");
}

TEST_F(what_a_delivery_means, is_dead_when_a_silent_worker_let_the_deadline_pass) {
  record_is(held_by_ann());
  found_->record.item.deadline = noon + 1min;
  EXPECT_EQ(meaning_at(noon + 5min),
            "dead: Its deadline, 2026-01-15T12:01:00.000Z, passed before anybody finished it.");
}

TEST_F(what_a_delivery_means, is_dead_when_it_is_pending_and_out_of_attempts) {
  auto record = waiting();
  record.attempts_begun = 3;
  record_is(record);
  EXPECT_EQ(meaning_at(noon), "dead: Out of attempts: 3 of 3 were made.");
}

TEST_F(what_a_delivery_means, is_decided_by_the_attempts_the_record_allows) {
  auto record = waiting();
  record.attempts_begun = 3;
  record.attempts_max = 4;
  record_is(record);
  EXPECT_EQ(meaning_at(noon), "free");
}

// -- row 6 -------------------------------------------------------------------------------------

TEST_F(what_a_delivery_means, rests_until_its_time_has_come) {
  auto record = waiting();
  record.not_before = noon + 3s;
  record_is(record);
  EXPECT_EQ(meaning_at(noon), "resting for 3s");
  EXPECT_EQ(meaning_at(noon + 3s - 1ms), "resting for 1ms");
  EXPECT_EQ(meaning_at(noon + 3s), "free");
}

// -- row 7 -------------------------------------------------------------------------------------

TEST_F(what_a_delivery_means, waits_for_a_record_that_is_behind) {
  delivered_.queued.generation = 2;
  for (const auto& record : {waiting(), held_by_ann(), out_of_attempts()}) {
    record_is(record);
    EXPECT_EQ(meaning_at(noon), "record behind for 1s");
    found_->record.queue_sequence = 6;
    EXPECT_EQ(meaning_at(noon + 48h), "record behind for 1s");
  }
}

// -- whatever comes ----------------------------------------------------------------------------

RC_GTEST_PROP(any_delivery, never_takes_a_live_lease, ()) {
  auto record = any_record();
  record.state = item_state::claimed;
  record.held = claim_by(ann, "c-1");
  const found_record found{record, 1, noon};
  const delivered_item delivered{{sample_item(), *rc::gen::inRange<std::uint64_t>(1, 1000)},
                                 *rc::gen::element(queue_sequence, record.queue_sequence)};
  const auto before_the_end = std::chrono::milliseconds{
    *rc::gen::inRange<std::int64_t>(1, std::chrono::milliseconds{24h}.count())};
  const auto meaning = decide(delivered, &found, lease_over_at(found) - before_the_end);
  RC_ASSERT(!std::holds_alternative<free_to_take>(meaning));
  RC_ASSERT(!std::holds_alternative<is_dead>(meaning));
}

RC_GTEST_PROP(any_delivery, is_decided_and_never_refused_for_no_time, ()) {
  const auto record = any_record();
  const found_record found{record, 1, any_time()};
  const delivered_item delivered{
    {any_item(), *rc::gen::element(record.generation, std::uint64_t{1}, std::uint64_t{1000})},
    *rc::gen::element(record.queue_sequence, queue_sequence)};
  const auto meaning = decide(delivered, &found, any_time());
  if (const auto* later = std::get_if<not_yet>(&meaning)) {
    RC_ASSERT(later->wait > 0ms);
  }
  if (const auto* dead = std::get_if<is_dead>(&meaning)) {
    RC_ASSERT(!dead->reason.empty());
  }
}

RC_GTEST_PROP(any_delivery, has_the_same_meaning_later_on_unless_time_changes_it, ()) {
  const auto record = any_record();
  const found_record found{record, 1, noon};
  const delivered_item delivered{{any_item(), record.generation}, record.queue_sequence};
  const auto sooner = decide(delivered, &found, noon);
  const auto later = decide(delivered, &found, noon + 1h);
  // Free becomes dead by the deadline; dead, stale and over stay what they are.
  if (!std::holds_alternative<not_yet>(sooner)) {
    RC_ASSERT(
      later.index() == sooner.index()
      || (std::holds_alternative<free_to_take>(sooner) && std::holds_alternative<is_dead>(later)));
  }
}

} // namespace
} // namespace nats_mcp::work::delivery_decision_test
