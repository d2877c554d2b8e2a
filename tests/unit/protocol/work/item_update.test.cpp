// SPDX-License-Identifier: MIT
// Changing a record, and what follows from its new state: in which order, with or without a
// delivery, in time or late.
#include "tests/unit/protocol/work/playing.hpp"
#include "tests/unit/protocol/work/spoken_commands.hpp"

#include <gtest/gtest.h>

namespace nats_mcp::work::item_update_test {
namespace {

class an_update : public ::testing::Test {
protected:
  told asked_by(std::shared_ptr<work_script> script, const fault_at& fault = {}) {
    return run(on.server, std::move(script), fault);
  }
  /// What is asked at once when the record is written and the update decided. @post all is done
  told round_after_write(const std::shared_ptr<item_update>& script) {
    conversation talk{script};
    talk.step(on.server);
    EXPECT_TRUE(script->end());
    told out;
    talk.step_round(on.server, [&](const auto& command) { out.push_back(spoken(command)); });
    EXPECT_TRUE(talk.over());
    return out;
  }
  [[nodiscard]] bool queue_is_empty() const { return on.server.queued().empty(); }

  const progress_report half{50.0, "Half of it."};
  stage on;
};

// -- what follows -------------------------------------------------------------------------------

TEST_F(an_update, that_completes_tells_the_offerer_then_acknowledges) {
  const auto script = on.ann.complete(on.held_by_ann());
  EXPECT_EQ(asked_by(script), (told{"put work_items", "publish inbox", "ack"}));
  ASSERT_TRUE(*script->end());
  EXPECT_EQ((*script->end())->found.record, on.record());
  EXPECT_EQ((*script->end())->found.revision, on.server.record(on.item.id)->revision);
  EXPECT_FALSE((*script->end())->unchanged);
  EXPECT_FALSE(script->handle());
  EXPECT_TRUE(queue_is_empty());
}

TEST_F(an_update, that_is_written_is_decided_whatever_follows) {
  const auto script = on.ann.complete(on.held_by_ann());
  conversation talk{script};
  EXPECT_FALSE(script->end());
  talk.step(on.server);
  EXPECT_TRUE(script->end());
  EXPECT_FALSE(talk.over());
}

TEST_F(an_update, that_fails_for_good_stores_the_letter_before_anything_else) {
  EXPECT_EQ(asked_by(on.ann.fail_it(on.held_by_ann(), hopeless())),
            (told{"put work_items", "publish dead", "publish inbox", "ack"}));
}

TEST_F(an_update, whose_letter_is_not_stored_leaves_the_delivery_open) {
  const auto script = on.ann.fail_it(on.held_by_ann(), hopeless());
  EXPECT_EQ(asked_by(script, failing("publish dead", ec::timeout)),
            (told{"put work_items", "publish dead"}));
  EXPECT_TRUE(script->handle());
  EXPECT_FALSE(queue_is_empty()) << "whoever gets it next stores the letter";
}

TEST_F(an_update, whose_letter_is_not_stored_says_why) {
  const auto script = on.ann.fail_it(on.held_by_ann(), hopeless());
  (void)run(on.server, script, failing("publish dead", ec::limit_exceeded));
  ASSERT_TRUE(*script->end());
  ASSERT_TRUE((*script->end())->letter_failure);
  EXPECT_EQ((*script->end())->letter_failure->code, ec::limit_exceeded);
  EXPECT_EQ(on.record().state, item_state::dead);
}

TEST_F(an_update, that_fails_tells_and_gives_the_item_back_for_later_at_once) {
  const auto script = on.ann.fail_it(on.held_by_ann(), {"It crashed.", true, 5s});
  EXPECT_EQ(round_after_write(script), (told{"publish inbox", "nak 5000"}));
  EXPECT_FALSE(script->handle());
  on.server.pass(5s + server_time_lag);
  EXPECT_TRUE(on.bob.claim(on.where()));
}

TEST_F(an_update, that_gives_back_does_so_at_once) {
  EXPECT_EQ(asked_by(on.ann.give_back(on.held_by_ann())), (told{"put work_items", "nak 0"}));
  const auto taken = on.bob.claim(on.where());
  ASSERT_TRUE(taken);
  EXPECT_EQ(taken->found.record.attempts_begun, 1U);
}

TEST_F(an_update, that_renews_extends_the_delivery_and_tells_nobody) {
  const auto held = on.held_by_ann();
  on.server.pass(10s);
  const auto sent_at = on.server.clock();
  const auto script = on.ann.renew(held);
  conversation talk{script};
  talk.step(on.server);
  EXPECT_EQ(spoken(talk.next()), "in progress");
  on.server.pass(1s); // on its way
  talk.step(on.server);
  EXPECT_TRUE(talk.over());
  ASSERT_TRUE(script->handle());
  EXPECT_EQ(script->handle()->since, sent_at) << "it may have been there at once";
}

TEST_F(an_update, whose_extension_is_not_heard_of_counts_from_before) {
  const auto held = on.held_by_ann();
  on.server.pass(10s);
  const auto script = on.ann.renew(held);
  (void)asked_by(script, failing("in progress", ec::unknown_outcome));
  EXPECT_EQ(script->handle()->since, held.handle.since);
}

TEST_F(an_update, that_reports_tells_and_extends_before_the_next_change_can_come) {
  const auto script = on.ann.renew(on.held_by_ann(), half);
  EXPECT_EQ(round_after_write(script), (told{"publish inbox", "in progress"}))
    << "all at once: whoever waits for the end goes on";
  EXPECT_EQ(on.record().attempts.back().note, half.note);
}

TEST_F(an_update, that_reports_late_tells_and_extends_nothing) {
  const auto held = on.held_by_ann();
  on.server.pass(27s);
  const auto script = on.ann.renew(held, half);
  EXPECT_EQ(round_after_write(script), told{"publish inbox"});
  ASSERT_TRUE(script->handle());
  EXPECT_EQ(script->handle()->since, held.handle.since) << "a notice is no extension";
}

TEST_F(an_update, whose_notice_is_lost_extends_all_the_same) {
  const auto held = on.held_by_ann();
  on.server.pass(10s);
  const auto script = on.ann.renew(held, half);
  (void)asked_by(script, failing("publish inbox", ec::timeout));
  EXPECT_EQ(script->handle()->since, on.server.clock());
  EXPECT_EQ(script->notices_lost(), 1U);
}

TEST_F(an_update, whose_extension_is_lost_tells_all_the_same) {
  const auto held = on.held_by_ann();
  on.server.pass(10s);
  const auto script = on.ann.renew(held, half);
  (void)asked_by(script, failing("in progress", ec::unknown_outcome));
  EXPECT_EQ(script->handle()->since, held.handle.since);
  EXPECT_EQ(script->notices_lost(), 0U);
  EXPECT_EQ(on.server.notices().size(), 1U);
}

TEST_F(an_update, that_cancels_takes_the_message_out_of_the_queue) {
  on.offer();
  EXPECT_EQ(asked_by(on.boss.cancel(on.item)),
            (told{"get work_items", "put work_items", "delete WORK"}));
  EXPECT_TRUE(queue_is_empty());
}

TEST_F(an_update, that_cancels_is_one_though_the_message_stays_in_the_queue) {
  on.offer();
  const auto script = on.boss.cancel(on.item);
  (void)asked_by(script, failing("delete WORK", ec::permission_denied));
  ASSERT_TRUE(*script->end());
  finish_everything(on);
  EXPECT_EQ(judge(on, strictness::nothing_open), "");
  EXPECT_EQ(on.record().state, item_state::cancelled);
}

TEST_F(an_update, that_cancels_what_has_no_place_in_the_queue_yet_deletes_nothing) {
  on.kill();
  conversation talk{on.boss.retry(on.item)};
  while (on.server.queued().empty()) {
    talk.step(on.server); // and no further
  }
  EXPECT_EQ(asked_by(on.boss.cancel(on.item)), (told{"get work_items", "put work_items"}));
}

// -- the delivery --------------------------------------------------------------------------------

TEST_F(an_update, that_is_late_settles_nothing_but_what_is_over) {
  for (const bool completes : {false, true}) {
    stage late;
    const auto held = late.held_by_ann();
    late.server.pass(27s);
    const auto script = completes ? late.ann.complete(held) : late.ann.give_back(held);
    const auto asked = run(late.server, script);
    EXPECT_EQ(asked, completes ? (told{"put work_items", "publish inbox", "ack"})
                               : told{"put work_items"});
    EXPECT_FALSE(script->handle()) << "nothing is open any more";
  }
}

TEST_F(an_update, without_a_delivery_settles_nothing) {
  auto held = on.held_by_ann();
  held.handle.ack_subject.clear(); // whoever took it is gone
  on.server.pass(1s);
  EXPECT_EQ(asked_by(on.ann.renew(held)), told{"put work_items"});
  EXPECT_EQ(asked_by(on.ann.complete(held)).back(), "publish inbox");
  finish_everything(on);
  EXPECT_EQ(judge(on, strictness::nothing_open), "");
}

TEST_F(an_update, is_not_held_up_by_a_notice_that_is_not_stored) {
  const auto script = on.ann.complete(on.held_by_ann());
  EXPECT_EQ(asked_by(script, failing("publish inbox", ec::timeout)).back(), "ack");
  EXPECT_EQ(script->notices_lost(), 1U);
  EXPECT_TRUE(queue_is_empty());
}

// -- who may, and what was meanwhile ------------------------------------------------------------

TEST_F(an_update, of_what_is_not_there_or_not_to_be_seen_finds_nothing) {
  const auto unknown = on.boss.run(on.boss.cancel(on.item));
  ASSERT_FALSE(*unknown->end());
  EXPECT_EQ(unknown->end()->error().code, ec::not_found);

  on.offer();
  item_update::request what;
  what.item_id = on.item.id;
  what.apply = [](const auto& before, auto) { return cancelled(before, "", wall_time{}); };
  what.visible = [](const auto&) { return false; };
  const auto hidden = std::make_shared<item_update>(std::move(what), on.bob.world());
  EXPECT_EQ(asked_by(hidden), told{"get work_items"});
  ASSERT_FALSE(*hidden->end());
  EXPECT_EQ(hidden->end()->error(), unknown->end()->error()) << "the two cannot be told apart";
}

TEST_F(an_update, is_made_again_over_what_its_own_process_wrote_meanwhile) {
  const auto held = on.held_by_ann();
  (void)on.ann.run(on.ann.renew(held, {50.0, "Half of it."}));
  const auto script = on.ann.complete(held);
  EXPECT_EQ(asked_by(script),
            (told{"put work_items", "get work_items", "put work_items", "publish inbox", "ack"}));
  ASSERT_TRUE(*script->end());
  EXPECT_EQ(on.record().attempts.back().note, "Half of it.");
}

TEST_F(an_update, that_was_stored_and_overwritten_before_it_was_heard_of_is_one) {
  const auto held = on.held_by_ann();
  (void)on.ann.run(on.ann.renew(held, {50.0, "Half of it."})); // its answer is lost
  (void)on.ann.run(on.ann.complete(held));
  const auto second_copy = on.ann.renew(held, {50.0, "Half of it."});
  EXPECT_EQ(asked_by(second_copy), (told{"put work_items", "get work_items"}));
  EXPECT_TRUE(*second_copy->end());
  EXPECT_EQ(on.record().state, item_state::completed);
}

TEST_F(an_update, that_came_too_late_is_refused_though_another_was_stored) {
  const auto held = on.held_by_ann();
  (void)on.ann.run(on.ann.renew(held, {50.0, "Half of it."}));
  (void)on.ann.run(on.ann.complete(held));
  const auto other = on.ann.renew(held, {60.0, "More of it."});
  (void)asked_by(other);
  ASSERT_FALSE(*other->end());
  EXPECT_EQ(other->end()->error().code, ec::conflict);
}

TEST_F(an_update, whose_repetition_met_what_its_own_agent_wrote_later_does_not_know) {
  const auto held = on.held_by_ann();
  const auto script = on.ann.renew(held, {50.0, "Half of it."});
  // Stored, its answer lost; then overwritten by these two; then sent again.
  (void)on.ann.run(on.ann.renew(held, {60.0, "More of it."}));
  (void)on.ann.run(on.ann.complete(held));
  (void)asked_by(script, failing("put work_items", ec::conflict));
  ASSERT_FALSE(*script->end());
  EXPECT_EQ(script->end()->error().code, ec::unknown_outcome);
}

TEST_F(an_update, with_another_result_at_the_same_moment_is_refused) {
  const auto held = on.held_by_ann();
  const auto other = on.ann.complete(held, "Done otherwise.");
  (void)on.ann.run(on.ann.complete(held));
  (void)asked_by(other);
  ASSERT_FALSE(*other->end());
  EXPECT_EQ(other->end()->error().code, ec::conflict);
}

TEST_F(an_update, that_met_a_conflict_and_cannot_look_does_not_know) {
  const auto held = on.held_by_ann();
  (void)on.ann.run(on.ann.renew(held, {50.0, "Half of it."}));
  const auto script = on.ann.complete(held);
  EXPECT_EQ(asked_by(script, failing("get work_items", ec::nats_unreachable)),
            (told{"put work_items", "get work_items"}));
  ASSERT_FALSE(*script->end());
  EXPECT_EQ(script->end()->error().code, ec::unknown_outcome);
}

TEST_F(an_update, by_a_former_holder_is_refused_in_words_and_settles_nothing) {
  const auto held = on.held_by_ann();
  on.server.pass(silence);
  ASSERT_TRUE(on.bob.claim(on.where()));
  const auto script = on.ann.complete(held);
  EXPECT_EQ(asked_by(script), (told{"put work_items", "get work_items"}));
  ASSERT_FALSE(*script->end());
  EXPECT_EQ(script->end()->error().code, ec::conflict);
  EXPECT_NE(script->end()->error().message.find("worker-2"), std::string::npos);
  EXPECT_EQ(on.record().state, item_state::claimed);
}

TEST_F(an_update, is_refused_by_the_record_alone_never_by_what_was_known_of_it) {
  const auto old = on.held_by_ann();
  (void)on.ann.run(on.ann.give_back(old));
  const auto held = *on.ann.claim(on.where());
  item_update::request what;
  what.item_id = on.item.id;
  what.known = old.found; // out of date
  what.apply = [&](const auto& before, auto) {
    return completed(before, held.found.record.held->id, "", {}, on.server.now());
  };
  const auto script = std::make_shared<item_update>(std::move(what), on.ann.world());
  EXPECT_EQ(asked_by(script), (told{"get work_items", "put work_items", "publish inbox"}));
  EXPECT_TRUE(*script->end());
}

TEST_F(an_update, that_changes_nothing_writes_nothing_and_says_again_what_follows) {
  const auto held = on.held_by_ann();
  conversation talk{on.ann.complete(held)};
  talk.step(on.server); // nobody heard of it
  item_update::request what;
  what.item_id = on.item.id;
  what.apply = [](const auto& before, auto) { return result<item_record>{before}; };
  what.handle = held.handle;
  const auto script = std::make_shared<item_update>(std::move(what), on.ann.world());
  EXPECT_EQ(asked_by(script), (told{"get work_items", "publish inbox", "ack"}));
  ASSERT_TRUE(*script->end());
  EXPECT_TRUE((*script->end())->unchanged);
  EXPECT_TRUE(queue_is_empty());
}

TEST_F(an_update, that_changes_nothing_of_a_held_item_leaves_its_delivery_alone) {
  const auto held = on.held_by_ann();
  item_update::request what;
  what.item_id = on.item.id;
  what.known = held.found;
  what.apply = [](const auto& before, auto) { return result<item_record>{before}; };
  what.handle = held.handle;
  const auto script = std::make_shared<item_update>(std::move(what), on.ann.world());
  EXPECT_TRUE(asked_by(script).empty());
  EXPECT_TRUE(script->handle());
}

TEST_F(an_update, that_loses_to_others_again_and_again_gives_up) {
  const auto script = on.ann.complete(on.held_by_ann());
  const auto asked = asked_by(script, losing_to_others());
  ASSERT_FALSE(*script->end());
  EXPECT_EQ(script->end()->error().code, ec::busy);
  EXPECT_EQ(asked.size(), 15U);
}

TEST_F(an_update, whose_outcome_nobody_knows_says_so) {
  const auto script = on.ann.complete(on.held_by_ann());
  EXPECT_EQ(asked_by(script, failing("put work_items", ec::unknown_outcome)),
            told{"put work_items"});
  ASSERT_FALSE(*script->end());
  EXPECT_EQ(script->end()->error().code, ec::unknown_outcome);
}

TEST_F(an_update, of_a_record_that_cannot_be_read_is_refused) {
  on.offer();
  on.server.write_record(on.item.id, "?");
  const auto script = on.boss.run(on.boss.cancel(on.item));
  ASSERT_FALSE(*script->end());
  EXPECT_EQ(script->end()->error().code, ec::malformed);
}

} // namespace
} // namespace nats_mcp::work::item_update_test
