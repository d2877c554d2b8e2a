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

TEST_F(an_offered_item, is_offered_as_soon_as_it_is_queued) {
  const auto script = on.boss.offer(on.item);
  conversation talk{script};
  EXPECT_FALSE(script->end());
  talk.step(on.server);
  EXPECT_TRUE(script->end());
  while (!talk.over()) {
    talk.answer(fail(ec::timeout, "Not today."));
  }
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

TEST_F(an_offered_item, whose_first_offer_was_interrupted_is_recorded_by_the_next) {
  conversation{on.boss.offer(on.item, novelty::certain)}.step(on.server);
  const auto script = on.boss.offer(on.item, novelty::to_be_seen);
  EXPECT_EQ(run(on.server, script), (told{"get work_items", "publish work", "get work_items",
                                          "put work_tasks", "put work_items"}));
  EXPECT_TRUE(*script->end());
  EXPECT_EQ(on.server.queued(), std::vector{on.record().queue_sequence});
}

TEST_F(an_offered_item, of_two_with_one_key_at_the_same_moment_is_told_as_the_first) {
  auto other = on.item;
  other.description = "Make it small.";
  const auto second = on.bob.offer(other, novelty::to_be_seen);
  conversation talk{second};
  talk.step(on.server); // it is not there yet
  on.offer();
  talk.finish(on.server);
  ASSERT_TRUE(*second->end());
  EXPECT_TRUE((*second->end())->offered_before);
  EXPECT_EQ((*second->end())->item, on.item);
  EXPECT_EQ(on.record().item, on.item);
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
