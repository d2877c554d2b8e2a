// SPDX-License-Identifier: MIT
// What a leader does about an item, along whole lives and for any record: what has happened to the
// item is known here, and the decision has only the record.
#include "protocol/coordination/assignment_change.hpp"
#include "protocol/coordination/assignment_decision.hpp"
#include "protocol/limits.hpp"

#include "tests/unit/protocol/work/any_work.hpp"
#include "tests/unit/protocol/work/sample_work.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace nats_mcp::coordination::assignment_decision_properties_test {
namespace {

using work::found_record;
using work::item_record;
using work::item_state;
using work::testing::ack_wait;
using work::testing::ann;
using work::testing::bob;
using work::testing::claim_by;
using work::testing::noon;
using work::testing::sample_item;
using namespace std::chrono_literals;

template <class Meaning>
bool is(const assignment_meaning& what) {
  return std::holds_alternative<Meaning>(what);
}

// -- whole lives ---------------------------------------------------------------------------------

/// One item that leaders give to Ann and Bob, and what became of it so far.
class life {
public:
  /// @param item with as many attempts as are needed for `turns_before`
  explicit life(work::work_item item, std::size_t turns_before)
    : record_{requested(std::move(item), noon)} {
    for (std::size_t turn = 0; turn < turns_before; ++turn) {
      give(ann);
      claim();
      give_back();
    }
  }

  /// What is to be done now is what follows from what has happened.
  void look() const {
    const auto what = decided();
    if (record_term_ > leader_) {
      RC_ASSERT(is<is_outranked>(what));
      RC_ASSERT(std::get<is_outranked>(what).by_term == record_term_);
    } else if (stage_ == stage::over) {
      RC_ASSERT(is<is_finished>(what));
    } else if (stage_ == stage::held && now_ < until_) {
      RC_ASSERT(is<can_wait>(what));
      RC_ASSERT(std::get<can_wait>(what).rest == until_ - now_);
    } else if (stage_ == stage::half_given) {
      RC_ASSERT(is<is_half_given>(what));
    } else if (nobody_may()) {
      RC_ASSERT(is<work::is_dead>(what));
      RC_ASSERT(!std::get<work::is_dead>(what).reason.empty());
    } else if (stage_ == stage::between && now_ < until_) {
      RC_ASSERT(is<can_wait>(what));
      RC_ASSERT(std::get<can_wait>(what).rest == until_ - now_);
    } else if (stage_ == stage::given && now_ < until_ && gone_ != worker_) {
      RC_ASSERT(is<is_given>(what));
      RC_ASSERT(std::get<is_given>(what).rest == until_ - now_);
    } else {
      RC_ASSERT(is<needs_worker>(what));
    }
  }

  void step() {
    pass_time();
    switch (below(8)) {
      case 0:
        gone_ = *rc::gen::element(work::party{}, ann, bob);
        return;
      case 1:
        leader_ = std::max(leader_, record_term_) + static_cast<std::uint64_t>(below(2));
        return;
      case 2:
      case 3:
        return be_worked_on();
      case 4:
        if (stage_ != stage::over && below(8) == 0) {
          write(work::cancelled(record_, "Not needed.", now_).value(), stage::over);
        }
        return;
      default:
        return be_led();
    }
  }

private:
  enum class stage { asked_for, half_given, given, held, between, over };

  /// Each as likely, in the first runs too.
  static int below(int count) { return *rc::gen::resize(100, rc::gen::inRange(0, count)); }

  void pass_time() {
    const bool long_time = below(20) == 0;
    now_ += long_time ? std::chrono::hours{below(10)} : std::chrono::milliseconds{below(40'000)};
    if (below(4) == 0 && until_ > now_) {
      now_ = until_ - std::chrono::milliseconds{below(2)}; // the last moment, or the first after it
    }
  }

  [[nodiscard]] bool nobody_may() const {
    return begun_ >= record_.attempts_max || now_ > record_.item.deadline;
  }
  [[nodiscard]] assignment_meaning decided() const {
    const found_record found{record_, 1, stored_at_};
    return decide_assignment(
      sample_item(), &found, leader_,
      [this](const std::string& guid) { return guid == gone_.guid; }, now_);
  }

  // -- what happens ------------------------------------------------------------------------------

  void write(item_record next, stage reached) {
    record_ = std::move(next);
    stage_ = reached;
    stored_at_ = now_;
  }

  /// By this leader, or by a later one of which this one does not know yet.
  void be_led() {
    const auto what = decided();
    if (is<needs_worker>(what)) {
      leads_ = leader_ + (below(4) == 0 ? 1 : 0);
      give(*rc::gen::element(ann, bob));
    } else if (is<is_half_given>(what)) {
      put_in_its_queue();
    } else if (const auto* dead = std::get_if<work::is_dead>(&what)) {
      write(given_up(record_, record_term_, dead->reason, now_), stage::over);
    }
  }
  void give(const work::party& who) {
    write(given(record_, {leads_, who.guid, now_ + 1min, {}}, now_), stage::half_given);
    worker_ = who;
    record_term_ = leads_;
    until_ = now_ + 1min;
  }
  void put_in_its_queue() { write(placed(record_, record_term_, ++messages_), stage::given); }

  void be_worked_on() {
    const bool is_there = stage_ == stage::half_given || stage_ == stage::given
                          || (stage_ == stage::between && until_ <= now_);
    if (stage_ == stage::held) {
      be_finished();
    } else if (is_there && !nobody_may()) {
      claim();
    }
  }
  void claim() {
    const auto sequence = record_.queue_sequence == 0 ? ++messages_ : record_.queue_sequence;
    write(work::taken({{record_.item, record_.generation}, sequence}, &record_,
                      claim_by(worker_, "c"), now_),
          stage::held);
    ++begun_;
    until_ = now_ + ack_wait;
  }
  void give_back() {
    write(work::released(record_, "c", now_).value(), stage::between);
    --begun_;
    until_ = now_;
  }
  void be_finished() {
    switch (below(5)) {
      case 0:
        write(work::renewed(record_, "c", ack_wait, {10, "On it."}, now_).value(), stage::held);
        until_ = now_ + ack_wait;
        return;
      case 1:
      case 2:
        return give_back();
      case 3: {
        const std::chrono::milliseconds rest{below(90'000)};
        const bool again = below(4) != 0;
        const bool ends = !again || nobody_may();
        write(work::failed(record_, "c", {"Red.", again, rest}, now_, now_).value(),
              ends ? stage::over : stage::between);
        until_ = now_ + rest;
        return;
      }
      default:
        write(work::completed(record_, "c", "Done.", work::testing::no_result, now_).value(),
              stage::over);
    }
  }

  item_record record_;
  wall_time now_ = noon;
  wall_time stored_at_ = noon;
  std::uint64_t leader_ = 1;
  std::uint64_t messages_ = 100;
  work::party gone_;
  // What has happened.
  stage stage_ = stage::asked_for;
  work::party worker_;
  std::uint64_t leads_ = 1;
  std::uint64_t record_term_ = 0;
  std::uint32_t begun_ = 0;
  /// The end of the time to claim it, of the lease, or of the rest after a failure.
  wall_time until_ = noon;
};

RC_GTEST_PROP(a_coordinated_life, is_led_by_what_has_happened_to_the_item, ()) {
  auto item = sample_item();
  item.attempts_max = *rc::gen::element(1U, 3U, 100U);
  constexpr auto kept = limits::work_attempts_kept;
  life it{std::move(item), *rc::gen::element<std::size_t>(0, 0, 1, kept - 1, kept, kept + 1)};
  const auto length = *rc::gen::inRange(0, 60);
  it.look();
  for (int done = 0; done < length; ++done) {
    it.step();
    it.look();
  }
}

// -- any record ----------------------------------------------------------------------------------

/// Any record, and moments near those at which something about it changes.
struct scene {
  scene() {
    auto& record = found.record;
    record.queue_sequence = *rc::gen::element<std::uint64_t>(0, 7);
    if (*rc::gen::arbitrary<bool>()) {
      record.item.deadline = noon + 100'000h; // so that it is not all that matters
    }
    const auto kind = *rc::gen::element(item_state::pending, item_state::claimed, record.state);
    if (kind != record.state || *rc::gen::arbitrary<bool>()) { // one that is open, and ours
      record.state = kind;
      record.held.reset();
      record.not_before.reset();
      record.attempts_begun = 0;
      record.queue_sequence = 7;
      record.item.assigned_to = ann.guid;
      record.assigned.emplace();
      record.assigned->attempts_before = static_cast<std::uint32_t>(record.attempts.size());
      record.assigned->until = noon;
      if (kind == item_state::claimed) {
        record.held = claim_by(ann, "c");
      } else if (*rc::gen::arbitrary<bool>()) {
        record.not_before = noon - 2min;
      }
    }
    if (record.assigned) {
      record.assigned->term %= 5;
      add(record.assigned->until.value_or(noon));
    }
    add(record.not_before.value_or(noon));
    add(record.item.deadline);
    add(work::lease_over_at(found));
  }
  [[nodiscard]] assignment_meaning at(wall_time now, bool is_gone = false) const {
    return decide_assignment(
      found.record.item, &found, term, [=](const std::string&) { return is_gone; }, now);
  }
  [[nodiscard]] wall_time some_moment() const { return *rc::gen::elementOf(moments); }

  found_record found{work::testing::any_record(), 1, work::testing::any_time()};
  std::uint64_t term = *rc::gen::element<std::uint64_t>(0, 1, 2, 3, 4);
  std::vector<wall_time> moments;

private:
  void add(wall_time around) {
    for (const auto beside : {-1min, 0min, 1min}) {
      moments.push_back(around + beside);
    }
    moments.push_back(around - 1ms);
    moments.push_back(around + 1ms);
  }
};

RC_GTEST_PROP(an_assignment_decision, gives_only_what_is_nobodys_and_can_still_be_done, ()) {
  const scene any;
  const auto now = any.some_moment();
  const auto& record = any.found.record;
  const bool is_held = record.state == item_state::claimed && now < work::lease_over_at(any.found);
  const auto what = any.at(now, *rc::gen::arbitrary<bool>());
  if (is<needs_worker>(what) || is<is_half_given>(what) || is<is_given>(what)) {
    RC_ASSERT(record.assigned.has_value());
    RC_ASSERT(record.assigned->term <= any.term);
    RC_ASSERT(!is_over(record.state));
    RC_ASSERT(!is_held);
  }
  if (is<needs_worker>(what) || is<is_given>(what)) {
    RC_ASSERT(record.attempts_begun < record.attempts_max);
    RC_ASSERT(now <= record.item.deadline);
    RC_ASSERT(!(record.not_before && now < *record.not_before));
  }
  if (is<work::is_dead>(what)) {
    RC_ASSERT(!is_over(record.state));
    RC_ASSERT(!is_held);
    RC_ASSERT((record.attempts_begun >= record.attempts_max || now > record.item.deadline));
  }
}

RC_GTEST_PROP(an_assignment_decision, goes_only_forwards_with_time, ()) {
  const scene any;
  const auto rank = [](const assignment_meaning& what) {
    return is<can_wait>(what) ? 0 : is<is_given>(what) ? 1 : is<needs_worker>(what) ? 2 : 3;
  };
  auto earlier = any.some_moment();
  auto later = any.some_moment();
  if (later < earlier) {
    std::swap(earlier, later);
  }
  const auto before = any.at(earlier);
  const auto after = any.at(later);
  RC_ASSERT(rank(before) <= rank(after));
  RC_ASSERT((rank(before) < 3 || before.index() == after.index()));
}

RC_GTEST_PROP(an_assignment_decision, holds_for_exactly_as_long_as_it_says, ()) {
  const scene any;
  const auto now = any.some_moment();
  const auto what = any.at(now);
  const auto lasts = [&](std::chrono::milliseconds rest) {
    RC_ASSERT(rest > 0ms);
    RC_ASSERT(any.at(now + rest).index() != what.index());
    const auto last = any.at(now + rest - 1ms);
    RC_ASSERT((last.index() == what.index() || is<work::is_dead>(last)));
  };
  if (const auto* waits = std::get_if<can_wait>(&what)) {
    lasts(waits->rest);
  } else if (const auto* given_to = std::get_if<is_given>(&what)) {
    lasts(given_to->rest);
  }
}

RC_GTEST_PROP(an_assignment_decision, asks_who_is_gone_only_about_an_unclaimed_item, ()) {
  const scene any;
  const auto now = any.some_moment();
  const auto with_all_here = any.at(now, false);
  const auto with_all_gone = any.at(now, true);
  RC_ASSERT(!is<is_given>(with_all_gone));
  if (is<is_given>(with_all_here)) {
    RC_ASSERT(is<needs_worker>(with_all_gone));
  } else {
    RC_ASSERT(with_all_here.index() == with_all_gone.index());
  }
}

} // namespace
} // namespace nats_mcp::coordination::assignment_decision_properties_test
