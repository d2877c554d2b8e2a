// SPDX-License-Identifier: MIT
// Whole lives of an item: whatever is done to it by whomever in whatever order, its record stays
// one that can be believed.
#include "protocol/limits.hpp"
#include "protocol/work/dead_letter.hpp"
#include "protocol/work/item_change.hpp"

#include "tests/unit/protocol/work/sample_work.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

namespace nats_mcp::work::item_life_test {
namespace {

using namespace testing;

/// One item, its queue messages and its record; what happens to it next is chance.
class life {
public:
  void step() {
    now_ += std::chrono::milliseconds{*rc::gen::inRange<std::int64_t>(0, 3'600'000)};
    switch (*rc::gen::inRange(0, 9)) {
      case 0:
      case 1:
      case 2:
        return deliver();
      case 3:
        return write(renewed(record_, any_claim_id(), ack_wait, {50, "On it."}, now_));
      case 4:
        return write(completed(record_, any_claim_id(), "Done.", no_result, now_));
      case 5:
        return write(
          failed(record_, any_claim_id(), {"Red.", *rc::gen::arbitrary<bool>(), {}}, now_, now_));
      case 6:
        return write(released(record_, any_claim_id(), now_));
      case 7:
        return *rc::gen::inRange(0, 8) == 0 ? write(cancelled(record_, "Not needed.", now_))
                                            : deliver();
      default:
        return *rc::gen::inRange(0, 8) == 0 ? write(discarded(record_, now_)) : retry();
    }
  }

  [[nodiscard]] const item_record& record() const noexcept { return record_; }
  [[nodiscard]] unsigned completions() const noexcept { return completions_; }

private:
  /// The claim that holds it, or one of those before.
  [[nodiscard]] std::string any_claim_id() const {
    return "c-" + std::to_string(*rc::gen::inRange(0, claims_ + 1));
  }

  void deliver() {
    const delivered_item delivered{
      {sample_item(), *rc::gen::inRange<std::uint64_t>(1, record_.generation + 1)},
      *rc::gen::inRange<std::uint64_t>(7, 7 + record_.generation)};
    const found_record found{record_, 1, stored_at_};
    const auto meaning = decide(delivered, &found, now_);
    if (const auto* dead = std::get_if<is_dead>(&meaning)) {
      write(died(delivered, &record_, dead->reason, now_));
    } else if (std::holds_alternative<free_to_take>(meaning)) {
      ++claims_;
      write(taken(delivered, &record_, claim_by(bob, "c-" + std::to_string(claims_)), now_));
    }
  }

  void retry() {
    write(retried(record_,
                  *rc::gen::arbitrary<bool>() ? attempts_after_retry::reset
                                              : attempts_after_retry::kept,
                  now_));
  }

  void write(const result<item_record>& changed) {
    if (!changed) {
      RC_ASSERT(changed.error().code == ec::conflict);
      RC_ASSERT(changed.error().message.ends_with("."));
      return;
    }
    completions_ += changed->state == item_state::completed ? 1 : 0;
    if (record_.state != item_state::dead) {
      RC_ASSERT(!is_over(record_.state));
    }
    record_ = *changed;
    stored_at_ = now_;
  }

  item_record record_ = waiting();
  wall_time now_ = noon;
  wall_time stored_at_ = noon;
  int claims_ = 0;
  unsigned completions_ = 0;
};

/// What is always true of a record.
void expect_believable(const item_record& record) {
  RC_ASSERT((record.state == item_state::claimed) == record.held.has_value());
  RC_ASSERT(record.attempts_begun <= record.attempts_max);
  RC_ASSERT(record.attempts.size() <= limits::work_attempts_kept);
  RC_ASSERT(!record.not_before || record.state == item_state::pending);
  RC_ASSERT(record.state != item_state::dead || !record.reason.empty());
  const auto open = std::count_if(record.attempts.begin(), record.attempts.end(),
                                  [](const attempt& one) { return !one.ended_at.has_value(); });
  RC_ASSERT(open == (record.held ? 1 : 0));
  if (record.held) {
    const auto& under_way = record.attempts.back();
    RC_ASSERT(under_way.end == attempt_end::open);
    RC_ASSERT(under_way.worker == record.held->worker);
    RC_ASSERT(under_way.number == record.attempts_begun);
  }
  for (const auto& one : record.attempts) {
    RC_ASSERT((one.end == attempt_end::open) == !one.ended_at.has_value());
  }
  RC_ASSERT(read_item_record(write_item_record(record, "w")) == record);
}

RC_GTEST_PROP(a_life, leaves_a_record_that_can_be_believed, ()) {
  life it;
  const auto length = *rc::gen::inRange(0, 60);
  for (int done = 0; done < length; ++done) {
    it.step();
    expect_believable(it.record());
  }
  RC_ASSERT(it.completions() <= 1);
}

} // namespace
} // namespace nats_mcp::work::item_life_test
