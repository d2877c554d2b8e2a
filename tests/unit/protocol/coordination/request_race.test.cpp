// SPDX-License-Identifier: MIT
// Two leaders, the later one and one that does not know yet that it was replaced, workers and the
// offerer at one item, in every order of their commands: never two holders, given and taken back
// by one at a time, and in the end it is over and its request is gone.
#include "tests/unit/protocol/coordination/coordinating.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <memory>
#include <vector>

namespace nats_mcp::coordination::request_race_test {
namespace {

using work::item_state;

/// In which situation both leaders begin.
enum class past { never_recorded, submitted, half_given, not_claimed, silent_holder, dying };

void tell(past what, scenery& on) {
  switch (what) {
    case past::never_recorded:
      return work::conversation{on.submitting()}.step(on.server);
    case past::submitted:
      return on.submit();
    case past::half_given: {
      on.submit();
      work::conversation talk{on.anna.pull()};
      talk.step(on.server);
      talk.step(on.server);
      return on.server.pass(request_wait);
    }
    case past::not_claimed:
      on.give_to_ann();
      return on.server.pass(assignment_over);
    case past::silent_holder:
      (void)on.held_by_ann();
      return on.server.pass(work::silence);
    case past::dying:
      on.request.item.attempts_max = 1;
      (void)on.held_by_ann();
      return on.server.pass(work::silence);
  }
}

class two_leaders : public ::testing::TestWithParam<past> {
protected:
  /// Anna has pulled the request and is slow; when its ack wait is over Bert gets it.
  std::vector<player> both_have_it(scenery& on) const {
    tell(GetParam(), on);
    // The best of one is the last of the other.
    on.bert.staff = {on.bob.self().guid, on.ann.self().guid};
    const auto slow = on.anna.pull();
    on.server.pass(request_wait);
    const auto quick = on.bert.pull();
    return {{on.server, slow}, {on.server, quick}};
  }
  [[nodiscard]] item_state wanted() const {
    return GetParam() == past::dying ? item_state::dead : item_state::completed;
  }
};

TEST_P(two_leaders, give_it_to_one_worker_at_a_time) {
  EXPECT_EQ(in_every_order([&](scenery& on) { return both_have_it(on); },
                           [&](const scenery& on) { EXPECT_EQ(on.record().state, wanted()); }),
            "");
}

INSTANTIATE_TEST_SUITE_P(in, two_leaders,
                         ::testing::Values(past::never_recorded, past::submitted, past::half_given,
                                           past::not_claimed, past::silent_holder, past::dying));

class two_leaders_and_somebody : public two_leaders {};

/// Ann, if it was hers before; else Bob, to whom Bert would rather give it.
TEST_P(two_leaders_and_somebody, who_works_meet_at_any_point) {
  const bool was_anns = GetParam() == past::silent_holder;
  EXPECT_EQ(in_every_order(
              [&](scenery& on) {
                auto all = both_have_it(on);
                const auto& who = was_anns ? on.ann : on.bob;
                all.push_back(work::working(who, on.server, on.lane_of(who)));
                return all;
              },
              [&](const scenery& on) { EXPECT_EQ(on.record().state, wanted()); }),
            "");
}

TEST_P(two_leaders_and_somebody, who_cancels_meet_at_any_point) {
  EXPECT_EQ(in_every_order([&](scenery& on) {
              auto all = both_have_it(on);
              all.emplace_back(on.server, on.boss.cancel(on.request.item));
              return all;
            }),
            "");
}

// As many orders as there are with a third one: where the situations differ.
INSTANTIATE_TEST_SUITE_P(in, two_leaders_and_somebody,
                         ::testing::Values(past::never_recorded, past::half_given,
                                           past::silent_holder));

TEST(a_leader, may_meet_a_worker_that_is_late) {
  std::size_t by_ann = 0;
  std::size_t by_bob = 0;
  EXPECT_EQ(in_every_order(
              [&](scenery& on) {
                const auto held = on.held_by_ann();
                on.server.pass(work::silence);
                return std::vector<player>{{on.server, on.anna.pull()},
                                           {on.server, on.ann.complete(held)},
                                           work::working(on.bob, on.server, on.lane_of(on.bob))};
              },
              [&](const scenery& on) {
                EXPECT_EQ(on.record().state, item_state::completed);
                const bool is_ann = on.record().attempts.back().worker == on.ann.self();
                (is_ann ? by_ann : by_bob) += 1;
              }),
            "");
  EXPECT_GT(by_ann, 0U);
  EXPECT_GT(by_bob, 0U);
}

TEST(a_leader, may_meet_a_worker_that_claims_at_the_last_moment) {
  std::size_t by_ann = 0;
  std::size_t by_bob = 0;
  EXPECT_EQ(in_every_order(
              [](scenery& on) {
                on.give_to_ann();
                on.server.pass(assignment_over);
                return std::vector<player>{{on.server, on.anna.pull()},
                                           work::working(on.ann, on.server, on.lane_of(on.ann)),
                                           work::working(on.bob, on.server, on.lane_of(on.bob))};
              },
              [&](const scenery& on) {
                EXPECT_EQ(on.record().attempts_begun, 1U);
                const bool is_ann = on.record().attempts.back().worker == on.ann.self();
                (is_ann ? by_ann : by_bob) += 1;
              }),
            "");
  EXPECT_GT(by_ann, 0U);
  EXPECT_GT(by_bob, 0U);
}

TEST(a_leader, may_look_twice_at_once) {
  EXPECT_EQ(in_every_order([](scenery& on) {
              on.give_to_ann();
              on.server.pass(assignment_over);
              return std::vector<player>{{on.server, on.anna.pull()},
                                         {on.server, on.anna.look_at(on.request.item.id)},
                                         work::working(on.ann, on.server, on.lane_of(on.ann))};
            }),
            "");
}

TEST(a_submission, may_be_given_and_finished_before_it_is_recorded) {
  EXPECT_EQ(in_every_order([](scenery& on) {
              work::conversation talk{on.submitting()};
              return std::vector<player>{
                {on.server, on.submitting()},
                {on.server, std::vector<player::act>{[&on] { return on.anna.pull(); }}},
                work::working(on.ann, on.server, on.lane_of(on.ann))};
            }),
            "");
}

TEST(a_submission, made_twice_under_one_key_is_one_item) {
  std::vector<std::shared_ptr<submission>> both;
  EXPECT_EQ(in_every_order(
              [&](scenery& on) {
                both = {on.submitting(submission::novelty::to_be_seen),
                        on.submitting(submission::novelty::to_be_seen)};
                return std::vector<player>{
                  {on.server, both[0]},
                  {on.server, both[1]},
                  {on.server, std::vector<player::act>{[&on] { return on.anna.pull(); }}}};
              },
              [&](const scenery& on) {
                EXPECT_TRUE(*both[0]->end() && *both[1]->end());
                EXPECT_EQ(on.record().attempts_begun, 1U);
              }),
            "");
}

TEST(a_dying_item, may_be_retried_before_its_request_is_gone) {
  EXPECT_EQ(in_every_order([](scenery& on) {
              const auto held = on.held_by_ann();
              (void)on.ann.run(on.ann.fail_it(held, work::hopeless()));
              on.server.pass(31s);
              // In the end somebody takes it from its capability's lane.
              return std::vector<player>{{on.server, on.anna.pull()},
                                         {on.server, on.boss.retry(on.request.item)},
                                         {on.server, std::vector<player::act>{[&on] {
                                            return on.boss.cancel(on.request.item);
                                          }}}};
            }),
            "");
}

} // namespace
} // namespace nats_mcp::coordination::request_race_test
