// SPDX-License-Identifier: MIT
// Two and three agents at one item, in every order of their commands: never two holders, completed
// once, never in more attempts than it has, and in the end it is over or with the dead letters.
#include "tests/unit/protocol/work/playing.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <memory>
#include <variant>
#include <vector>

namespace nats_mcp::work::work_race_test {
namespace {

// -- one delivery, two who have it --------------------------------------------------------------

enum class past { never_recorded, offered, silent_holder, failed_before };

void tell(past what, stage& on) {
  switch (what) {
    case past::never_recorded: {
      conversation talk{on.boss.offer(on.item)};
      talk.step(on.server); // and no further
      return;
    }
    case past::offered:
      return on.offer();
    case past::silent_holder:
      (void)on.held_by_ann();
      return on.server.pass(silence);
    case past::failed_before: {
      const auto held = on.held_by_ann();
      (void)on.ann.run(on.ann.fail_it(held));
      return on.server.pass(1s + server_time_lag);
    }
  }
}

class two_deliveries_of_one_message : public ::testing::TestWithParam<past> {
protected:
  using purpose = delivery_handling::purpose;

  /// Ann has it and is slow; when the ack wait is over bob gets it.
  std::vector<player> both_have_it(stage& on, purpose of_bob) {
    tell(GetParam(), on);
    const auto slow = on.server.deliver(on.where());
    by_ann = on.ann.handle(on.where(), *slow);
    on.server.pass(ack_wait);
    const auto quick = on.server.deliver(on.where());
    by_bob = on.bob.handle(on.where(), *quick, of_bob);
    return {{on.server, by_ann}, {on.server, by_bob}};
  }

  std::shared_ptr<delivery_handling> by_ann;
  std::shared_ptr<delivery_handling> by_bob;
};

TEST_P(two_deliveries_of_one_message, give_it_to_one_of_two_claims) {
  std::size_t first = 0;
  std::size_t second = 0;
  EXPECT_EQ(in_every_order([&](stage& on) { return both_have_it(on, purpose::take); },
                           [&](const stage&) {
                             const bool ann = worker::taken(*by_ann).has_value();
                             const bool bob = worker::taken(*by_bob).has_value();
                             EXPECT_NE(ann, bob) << "exactly one holds it";
                             (ann ? first : second) += 1;
                           }),
            "");
  EXPECT_GT(first, 0U);
  EXPECT_GT(second, 0U);
}

TEST_P(two_deliveries_of_one_message, leave_it_to_a_claim_when_a_sweep_has_the_other) {
  EXPECT_EQ(in_every_order([&](stage& on) { return both_have_it(on, purpose::sweep); },
                           [&](const stage&) {
                             EXPECT_TRUE(worker::taken(*by_ann));
                             EXPECT_TRUE(std::holds_alternative<delivery_handling::passed_on>(
                               **by_bob->end()));
                           }),
            "");
}

INSTANTIATE_TEST_SUITE_P(after, two_deliveries_of_one_message,
                         ::testing::Values(past::never_recorded, past::offered, past::silent_holder,
                                           past::failed_before));

// -- the holder, and whoever comes when its lease is over ---------------------------------------

enum class deed { complete, fail_and_retry, fail_for_good, give_back, renew };

std::shared_ptr<item_update> begin(deed what, const worker& who,
                                   const delivery_handling::taken_item& held) {
  switch (what) {
    case deed::complete:
      return who.complete(held);
    case deed::fail_and_retry:
      return who.fail_it(held);
    case deed::fail_for_good:
      return who.fail_it(held, hopeless());
    case deed::give_back:
      return who.give_back(held);
    case deed::renew:
      return who.renew(held, {50.0, "Half of it."});
  }
  return nullptr;
}

class a_holder : public ::testing::TestWithParam<deed> {};

TEST_P(a_holder, and_a_takeover_never_both_have_it) {
  std::size_t kept = 0;
  std::size_t lost = 0;
  std::shared_ptr<item_update> script;
  std::shared_ptr<delivery_handling> by_bob;
  EXPECT_EQ(in_every_order(
              [&](stage& on) {
                const auto held = on.held_by_ann();
                script = begin(GetParam(), on.ann, held);
                by_bob.reset();
                return std::vector<player>{{on.server, script},
                                           passing(on.server, silence),
                                           claiming(on.bob, on.server, on.where(), by_bob)};
              },
              [&](const stage& on) {
                const auto& end = *script->end();
                (end ? kept : lost) += 1;
                if (!end) {
                  EXPECT_EQ(end.error().code, ec::conflict);
                  EXPECT_TRUE(by_bob && worker::taken(*by_bob)) << "who else?";
                }
                const bool dies = GetParam() == deed::fail_for_good && end;
                EXPECT_EQ(on.record().state, dies ? item_state::dead : item_state::completed);
              }),
            "");
  EXPECT_GT(kept, 0U);
  EXPECT_GT(lost, 0U);
}

TEST_P(a_holder, may_be_late_and_cancelled_and_succeeded_at_any_point) {
  EXPECT_EQ(in_every_order([](stage& on) {
              const auto held = on.held_by_ann();
              return std::vector<player>{{on.server, begin(GetParam(), on.ann, held)},
                                         {on.server, on.boss.cancel(on.item)},
                                         passing(on.server, silence),
                                         working(on.bob, on.server, on.where())};
            }),
            "");
}

INSTANTIATE_TEST_SUITE_P(who, a_holder,
                         ::testing::Values(deed::complete, deed::fail_and_retry,
                                           deed::fail_for_good, deed::give_back, deed::renew));

// -- offers, cancellations, copies --------------------------------------------------------------

TEST(an_offer, may_be_claimed_and_completed_before_it_is_recorded) {
  EXPECT_EQ(in_every_order([](stage& on) {
              return std::vector<player>{{on.server, on.boss.offer(on.item)},
                                         working(on.ann, on.server, on.where()),
                                         working(on.bob, on.server, on.where())};
            }),
            "");
}

TEST(an_offer, made_twice_under_one_key_is_one_item) {
  std::vector<std::shared_ptr<offering>> offers;
  EXPECT_EQ(in_every_order(
              [&](stage& on) {
                offers = {on.boss.offer(on.item, offering::novelty::to_be_seen),
                          on.boss.offer(on.item, offering::novelty::to_be_seen)};
                return std::vector<player>{{on.server, offers[0]},
                                           {on.server, offers[1]},
                                           working(on.ann, on.server, on.where())};
              },
              [&](const stage& on) {
                EXPECT_EQ((*offers[0]->end())->item, (*offers[1]->end())->item);
                EXPECT_EQ(on.record().attempts_begun, 1U);
              }),
            "");
}

TEST(a_cancellation, and_a_claim_never_both_win) {
  std::size_t cancelled = 0;
  std::size_t completed = 0;
  std::shared_ptr<item_update> script;
  EXPECT_EQ(in_every_order(
              [&](stage& on) {
                on.offer();
                script = on.boss.cancel(on.item);
                return std::vector<player>{{on.server, script},
                                           working(on.ann, on.server, on.where()),
                                           working(on.bob, on.server, on.where())};
              },
              [&](const stage& on) {
                EXPECT_EQ(on.record().state,
                          *script->end() ? item_state::cancelled : item_state::completed);
                (*script->end() ? cancelled : completed) += 1;
              }),
            "");
  EXPECT_GT(cancelled, 0U);
  EXPECT_GT(completed, 0U);
}

TEST(two_copies, of_one_item_in_the_queue_are_done_once) {
  for (const bool recorded : {false, true}) {
    EXPECT_EQ(
      in_every_order(
        [recorded](stage& on) {
          if (recorded) {
            on.offer();
          } else {
            conversation{on.boss.offer(on.item)}.step(on.server);
          }
          (void)on.server.put_into_queue(lane_subject(on.where()), write_queued_item({on.item, 1}));
          return std::vector<player>{working(on.ann, on.server, on.where()),
                                     working(on.bob, on.server, on.where()),
                                     passing(on.server, silence)};
        },
        [](const stage& on) { EXPECT_EQ(on.record().state, item_state::completed); }),
      "");
  }
}

} // namespace
} // namespace nats_mcp::work::work_race_test
