// SPDX-License-Identifier: MIT
// Items that die, are retried and discarded while others are at them, in every order: a dead item
// is listed, one that is not dead is not, and nothing is lost on the way back into the queue.
#include "tests/unit/protocol/work/playing.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <memory>
#include <vector>

namespace nats_mcp::work::dead_letter_race_test {
namespace {

TEST(a_retried_item, may_be_taken_and_finished_at_any_point) {
  for (const auto how : {attempts_after_retry::kept, attempts_after_retry::reset}) {
    EXPECT_EQ(in_every_order([how](stage& on) {
                on.kill();
                return std::vector<player>{{on.server, on.boss.retry(on.item, how)},
                                           working(on.bob, on.server, on.where())};
              }),
              "");
  }
}

TEST(a_retried_item, may_be_cancelled_at_any_point) {
  EXPECT_EQ(in_every_order([](stage& on) {
              on.kill();
              return std::vector<player>{{on.server, on.boss.retry(on.item)},
                                         {on.server, on.boss.cancel(on.item)}};
            }),
            "");
}

TEST(a_retried_item, may_die_again_before_the_retry_is_over) {
  std::size_t dead = 0;
  EXPECT_EQ(in_every_order(
              [](stage& on) {
                on.kill();
                return std::vector<player>{{on.server, on.boss.retry(on.item)},
                                           failing_at(on.bob, on.server, on.where())};
              },
              [&](const stage& on) { dead += on.record().state == item_state::dead ? 1 : 0; }),
            "");
  EXPECT_GT(dead, 0U) << "and lies with the dead letters again";
}

TEST(a_retried_item, may_die_again_and_be_retried_by_another) {
  EXPECT_EQ(in_every_order([](stage& on) {
              on.kill();
              player first{on.server, on.boss.retry(on.item)};
              while (on.server.queued().empty()) {
                first.step(); // nobody can take it before
              }
              return std::vector<player>{first,
                                         failing_at(on.bob, on.server, on.where()),
                                         {on.server, on.ann.retry(on.item)}};
            }),
            "");
}

TEST(a_dying_item, may_be_retried_before_its_letter_is_stored) {
  EXPECT_EQ(in_every_order([](stage& on) {
              const auto held = on.held_by_ann();
              return std::vector<player>{{on.server, on.ann.fail_it(held, hopeless())},
                                         {on.server, on.boss.retry(on.item)},
                                         claiming(on.bob, on.server, on.where())};
            }),
            "");
}

TEST(a_dying_item, may_be_discarded_before_its_letter_is_stored) {
  EXPECT_EQ(in_every_order([](stage& on) {
              const auto held = on.held_by_ann();
              return std::vector<player>{{on.server, on.ann.fail_it(held, hopeless())},
                                         {on.server, on.boss.discard(on.item)}};
            }),
            "");
}

TEST(a_dying_item, may_be_buried_by_two_at_once) {
  EXPECT_EQ(in_every_order([](stage& on) {
              on.offer();
              on.server.pass(on.item.deadline - on.server.now() + 1s);
              const auto slow = on.server.deliver(on.where());
              on.server.pass(silence);
              const auto quick = on.server.deliver(on.where());
              return std::vector<player>{
                {on.server, on.ann.handle(on.where(), *slow)},
                {on.server, on.bob.handle(on.where(), *quick, delivery_handling::purpose::sweep)}};
            }),
            "");
}

TEST(a_dying_item, may_be_buried_while_it_is_retried) {
  EXPECT_EQ(in_every_order([](stage& on) {
              on.offer();
              on.server.pass(on.item.deadline - on.server.now() + 1s);
              const auto sweep = on.bob.pull(on.where(), delivery_handling::purpose::sweep);
              return std::vector<player>{{on.server, sweep},
                                         {on.server, on.boss.retry(on.item)},
                                         claiming(on.ann, on.server, on.where())};
            }),
            "");
}

TEST(two_retries, of_one_item_put_it_into_the_queue_once) {
  std::vector<std::shared_ptr<dead_letter_retry>> retries;
  EXPECT_EQ(in_every_order(
              [&](stage& on) {
                on.kill();
                retries = {on.boss.retry(on.item), on.ann.retry(on.item)};
                return std::vector<player>{{on.server, retries[0]}, {on.server, retries[1]}};
              },
              [&](const stage& on) {
                EXPECT_TRUE(*retries[0]->end() || *retries[1]->end());
                EXPECT_EQ(on.record().generation, 2U);
                EXPECT_EQ(on.record().attempts_begun, 2U);
                EXPECT_EQ(on.record().state, item_state::completed);
              }),
            "");
}

TEST(two_retries, may_meet_a_worker) {
  EXPECT_EQ(in_every_order([](stage& on) {
              on.kill();
              return std::vector<player>{{on.server, on.boss.retry(on.item)},
                                         {on.server, on.ann.retry(on.item)},
                                         claiming(on.bob, on.server, on.where())};
            }),
            "");
}

TEST(a_retry, and_a_discard_never_both_win) {
  std::size_t retried = 0;
  std::size_t discarded = 0;
  std::shared_ptr<dead_letter_retry> retry;
  std::shared_ptr<dead_letter_discard> discard;
  EXPECT_EQ(in_every_order(
              [&](stage& on) {
                on.kill();
                retry = on.boss.retry(on.item);
                discard = on.ann.discard(on.item);
                return std::vector<player>{{on.server, retry}, {on.server, discard}};
              },
              [&](const stage& on) {
                EXPECT_NE(retry->end()->has_value(), discard->end()->has_value());
                EXPECT_EQ(on.record().state,
                          *retry->end() ? item_state::completed : item_state::discarded);
                (*retry->end() ? retried : discarded) += 1;
              }),
            "");
  EXPECT_GT(retried, 0U);
  EXPECT_GT(discarded, 0U);
}

TEST(two_discards, of_one_item_leave_nothing) {
  EXPECT_EQ(in_every_order(
              [](stage& on) {
                on.kill();
                return std::vector<player>{{on.server, on.boss.discard(on.item)},
                                           {on.server, on.ann.discard(on.item)}};
              },
              [](const stage& on) { EXPECT_EQ(on.record().state, item_state::discarded); }),
            "");
}

} // namespace
} // namespace nats_mcp::work::dead_letter_race_test
