// SPDX-License-Identifier: MIT
// Handing an item to the coordinators: what is stored, in which order, and what its offerer is
// told.
#include "tests/unit/protocol/coordination/coordinating.hpp"

#include <gtest/gtest.h>

namespace nats_mcp::coordination::submission_test {
namespace {

using novelty = submission::novelty;
using work::run;

class a_submitted_item : public ::testing::Test {
protected:
  scenery on;
};

TEST_F(a_submitted_item, is_stored_then_recorded) {
  const auto script = on.submitting();
  EXPECT_EQ(run(on.server, script), (told{"publish coord", "put work_tasks", "put work_items"}));
  ASSERT_TRUE(*script->end());
  EXPECT_EQ((*script->end())->item, on.request.item);
  EXPECT_FALSE((*script->end())->offered_before);
  const auto record = on.record();
  EXPECT_EQ(record.state, work::item_state::pending);
  EXPECT_EQ(record.queue_sequence, 0U);
  EXPECT_EQ(record.assigned, work::assignment{}) << "nobody's, and a coordinator is to see to it";
  EXPECT_EQ(on.server.requests(), 1U);
  EXPECT_TRUE(on.server.queued().empty());
}

TEST_F(a_submitted_item, is_accepted_as_soon_as_the_request_is_stored) {
  const auto script = on.submitting();
  work::conversation talk{script};
  EXPECT_FALSE(script->end());
  talk.step(on.server);
  EXPECT_TRUE(script->end());
  while (!talk.over()) {
    talk.answer(fail(ec::timeout, "Not today."));
  }
  EXPECT_TRUE(*script->end());
}

TEST_F(a_submitted_item, that_was_submitted_before_is_told_as_it_was_then) {
  on.submit();
  const auto before = on.request.item;
  on.request.item.description = "Make it small.";
  const auto script = on.submitting(novelty::to_be_seen);
  EXPECT_EQ(run(on.server, script), (told{"get work_items", "put work_tasks", "publish coord"}))
    << "whoever was first may not have come that far";
  EXPECT_EQ(on.server.requests(), 1U) << "stored once";
  EXPECT_TRUE((*script->end())->offered_before);
  EXPECT_EQ((*script->end())->item, before);
}

TEST_F(a_submitted_item, under_a_key_is_recorded_then_stored) {
  const auto script = on.submitting(novelty::to_be_seen);
  EXPECT_EQ(run(on.server, script),
            (told{"get work_items", "put work_items", "put work_tasks", "publish coord"}));
  EXPECT_FALSE((*script->end())->offered_before);
  EXPECT_TRUE((*script->end())->is_coordinated);
  EXPECT_EQ(on.record().assigned, work::assignment{});
  EXPECT_EQ(on.server.requests(), 1U);
}

TEST_F(a_submitted_item, under_a_key_that_was_recorded_alone_is_stored_by_the_next) {
  work::conversation talk{on.submitting(novelty::to_be_seen)};
  talk.step(on.server);
  talk.step(on.server); // recorded, and its offerer is gone
  EXPECT_EQ(on.server.requests(), 0U);
  const auto script = on.submitting(novelty::to_be_seen);
  EXPECT_EQ(run(on.server, script), (told{"get work_items", "put work_tasks", "publish coord"}));
  EXPECT_TRUE((*script->end())->offered_before);
  EXPECT_EQ(on.server.requests(), 1U);
}

TEST_F(a_submitted_item, under_a_key_that_a_worker_has_already_is_not_stored_again) {
  on.give_to_ann();
  const auto script = on.submitting(novelty::to_be_seen);
  EXPECT_EQ(run(on.server, script), told{"get work_items"});
  EXPECT_TRUE((*script->end())->offered_before);
  EXPECT_TRUE((*script->end())->is_coordinated);
}

TEST_F(a_submitted_item, under_the_key_of_one_in_a_queue_is_that_one) {
  (void)on.boss.run(on.boss.offer(on.request.item));
  const auto script = on.submitting(novelty::to_be_seen);
  EXPECT_EQ(run(on.server, script), told{"get work_items"});
  EXPECT_TRUE((*script->end())->offered_before);
  EXPECT_FALSE((*script->end())->is_coordinated);
  EXPECT_EQ(on.server.requests(), 0U);
}

TEST_F(a_submitted_item, under_a_key_is_not_queued_by_an_offer_without_a_coordinator) {
  work::conversation talk{on.submitting(novelty::to_be_seen)};
  talk.step(on.server);
  talk.step(on.server); // recorded alone
  const auto script = std::make_shared<work::offering>(
    on.request.item, work::offering::novelty::to_be_seen, on.boss.world());
  EXPECT_EQ(run(on.server, script), told{"get work_items"});
  EXPECT_TRUE((*script->end())->is_coordinated);
  EXPECT_TRUE(on.server.queued().empty());
}

TEST_F(a_submitted_item, under_a_key_that_cannot_be_stored_goes_on_with_the_next_offer) {
  const auto script = on.submitting(novelty::to_be_seen);
  (void)run(on.server, script, work::failing("publish coord", ec::timeout));
  ASSERT_FALSE(*script->end());
  EXPECT_EQ(script->end()->error().code, ec::unknown_outcome);
  EXPECT_NE(script->end()->error().message.find("Offer it again with the same idempotencyKey"),
            std::string::npos);
}

TEST_F(a_submitted_item, whose_request_is_there_without_a_record_is_recorded_by_the_next) {
  work::conversation{on.submitting()}.step(on.server);
  EXPECT_EQ(run(on.server, on.submitting(novelty::to_be_seen)),
            (told{"get work_items", "put work_items", "put work_tasks", "publish coord"}));
  EXPECT_EQ(on.server.requests(), 1U) << "stored once";
}

TEST_F(a_submitted_item, that_somebody_else_submits_meanwhile_is_told_as_that_one_wrote_it) {
  const auto before = on.request.item;
  on.request.item.description = "Make it small.";
  const auto script = on.submitting(novelty::to_be_seen);
  work::conversation talk{script};
  talk.step(on.server); // it is not there
  on.request.item = before;
  on.submit();
  talk.finish(on.server);
  EXPECT_TRUE((*script->end())->offered_before);
  EXPECT_EQ((*script->end())->item, before);
}

TEST_F(a_submitted_item, is_refused_in_words_when_there_is_no_room) {
  const auto script = on.submitting();
  const auto full = [](const std::string&) {
    return std::optional{error{ec::limit_exceeded, "maximum bytes exceeded", 10047}};
  };
  EXPECT_EQ(run(on.server, script, full), told{"publish coord"});
  ASSERT_FALSE(*script->end());
  EXPECT_EQ(script->end()->error().code, ec::limit_exceeded);
  EXPECT_EQ(script->end()->error().message,
            "There are too many coordinated items: work item " + on.request.item.id
              + " was not stored. Wait until some of the work is done, or offer it without"
                " coordinated. (maximum bytes exceeded)");
}

TEST_F(a_submitted_item, of_which_nobody_knows_whether_it_was_stored_is_named) {
  const auto script = on.submitting();
  (void)run(on.server, script, work::failing("publish coord", ec::unknown_outcome));
  EXPECT_EQ(script->end()->error().code, ec::unknown_outcome);
  EXPECT_NE(script->end()->error().message.find(on.request.item.id), std::string::npos);
}

TEST_F(a_submitted_item, is_not_submitted_unseen_when_nobody_can_look) {
  const auto script = on.submitting(novelty::to_be_seen);
  EXPECT_EQ(run(on.server, script, work::failing("get work_items", ec::timeout)),
            told{"get work_items"});
  EXPECT_EQ(script->end()->error().code, ec::timeout);
}

} // namespace
} // namespace nats_mcp::coordination::submission_test
