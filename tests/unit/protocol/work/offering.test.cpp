// SPDX-License-Identifier: MIT
// Offering an item: what is stored, in which order, and what its offerer is told.
#include "tests/unit/protocol/work/playing.hpp"
#include "tests/unit/protocol/work/spoken_commands.hpp"

#include <gtest/gtest.h>

namespace nats_mcp::work::offering_test {
namespace {

using novelty = offering::novelty;

class an_offered_item : public ::testing::Test {
protected:
  stage on;
};

TEST_F(an_offered_item, is_queued_then_recorded) {
  const auto script = on.boss.offer(on.item);
  EXPECT_EQ(run(on.server, script), (told{"publish work", "put work_tasks", "put work_items"}));
  ASSERT_TRUE(*script->end());
  EXPECT_EQ((*script->end())->item, on.item);
  EXPECT_FALSE((*script->end())->offered_before);
  const auto record = on.record();
  EXPECT_EQ(record.state, item_state::pending);
  EXPECT_EQ(record.generation, 1U);
  EXPECT_EQ(on.server.queued(), std::vector{record.queue_sequence});
  EXPECT_TRUE(on.server.knows_task(on.item));
  EXPECT_EQ(on.bob.claim(on.where())->found.record.item, on.item);
}

TEST_F(an_offered_item, is_offered_when_it_can_be_looked_up) {
  const auto script = on.boss.offer(on.item);
  conversation talk{script};
  talk.step(on.server);
  EXPECT_FALSE(script->end()) << "nobody could look it up";
  talk.finish(on.server);
  EXPECT_TRUE(*script->end());
}

TEST_F(an_offered_item, that_is_queued_and_cannot_be_recorded_is_offered_all_the_same) {
  const auto script = on.boss.offer(on.item);
  (void)run(on.server, script, failing("put work_items", ec::timeout));
  EXPECT_TRUE(*script->end()) << "whoever claims it records it";
}

TEST_F(an_offered_item, that_was_offered_before_is_told_as_it_was_then) {
  on.offer();
  auto other = on.item;
  other.description = "Make it small.";
  const auto script = on.boss.offer(other, novelty::to_be_seen);
  EXPECT_EQ(run(on.server, script), told{"get work_items"});
  EXPECT_TRUE((*script->end())->offered_before);
  EXPECT_EQ((*script->end())->item, on.item);
  EXPECT_EQ(on.server.queued().size(), 1U);
}

TEST_F(an_offered_item, that_ended_before_it_was_queued_is_told_to_be_over_and_stays_so) {
  conversation first{on.boss.offer(on.item, novelty::to_be_seen)};
  first.step(on.server);
  first.step(on.server); // recorded, and no further
  (void)on.boss.run(on.boss.cancel(on.item));
  const auto script = on.boss.offer(on.item, novelty::to_be_seen);
  EXPECT_EQ(run(on.server, script), told{"get work_items"});
  EXPECT_TRUE((*script->end())->offered_before);
  EXPECT_EQ((*script->end())->state, item_state::cancelled);
  EXPECT_TRUE(on.server.queued().empty());
}

TEST_F(an_offered_item, that_is_over_is_told_to_be_so) {
  on.offer();
  (void)on.boss.run(on.boss.cancel(on.item));
  const auto script = on.boss.run(on.boss.offer(on.item, novelty::to_be_seen));
  EXPECT_TRUE((*script->end())->offered_before);
  EXPECT_EQ((*script->end())->state, item_state::cancelled);
}

TEST_F(an_offered_item, under_a_key_is_recorded_then_queued) {
  const auto script = on.boss.offer(on.item, novelty::to_be_seen);
  EXPECT_EQ(run(on.server, script), (told{"get work_items", "put work_items", "put work_tasks",
                                          "publish work", "put work_items"}));
  ASSERT_TRUE(*script->end());
  EXPECT_FALSE((*script->end())->offered_before);
  EXPECT_EQ(on.server.queued(), std::vector{on.record().queue_sequence});
}

TEST_F(an_offered_item, under_a_key_is_gone_on_with_wherever_the_first_offer_ended) {
  for (int reached = 2; reached <= 5; ++reached) {
    stage once;
    conversation talk{once.boss.offer(once.item, novelty::to_be_seen)};
    for (int i = 0; i < reached; ++i) {
      talk.step(once.server);
    }
    const auto script = once.boss.run(once.boss.offer(once.item, novelty::to_be_seen));
    ASSERT_TRUE(*script->end()) << reached;
    EXPECT_TRUE((*script->end())->offered_before) << reached;
    EXPECT_EQ(once.server.queued(), std::vector{once.record().queue_sequence}) << reached;
    finish_everything(once);
    EXPECT_EQ(judge(once, strictness::nothing_open), "") << reached;
  }
}

TEST_F(an_offered_item, of_two_with_one_key_at_the_same_moment_is_the_same_for_both) {
  std::shared_ptr<offering> first;
  std::shared_ptr<offering> second;
  EXPECT_EQ(in_every_order(
              [&](stage& here) {
                auto other = here.item;
                other.description = "Make it small.";
                other.task_id = "another";
                first = here.boss.offer(here.item, novelty::to_be_seen);
                second = here.bob.offer(other, novelty::to_be_seen);
                std::vector<player> out;
                out.emplace_back(here.server, first);
                out.emplace_back(here.server, second);
                return out;
              },
              [&](const stage& here) {
                const auto item = here.record().item;
                EXPECT_EQ((*first->end())->item, item);
                EXPECT_EQ((*second->end())->item, item);
                EXPECT_NE((*first->end())->offered_before, (*second->end())->offered_before);
              }),
            "");
}

TEST_F(an_offered_item, under_a_key_that_cannot_be_queued_says_that_it_is_recorded) {
  const auto script = on.boss.offer(on.item, novelty::to_be_seen);
  (void)run(on.server, script, failing("publish work", ec::limit_exceeded));
  ASSERT_FALSE(*script->end());
  EXPECT_EQ(script->end()->error().code, ec::unknown_outcome);
  EXPECT_NE(script->end()->error().message.find("is recorded"), std::string::npos)
    << script->end()->error().message;
  EXPECT_EQ(on.record().state, item_state::pending);
}

TEST_F(an_offered_item, under_a_key_is_not_offered_when_others_write_again_and_again) {
  const auto script = on.boss.offer(on.item, novelty::to_be_seen);
  (void)run(on.server, script, failing("put work_items", ec::conflict));
  EXPECT_EQ(script->end()->error().code, ec::busy);
}

TEST_F(an_offered_item, is_not_stored_when_the_queue_is_full) {
  const auto script = on.boss.offer(on.item);
  const auto full = [](const std::string&) {
    return std::optional{error{ec::limit_exceeded, "maximum bytes exceeded", 10047}};
  };
  EXPECT_EQ(run(on.server, script, full), told{"publish work"});
  ASSERT_FALSE(*script->end());
  EXPECT_EQ(script->end()->error().code, ec::limit_exceeded);
  EXPECT_EQ(script->end()->error().message,
            "The work queue is full: work item " + on.item.id
              + " was not stored. Wait until some of the work is done, or ask whoever runs the NATS"
                " server for more room. (maximum bytes exceeded)");
}

TEST_F(an_offered_item, of_which_nobody_knows_whether_it_was_stored_is_named) {
  const auto script = on.boss.offer(on.item);
  (void)run(on.server, script, failing("publish work", ec::unknown_outcome));
  ASSERT_FALSE(*script->end());
  EXPECT_EQ(script->end()->error().code, ec::unknown_outcome);
  EXPECT_NE(script->end()->error().message.find(on.item.id), std::string::npos);
}

TEST_F(an_offered_item, is_not_offered_unseen_when_nobody_can_look) {
  const auto script = on.boss.offer(on.item, novelty::to_be_seen);
  EXPECT_EQ(run(on.server, script, failing("get work_items", ec::timeout)), told{"get work_items"});
  EXPECT_EQ(script->end()->error().code, ec::timeout);
  EXPECT_EQ(run(on.server, on.boss.offer(on.item), failing("publish work", ec::timeout)),
            told{"publish work"});
  EXPECT_TRUE(on.server.queued().empty());
}

} // namespace
} // namespace nats_mcp::work::offering_test
