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
  EXPECT_EQ(run(on.server, script), told{"get work_items"});
  EXPECT_TRUE((*script->end())->offered_before);
  EXPECT_EQ((*script->end())->item, before);
}

TEST_F(a_submitted_item, whose_first_submission_was_interrupted_is_recorded_by_the_next) {
  work::conversation{on.submitting()}.step(on.server);
  EXPECT_EQ(run(on.server, on.submitting(novelty::to_be_seen)),
            (told{"get work_items", "publish coord", "get work_items", "put work_tasks",
                  "put work_items"}));
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
