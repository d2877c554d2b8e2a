// SPDX-License-Identifier: MIT
// Taking items out of the dead letters, back into the queue or away for good: in which order, what
// is refused, and what becomes of one that was interrupted.
#include "protocol/work/streams.hpp"

#include "tests/unit/protocol/work/playing.hpp"
#include "tests/unit/protocol/work/spoken_commands.hpp"

#include <gtest/gtest.h>

namespace nats_mcp::work::dead_letter_scripts_test {
namespace {

class a_dead_item : public ::testing::Test {
protected:
  told asked_by(std::shared_ptr<work_script> script, const fault_at& fault = {}) {
    return run(on.server, std::move(script), fault);
  }
  /// A retry that falls when it has carried out so many commands.
  void begin_retry(int commands) {
    conversation talk{on.boss.retry(on.item)};
    for (int i = 0; i < commands; ++i) {
      talk.step(on.server);
    }
  }

  stage on;
};

const told whole_retry{"get work_items", "last of DEAD_LETTER", "put work_items",    "publish work",
                       "put work_items", "put work_tasks",      "delete DEAD_LETTER"};
/// How much of it has happened.
constexpr int record_changed = 3;
constexpr int queued = 4;
constexpr int place_recorded = 5;

// -- retry --------------------------------------------------------------------------------------

TEST_F(a_dead_item, that_is_retried_gets_one_attempt_more) {
  on.kill();
  const auto script = on.boss.retry(on.item);
  EXPECT_EQ(asked_by(script), whole_retry);
  const auto& end = **script->end();
  EXPECT_EQ(end.item.id, on.item.id);
  EXPECT_EQ(end.attempts, attempts_after_retry::kept);
  EXPECT_EQ(end.attempts_begun, 1U);
  EXPECT_EQ(end.attempts_max, 2U);
  const auto record = on.record();
  EXPECT_EQ(record.state, item_state::pending);
  EXPECT_EQ(record.generation, 2U);
  EXPECT_EQ(on.server.queued(), std::vector{record.queue_sequence});
  EXPECT_EQ(on.server.letters(), 0U);
}

TEST_F(a_dead_item, that_is_retried_from_the_beginning_gets_them_all) {
  on.kill();
  const auto script = on.boss.run(on.boss.retry(on.item, attempts_after_retry::reset));
  EXPECT_EQ((*script->end())->attempts, attempts_after_retry::reset);
  EXPECT_EQ((*script->end())->attempts_begun, 0U);
  EXPECT_EQ((*script->end())->attempts_max, 3U);
  EXPECT_EQ(on.bob.claim(on.where())->found.record.attempts.size(), 2U) << "the history stays";
}

TEST_F(a_dead_item, is_retried_when_its_letter_is_gone) {
  on.kill();
  const auto script = on.boss.retry(on.item);
  conversation talk{script};
  while (on.server.letters() > 0) {
    EXPECT_FALSE(script->end());
    talk.step(on.server);
  }
  talk.finish(on.server);
  ASSERT_TRUE(script->end());
  EXPECT_TRUE(*script->end());
}

TEST_F(a_dead_item, without_a_letter_gets_one_first) {
  const auto held = on.held_by_ann();
  conversation talk{on.ann.fail_it(held, hopeless())};
  talk.step(on.server); // the letter is on its way
  const auto asked = asked_by(on.boss.retry(on.item));
  EXPECT_EQ(asked,
            (told{"get work_items", "last of DEAD_LETTER", "publish dead", "put work_items",
                  "publish work", "put work_items", "put work_tasks", "delete DEAD_LETTER"}));
  talk.finish(on.server);
  EXPECT_EQ(on.server.letters(), 0U) << "the late one is a duplicate";
}

TEST_F(a_dead_item, stays_where_it_is_when_the_queue_is_full) {
  on.kill();
  const auto script = on.boss.retry(on.item);
  (void)asked_by(script, failing("publish work", ec::limit_exceeded));
  ASSERT_FALSE(*script->end());
  EXPECT_EQ(script->end()->error().code, ec::limit_exceeded);
  EXPECT_EQ(script->end()->error().message,
            "Work item " + on.item.id
              + " is not back in its queue yet: its message could not be stored. Not today. Call"
                " retry_dead_letter_item again: it goes on from there.");
  EXPECT_EQ(on.server.letters(), 1U);
  EXPECT_TRUE(*on.boss.run(on.boss.retry(on.item))->end()) << "when there is room again";
}

TEST_F(a_dead_item, whose_letter_cannot_be_deleted_is_back_and_not_called_retried_without_a_word) {
  on.kill();
  const auto script = on.boss.retry(on.item);
  (void)asked_by(script, failing("delete DEAD_LETTER", ec::permission_denied));
  ASSERT_FALSE(*script->end());
  EXPECT_EQ(script->end()->error().code, ec::permission_denied);
  EXPECT_EQ(script->end()->error().message,
            "Work item " + on.item.id
              + " is back in its queue. But it may still be on the list of dead letters. Not today."
                " Call retry_dead_letter_item again: it goes on from there.");
  EXPECT_EQ(on.record().state, item_state::pending);
  const auto again = on.boss.run(on.boss.retry(on.item));
  ASSERT_TRUE(*again->end()) << "when it may";
  EXPECT_EQ((*again->end())->attempts_max, 2U) << "no second retry";
  EXPECT_EQ(on.server.letters(), 0U);
  EXPECT_EQ(on.server.queued().size(), 1U);
}

TEST_F(a_dead_item, whose_letter_somebody_else_removed_is_retried) {
  on.kill();
  const auto script = on.boss.retry(on.item);
  (void)asked_by(script, failing("delete DEAD_LETTER", ec::not_found));
  EXPECT_TRUE(*script->end());
}

TEST_F(a_dead_item, whose_retry_was_interrupted_is_retried_in_the_same_generation) {
  for (const int reached : {record_changed, queued, place_recorded}) {
    stage once;
    once.kill();
    conversation talk{once.boss.retry(once.item)};
    for (int i = 0; i < reached; ++i) {
      talk.step(once.server);
    }
    ASSERT_EQ(once.server.letters(), 1U);
    const auto script = once.bob.run(once.bob.retry(once.item));
    ASSERT_TRUE(*script->end()) << script->end()->error().message;
    EXPECT_EQ((*script->end())->attempts_max, 2U);
    EXPECT_EQ(once.record().generation, 2U);
    EXPECT_EQ(once.server.queued().size(), 1U);
    EXPECT_EQ(once.server.letters(), 0U);
    finish_everything(once);
    EXPECT_EQ(judge(once, strictness::nothing_open), "");
  }
}

TEST_F(a_dead_item, whose_retry_was_interrupted_long_ago_is_done_once_though_queued_twice) {
  on.kill();
  begin_retry(queued);
  on.server.forget_ids();
  (void)on.boss.run(on.boss.retry(on.item));
  EXPECT_EQ(on.server.queued().size(), 2U);
  finish_everything(on);
  EXPECT_EQ(judge(on, strictness::nothing_open), "");
  EXPECT_EQ(on.record().attempts_begun, 2U);
}

TEST_F(a_dead_item, whose_interrupted_retry_is_under_way_already_loses_its_letter) {
  on.kill();
  begin_retry(queued);
  ASSERT_TRUE(on.bob.claim(on.where()));
  const auto script = on.boss.retry(on.item, attempts_after_retry::reset);
  EXPECT_EQ(asked_by(script),
            (told{"get work_items", "last of DEAD_LETTER", "delete DEAD_LETTER"}));
  EXPECT_EQ((*script->end())->attempts, attempts_after_retry::kept) << "as it was begun";
}

TEST_F(a_dead_item, whose_interrupted_retry_is_done_already_loses_its_letter_and_is_refused) {
  on.kill();
  begin_retry(queued);
  finish_everything(on);
  for (const bool retry : {false, true}) {
    const auto why = retry ? on.boss.run(on.boss.retry(on.item))->end()->error()
                           : on.boss.run(on.boss.discard(on.item))->end()->error();
    EXPECT_EQ(why.code, ec::conflict);
    EXPECT_EQ(on.server.letters(), 0U);
  }
  EXPECT_EQ(on.record().state, item_state::completed);
}

TEST_F(a_dead_item, that_died_again_keeps_its_newer_letter) {
  on.kill();
  const auto script = on.boss.retry(on.item);
  conversation talk{script};
  for (int i = 0; i < queued; ++i) {
    talk.step(on.server);
  }
  const auto held = *on.bob.claim(on.where());
  (void)on.bob.run(on.bob.fail_it(held, {"Still not.", false, {}}));
  talk.finish(on.server);
  EXPECT_EQ(on.server.letters(), 1U);
  EXPECT_EQ(judge(on, strictness::nothing_open), "");
}

TEST_F(a_dead_item, that_is_not_dead_is_refused_in_words) {
  on.offer();
  const auto retry = on.boss.retry(on.item);
  EXPECT_EQ(asked_by(retry), (told{"get work_items", "last of DEAD_LETTER"}));
  ASSERT_FALSE(*retry->end());
  EXPECT_EQ(retry->end()->error().code, ec::conflict);
  EXPECT_NE(retry->end()->error().message.find("waits in its queue"), std::string::npos);
  EXPECT_EQ(on.boss.run(on.boss.discard(on.item))->end()->error().code, ec::conflict);
}

TEST_F(a_dead_item, that_cannot_be_read_is_discarded_never_retried) {
  on.item.id =
    unreadable_item_id(on.server.put_into_queue(lane_subject(on.where()), "no work item"));
  (void)on.bob.run(on.bob.pull(on.where()));
  EXPECT_EQ(on.boss.run(on.boss.retry(on.item))->end()->error().code, ec::conflict);
  EXPECT_EQ(on.server.letters(), 1U);
  EXPECT_TRUE(*on.boss.run(on.boss.discard(on.item))->end());
  EXPECT_EQ(on.server.letters(), 0U);
}

TEST_F(a_dead_item, that_is_not_there_or_not_to_be_seen_is_not_found) {
  const auto unknown = on.boss.run(on.boss.retry(on.item))->end()->error();
  EXPECT_EQ(unknown.code, ec::not_found);
  on.kill();
  const visibility_rule nothing = [](const auto&) { return false; };
  const auto retry = std::make_shared<dead_letter_retry>(on.item.id, attempts_after_retry::kept,
                                                         nothing, on.bob.world());
  const auto discard = std::make_shared<dead_letter_discard>(on.item.id, nothing, on.bob.world());
  EXPECT_EQ(asked_by(retry), told{"get work_items"});
  EXPECT_EQ(asked_by(discard), told{"get work_items"});
  EXPECT_EQ(retry->end()->error(), unknown) << "the two cannot be told apart";
  EXPECT_EQ(discard->end()->error(), unknown);
}

TEST_F(a_dead_item, that_cannot_be_looked_up_is_left_alone) {
  on.kill();
  for (const auto* what : {"get work_items", "last of DEAD_LETTER", "put work_items"}) {
    const auto retry = on.boss.retry(on.item);
    EXPECT_EQ(asked_by(retry, failing(what, ec::timeout)).back(), what);
    EXPECT_EQ(retry->end()->error().code, ec::timeout);
    const auto discard = on.boss.discard(on.item);
    EXPECT_EQ(asked_by(discard, failing(what, ec::timeout)).back(), what);
    EXPECT_EQ(discard->end()->error().code, ec::timeout);
  }
  EXPECT_EQ(judge(on, strictness::nothing_open), "");
}

TEST_F(a_dead_item, that_others_write_again_and_again_is_left_to_them) {
  on.kill();
  const auto script = on.boss.retry(on.item);
  (void)asked_by(script, losing_to_others());
  EXPECT_EQ(script->end()->error().code, ec::busy);
}

TEST_F(a_dead_item, whose_change_met_a_conflict_only_when_it_was_repeated_may_be_changed) {
  on.kill();
  const auto script = on.boss.retry(on.item);
  (void)asked_by(script, failing("put work_items", ec::conflict));
  EXPECT_EQ(script->end()->error().code, ec::unknown_outcome);
}

// -- discard ------------------------------------------------------------------------------------

TEST_F(a_dead_item, that_is_discarded_is_gone_from_the_list) {
  on.kill();
  const auto script = on.boss.discard(on.item);
  EXPECT_EQ(asked_by(script), (told{"get work_items", "last of DEAD_LETTER", "put work_items",
                                    "delete DEAD_LETTER"}));
  EXPECT_EQ((*script->end())->id, on.item.id);
  EXPECT_EQ(on.record().state, item_state::discarded);
  EXPECT_EQ(on.server.letters(), 0U);
}

TEST_F(a_dead_item, that_cannot_be_taken_off_the_list_is_not_called_discarded_without_a_word) {
  on.kill();
  const auto script = on.boss.discard(on.item);
  (void)asked_by(script, failing("delete DEAD_LETTER", ec::permission_denied));
  ASSERT_FALSE(*script->end());
  EXPECT_EQ(script->end()->error().code, ec::permission_denied);
  EXPECT_NE(script->end()->error().message.find("could not be taken off the list"),
            std::string::npos)
    << script->end()->error().message;
  EXPECT_TRUE(*on.boss.run(on.boss.discard(on.item))->end()) << "when it may";
  EXPECT_EQ(on.server.letters(), 0U);
}

TEST_F(a_dead_item, whose_letter_somebody_else_removed_is_discarded) {
  on.kill();
  const auto script = on.boss.discard(on.item);
  (void)asked_by(script, failing("delete DEAD_LETTER", ec::not_found));
  EXPECT_TRUE(*script->end());
}

TEST_F(a_dead_item, that_was_too_large_to_be_recorded_is_discarded_never_retried) {
  on.kill();
  auto record = on.record();
  record.incomplete = true;
  on.server.write_record(on.item.id, write_item_record(record, "w"));
  const auto refused = on.boss.run(on.boss.retry(on.item));
  ASSERT_FALSE(*refused->end());
  EXPECT_EQ(refused->end()->error().code, ec::conflict);
  EXPECT_NE(refused->end()->error().message.find("too large"), std::string::npos);
  EXPECT_TRUE(*on.boss.run(on.boss.discard(on.item))->end());
}

TEST_F(a_dead_item, whose_discard_was_interrupted_is_discarded_by_doing_it_again) {
  on.kill();
  conversation talk{on.boss.discard(on.item)};
  for (int i = 0; i < record_changed; ++i) {
    talk.step(on.server);
  }
  ASSERT_EQ(on.server.letters(), 1U);
  EXPECT_TRUE(*on.boss.run(on.boss.discard(on.item))->end());
  EXPECT_EQ(on.server.letters(), 0U);
  EXPECT_EQ(on.boss.run(on.boss.discard(on.item))->end()->error().code, ec::conflict)
    << "once it is gone";
}

TEST_F(a_dead_item, whose_retry_was_interrupted_is_not_discarded_and_keeps_its_letter) {
  on.kill();
  begin_retry(record_changed);
  EXPECT_EQ(on.boss.run(on.boss.discard(on.item))->end()->error().code, ec::conflict);
  EXPECT_EQ(on.server.letters(), 1U) << "else it would be nowhere";
}

} // namespace
} // namespace nats_mcp::work::dead_letter_scripts_test
