// SPDX-License-Identifier: MIT
// A process that was killed and started again before its predecessor counted as silent: it becomes
// an agent of its own, and returns to its GUID when it registers again.
#include "protocol/limits.hpp"

#include "tests/support/choices.hpp"
#include "tests/unit/protocol/agents/registering.hpp"

#include <gtest/gtest.h>

namespace nats_mcp::agents::registration_return_test {
namespace {

/// Two processes of one name; the first one was killed, or lives.
class returning_late : public ::testing::Test {
protected:
  struct registered {
    registration::outcome outcome;
    std::optional<guid_holder> predecessor;
  };

  registered must_register(const process& who, registration::request what) {
    const auto script = who.start(std::move(what));
    conversation{script}.finish(store_);
    const auto& end = *script->end();
    EXPECT_TRUE(end) << end.error().message;
    return {end.value_or(registration::outcome{}), script->predecessor()};
  }
  registered must_register(const process& who) { return must_register(who, who.request()); }
  /// What a process that has registered asks for when it does so again.
  [[nodiscard]] static registration::request again(const process& who, const registered& before) {
    auto out = who.request();
    out.held = before.outcome.held;
    out.predecessor = before.predecessor;
    return out;
  }
  static const std::string& guid_of(const registered& one) { return one.outcome.held.record.guid; }
  void expect_holds(const process& who, const registered& one) {
    EXPECT_EQ(holder(store_, guid_of(one)), who.session());
    EXPECT_EQ(records(store_, guid_of(one)), std::vector{one.outcome.held.record});
  }

  testing::key_store store_ = empty_store();
  process first_{1};
  process second_{2};
  registered before_ = must_register(first_);
};

TEST_F(returning_late, tells_of_one_that_was_seen_too_lately) {
  store_.pass(20s);
  const auto own = must_register(second_);
  EXPECT_NE(guid_of(own), guid_of(before_));
  ASSERT_TRUE(own.predecessor);
  EXPECT_EQ(own.predecessor->guid, guid_of(before_));
  EXPECT_EQ(own.predecessor->session_id, first_.session());
  EXPECT_EQ(store_.now() - own.predecessor->seen, 20s);
  EXPECT_EQ(free_in(*own.predecessor, store_.now()), 3 * interval - 20s);
}

TEST_F(returning_late, tells_of_nobody_where_nobody_is_or_the_guid_was_free) {
  EXPECT_FALSE(before_.predecessor);
  store_.pass(3 * interval);
  EXPECT_FALSE(must_register(second_).predecessor);
}

TEST_F(returning_late, gets_the_guid_when_it_registers_again_after_the_silence) {
  store_.pass(20s);
  const auto own = must_register(second_);
  store_.pass(3 * interval - 20s);
  const auto after = must_register(second_, again(second_, own));
  EXPECT_EQ(guid_of(after), guid_of(before_));
  EXPECT_TRUE(after.outcome.returned);
  EXPECT_FALSE(after.predecessor);
  expect_holds(second_, after);
  EXPECT_EQ(holder(store_, guid_of(own)), second_.session()) << "it ends that one itself";
}

TEST_F(returning_late, stays_what_it_is_while_the_silence_is_not_long_enough) {
  const auto own = must_register(second_);
  store_.pass(3 * interval - 1ms);
  const auto after = must_register(second_, again(second_, own));
  EXPECT_EQ(guid_of(after), guid_of(own));
  EXPECT_FALSE(after.outcome.returned);
  ASSERT_TRUE(after.predecessor) << "and may try again";
  expect_holds(second_, after);
  expect_holds(first_, before_);
  store_.pass(1ms);
  EXPECT_EQ(guid_of(must_register(second_, again(second_, after))), guid_of(before_));
}

TEST_F(returning_late, never_takes_the_guid_of_one_that_lived_beside_it) {
  const auto own = must_register(second_);
  store_.pass(interval);
  first_.beat_in(store_, before_.outcome.held);
  for (const auto silence : {1 * interval, 3 * interval}) {
    store_.pass(silence);
    const auto after = must_register(second_, again(second_, own));
    EXPECT_EQ(guid_of(after), guid_of(own));
    EXPECT_FALSE(after.predecessor) << "it was another agent of the same name";
  }
  expect_holds(first_, before_);
}

TEST_F(returning_late, gets_the_guid_of_one_that_was_just_saying_goodbye) {
  const auto own = must_register(second_);
  store_.pass(1s);
  ASSERT_TRUE(first_.say_goodbye_in(store_, before_.outcome.held));
  EXPECT_EQ(guid_of(must_register(second_, again(second_, own))), guid_of(before_));
}

TEST_F(returning_late, leaves_the_guid_of_one_that_said_goodbye_much_later) {
  const auto own = must_register(second_);
  store_.pass(interval + 1ms);
  ASSERT_TRUE(first_.say_goodbye_in(store_, before_.outcome.held));
  EXPECT_EQ(guid_of(must_register(second_, again(second_, own))), guid_of(own));
}

TEST_F(returning_late, leaves_the_guid_to_another_that_returned_first) {
  const auto own = must_register(second_);
  store_.pass(3 * interval);
  const process third{3};
  const auto returned = must_register(third);
  ASSERT_EQ(guid_of(returned), guid_of(before_));
  store_.pass(3 * interval);
  const auto after = must_register(second_, again(second_, own));
  EXPECT_EQ(guid_of(after), guid_of(own));
  EXPECT_FALSE(after.predecessor);
  expect_holds(third, returned);
}

TEST_F(returning_late, does_not_trust_a_silence_of_which_signs_of_life_may_have_expired) {
  const auto own = must_register(second_);
  store_.pass(limits::presence_kept_for);
  EXPECT_EQ(guid_of(must_register(second_, again(second_, own))), guid_of(own));
}

TEST_F(returning_late, is_listed_beside_the_one_its_name_leads_back_to) {
  const auto own = must_register(second_);
  EXPECT_EQ(way_in(store_), (way_back{guid_of(before_), {guid_of(own)}}));
  store_.pass(3 * interval);
  (void)must_register(second_, again(second_, own));
  EXPECT_EQ(way_in(store_), (way_back{guid_of(before_), {guid_of(own)}})) << "its mail stays found";
}

TEST_F(returning_late, under_another_handle_stays_what_it_is) {
  const auto own = must_register(second_);
  store_.pass(3 * interval);
  auto request = again(second_, own);
  request.returning_key = "key.renamed";
  EXPECT_EQ(guid_of(must_register(second_, request)), guid_of(own));
}

TEST_F(returning_late, cut_off_anywhere_gets_there_with_the_next_attempt) {
  const auto own = must_register(second_);
  store_.pass(3 * interval);
  for (std::size_t when = 0;; ++when) {
    auto store = store_;
    const auto script = second_.start(again(second_, own));
    conversation talk{script};
    for (std::size_t at = 0; at < when && !talk.over(); ++at) {
      talk.step(store);
      ASSERT_EQ(unlisted_in(store), "");
    }
    if (talk.over()) {
      break;
    }
    talk.answer(fail(ec::unknown_outcome, "The answer was lost."));
    talk.finish(store);
    const auto repeated = second_.register_in(store, again(second_, own));
    ASSERT_TRUE(repeated) << repeated.error().message;
    EXPECT_EQ(repeated->held.record.guid, guid_of(before_));
    EXPECT_EQ(records(store, guid_of(before_)), std::vector{repeated->held.record});
  }
}

TEST_F(returning_late, beside_another_that_returns_leaves_one_holder_in_every_order) {
  const auto own = must_register(second_);
  store_.pass(3 * interval);
  const process third{3};
  testing::choices order;
  std::size_t returned = 0;
  std::size_t stayed = 0;
  do {
    auto store = store_;
    const auto late = second_.start(again(second_, own));
    const auto fresh = third.start();
    conversation of_late{late};
    conversation of_fresh{fresh};
    while (!of_late.over() || !of_fresh.over()) {
      const bool choice = !of_late.over() && !of_fresh.over();
      const bool late_next = choice ? order.next(2) == 0 : !of_late.over();
      (late_next ? of_late : of_fresh).step_round(store);
    }
    ASSERT_TRUE(*late->end()) << late->end()->error().message;
    ASSERT_TRUE(*fresh->end()) << fresh->end()->error().message;
    const auto& one = late->end()->value().held;
    const auto& other = fresh->end()->value().held;
    ASSERT_NE(one.record.guid, other.record.guid);
    EXPECT_EQ(holder(store, one.record.guid), second_.session());
    EXPECT_EQ(holder(store, other.record.guid), third.session());
    EXPECT_EQ(records(store, one.record.guid), std::vector{one.record});
    EXPECT_EQ(records(store, other.record.guid), std::vector{other.record});
    (one.record.guid == guid_of(before_) ? returned : stayed) += 1;
  } while (order.another());
  EXPECT_GT(returned, 0U);
  EXPECT_GT(stayed, 0U);
}

} // namespace
} // namespace nats_mcp::agents::registration_return_test
