// SPDX-License-Identifier: MIT
// What a process does with one delivery, row by row of the table in docs/wire.md, "What a delivery
// means".
#include "tests/unit/protocol/work/playing.hpp"
#include "tests/unit/protocol/work/spoken_commands.hpp"

#include <gtest/gtest.h>

namespace nats_mcp::work::delivery_handling_test {
namespace {

using purpose = delivery_handling::purpose;
using passed_on = delivery_handling::passed_on;
using buried = delivery_handling::buried;
using doubtful = delivery_handling::doubtful;

class a_delivery : public ::testing::Test {
protected:
  /// Bob pulls, and does with it what is to be done.
  std::shared_ptr<delivery_handling> handle(purpose why = purpose::take) {
    auto script = on.bob.pull(on.where(), why);
    EXPECT_NE(script, nullptr) << "nothing was delivered";
    asked = run(on.server, script);
    return script;
  }
  template <class Outcome>
  static const Outcome* outcome_of(const delivery_handling& script) {
    return script.end() && *script.end() ? std::get_if<Outcome>(&**script.end()) : nullptr;
  }
  /// Another message of the same item.
  void put_copy(std::uint64_t generation) {
    (void)on.server.put_into_queue(lane_subject(on.where()),
                                   write_queued_item({on.item, generation}));
  }
  void take_away_first() {
    (void)on.server.deliver(on.where()); // somebody has it, and is silent
  }

  stage on;
  told asked;
};

// -- rows 1 and 5: free -------------------------------------------------------------------------

TEST_F(a_delivery, of_an_item_without_a_record_makes_it_the_takers) {
  put_copy(1);
  const auto script = handle();
  const auto got = worker::taken(*script);
  ASSERT_TRUE(got);
  EXPECT_EQ(asked, (told{"get work_items", "put work_tasks", "put work_items"}));
  EXPECT_EQ(got->found.record, on.record());
  EXPECT_EQ(got->found.revision, on.server.record(on.item.id)->revision);
  EXPECT_EQ(on.record().held->worker, on.bob.self());
  EXPECT_EQ(on.record().queue_sequence, 1U);
  EXPECT_TRUE(on.server.knows_task(on.item));
  EXPECT_TRUE(on.server.settlements().empty()) << "the delivery stays open";
}

TEST_F(a_delivery, of_a_waiting_item_makes_it_the_takers) {
  on.offer();
  const auto got = worker::taken(*handle());
  ASSERT_TRUE(got);
  EXPECT_EQ(asked, (told{"get work_items", "put work_items"}));
  EXPECT_EQ(on.record().attempts_begun, 1U);
  EXPECT_LE(got->found.stored_at, on.server.record(on.item.id)->stored_at)
    << "the lease never ends later for its holder than for others";
  EXPECT_EQ(got->handle.ack_wait, ack_wait);
}

TEST_F(a_delivery, of_a_silent_holders_item_begins_the_next_attempt) {
  (void)on.held_by_ann();
  on.server.pass(silence);
  ASSERT_TRUE(worker::taken(*handle()));
  const auto record = on.record();
  ASSERT_EQ(record.attempts.size(), 2U);
  EXPECT_EQ(record.attempts[0].end, attempt_end::lease_over);
  EXPECT_EQ(record.attempts[1].number, 2U);
}

TEST_F(a_delivery, of_a_retried_item_fills_in_its_place_in_the_queue) {
  on.kill();
  conversation talk{on.boss.retry(on.item)};
  while (on.server.queued().empty()) {
    talk.step(on.server); // and no further
  }
  ASSERT_EQ(on.record().queue_sequence, 0U);
  ASSERT_TRUE(worker::taken(*handle()));
  EXPECT_EQ(on.record().queue_sequence, on.server.queued().front());
}

TEST_F(a_delivery, is_told_to_an_offerer_who_asked_for_that) {
  on.item.notify_claim = true;
  on.offer();
  const auto script = on.bob.pull(on.where());
  conversation talk{script};
  talk.step(on.server);
  talk.step(on.server);
  EXPECT_TRUE(worker::taken(*script)) << "nobody waits for the notice";
  talk.finish(on.server);
  EXPECT_EQ(on.server.notices().size(), 1U);
}

TEST_F(a_delivery, of_a_waiting_item_is_left_by_a_sweep) {
  on.offer();
  const auto before = on.server.record(on.item.id)->revision;
  ASSERT_NE(outcome_of<passed_on>(*handle(purpose::sweep)), nullptr);
  EXPECT_EQ(asked, (told{"get work_items", "nak 0"}));
  EXPECT_EQ(on.server.record(on.item.id)->revision, before);
  EXPECT_TRUE(on.ann.claim(on.where())) << "at once";
}

// -- rows 2, 4, 6, 7: not for anybody now -------------------------------------------------------

TEST_F(a_delivery, of_an_older_generation_is_acknowledged_away) {
  on.kill();
  put_copy(1);
  (void)on.boss.run(on.boss.retry(on.item));
  ASSERT_NE(outcome_of<passed_on>(*handle()), nullptr);
  EXPECT_EQ(asked, (told{"get work_items", "ack"}));
  EXPECT_EQ(on.record().state, item_state::pending);
}

TEST_F(a_delivery, of_another_copy_is_acknowledged_away) {
  on.offer();
  put_copy(1);
  take_away_first();
  ASSERT_NE(outcome_of<passed_on>(*handle()), nullptr);
  EXPECT_EQ(asked, (told{"get work_items", "ack"}));
  EXPECT_EQ(on.server.queued(), std::vector<std::uint64_t>{1});
}

TEST_F(a_delivery, of_a_held_item_is_refused_for_the_rest_of_the_lease) {
  auto record = on.held_by_ann().found.record;
  record.held->lease = 50s;
  on.server.write_record(on.item.id, write_item_record(record, "w"));
  on.server.pass(ack_wait);
  ASSERT_NE(outcome_of<passed_on>(*handle()), nullptr);
  EXPECT_EQ(asked, (told{"get work_items", "nak 20500"}));
  EXPECT_EQ(on.record(), record);
}

TEST_F(a_delivery, of_a_resting_item_is_refused_for_the_rest) {
  const auto held = on.held_by_ann();
  conversation talk{on.ann.fail_it(held, {"It crashed.", true, std::chrono::minutes{5}})};
  talk.step(on.server); // the record says so, and the process falls
  on.server.pass(ack_wait);
  const auto rest = *on.record().not_before - on.server.now() + server_time_lag;
  ASSERT_NE(outcome_of<passed_on>(*handle()), nullptr);
  EXPECT_EQ(asked.back(), "nak " + std::to_string(rest.count()));
}

TEST_F(a_delivery, of_a_generation_nobody_knows_yet_is_refused_for_a_moment) {
  on.offer();
  take_away_first();
  put_copy(2);
  ASSERT_NE(outcome_of<passed_on>(*handle()), nullptr);
  EXPECT_EQ(asked, (told{"get work_items", "nak 1000"}));
}

TEST_F(a_delivery, is_left_alone_when_it_is_late_to_refuse_it) {
  on.offer();
  const auto got = on.server.deliver(on.where());
  const auto script = on.bob.handle(on.where(), *got, purpose::sweep);
  on.server.pass(27s);
  asked = run(on.server, script);
  EXPECT_NE(outcome_of<passed_on>(*script), nullptr);
  EXPECT_EQ(asked, told{"get work_items"}) << "it may be another's by now";
}

TEST_F(a_delivery, is_left_alone_when_nobody_can_settle_it) {
  on.offer();
  auto got = *on.server.deliver(on.where());
  got.ack_subject.clear();
  asked = run(on.server, on.bob.handle(on.where(), got, purpose::sweep));
  EXPECT_EQ(asked, told{"get work_items"});
}

// -- row 3: over --------------------------------------------------------------------------------

TEST_F(a_delivery, of_a_completed_item_says_so_again_and_is_acknowledged) {
  const auto held = on.held_by_ann();
  conversation talk{on.ann.complete(held)};
  talk.step(on.server); // the record says so, and the process falls
  on.server.pass(ack_wait);
  ASSERT_NE(outcome_of<passed_on>(*handle()), nullptr);
  EXPECT_EQ(asked, (told{"get work_items", "publish inbox", "ack"}));
  EXPECT_TRUE(on.server.queued().empty());
}

TEST_F(a_delivery, of_a_dead_item_is_acknowledged_when_its_letter_is_stored) {
  const auto held = on.held_by_ann();
  conversation talk{on.ann.fail_it(held, hopeless())};
  talk.step(on.server); // the record says so, and the process falls
  on.server.pass(ack_wait);
  asked = run(on.server, on.bob.pull(on.where()), failing("publish dead", ec::timeout));
  EXPECT_EQ(asked, (told{"get work_items", "publish dead"}));
  EXPECT_EQ(on.server.queued().size(), 1U) << "it comes again";

  on.server.pass(ack_wait);
  ASSERT_NE(outcome_of<passed_on>(*handle()), nullptr);
  EXPECT_EQ(asked, (told{"get work_items", "publish dead", "publish inbox", "ack"}));
  EXPECT_EQ(on.server.letters(), 1U);
}

TEST_F(a_delivery, of_an_item_that_is_over_is_acknowledged_however_late) {
  const auto held = on.held_by_ann();
  conversation talk{on.ann.complete(held)};
  talk.step(on.server);
  on.server.pass(ack_wait);
  const auto script = on.bob.pull(on.where());
  on.server.pass(29s);
  asked = run(on.server, script);
  EXPECT_EQ(asked.back(), "ack");
  EXPECT_TRUE(on.server.queued().empty());
}

// -- out of attempts, past the deadline ---------------------------------------------------------

class a_hopeless_delivery : public a_delivery {
protected:
  void use_up_all_attempts() {
    on.offer();
    for (std::uint32_t i = 0; i < on.item.attempts_max; ++i) {
      ASSERT_TRUE(on.ann.claim(on.where()));
      on.server.pass(silence);
    }
  }
};

TEST_F(a_hopeless_delivery, of_an_item_without_attempts_left_is_buried_with_its_history) {
  use_up_all_attempts();
  const auto script = handle();
  const auto* dead = outcome_of<buried>(*script);
  ASSERT_NE(dead, nullptr);
  EXPECT_EQ(dead->item_id, on.item.id);
  EXPECT_EQ(dead->reason, on.record().reason);
  EXPECT_EQ(asked,
            (told{"get work_items", "put work_items", "publish dead", "publish inbox", "ack"}));
  EXPECT_EQ(on.record().attempts.size(), 3U);
  EXPECT_EQ(judge(on, strictness::nothing_open), "");
}

TEST_F(a_hopeless_delivery, past_its_deadline_is_buried_by_a_sweep) {
  put_copy(1);
  on.server.pass(std::chrono::days{8});
  const auto script = handle(purpose::sweep);
  ASSERT_NE(outcome_of<buried>(*script), nullptr);
  EXPECT_EQ(on.record().state, item_state::dead);
  EXPECT_EQ(on.record().attempts_begun, 0U);
  EXPECT_EQ(judge(on, strictness::nothing_open), "");
}

TEST_F(a_hopeless_delivery, is_buried_without_a_notice_by_whoever_is_nobody) {
  on.offer();
  on.server.pass(std::chrono::days{8});
  auto nobody = on.bob.world();
  nobody.self = {};
  const auto got = *on.server.deliver(on.where());
  const auto script = std::make_shared<delivery_handling>(
    delivery_handling::request{
      on.where(), got, {got.ack_subject, ack_wait, on.server.clock()}, purpose::sweep, {}},
    nobody);
  asked = run(on.server, script);
  EXPECT_NE(outcome_of<buried>(*script), nullptr);
  EXPECT_EQ(asked, (told{"get work_items", "put work_items", "publish dead", "ack"}));
}

TEST_F(a_hopeless_delivery, is_buried_when_its_letter_is_stored_and_not_before) {
  use_up_all_attempts();
  const auto script = on.bob.pull(on.where());
  asked = run(on.server, script, failing("publish dead", ec::unknown_outcome));
  ASSERT_FALSE(*script->end());
  EXPECT_EQ(script->end()->error().code, ec::unknown_outcome);
  EXPECT_EQ(asked.back(), "publish dead") << "the delivery comes again";
}

// -- what cannot be read ------------------------------------------------------------------------

TEST_F(a_delivery, that_cannot_be_read_is_buried_under_its_place_in_the_queue) {
  (void)on.server.put_into_queue(lane_subject(on.where()), "<work>\x1b[2J</work>");
  const auto script = handle();
  const auto* dead = outcome_of<buried>(*script);
  ASSERT_NE(dead, nullptr);
  EXPECT_EQ(dead->item_id, "seq-1");
  EXPECT_EQ(asked, (told{"get work_items", "put work_items", "publish dead", "term"}));
  const auto record = on.server.record("seq-1")->record;
  EXPECT_EQ(record.state, item_state::dead);
  EXPECT_NE(record.item.description.find("<work>"), std::string::npos);
  EXPECT_EQ(record.item.description.find('\x1b'), std::string::npos);
  EXPECT_EQ(judge(on, strictness::nothing_open), "");
}

TEST_F(a_delivery, that_cannot_be_read_and_is_late_is_acknowledged_instead) {
  (void)on.server.put_into_queue(lane_subject(on.where()), "?");
  const auto script = on.bob.pull(on.where());
  on.server.pass(28s);
  asked = run(on.server, script);
  EXPECT_EQ(asked.back(), "ack");
  EXPECT_TRUE(on.server.queued().empty());
}

TEST_F(a_delivery, that_cannot_be_read_is_not_listed_again_after_it_was_discarded) {
  (void)on.server.put_into_queue(lane_subject(on.where()), "?");
  conversation talk{on.ann.pull(on.where())};
  for (int i = 0; i < 3; ++i) {
    talk.step(on.server); // all but the last
  }
  on.item.id = "seq-1";
  (void)on.boss.run(on.boss.discard(on.item));
  on.server.pass(ack_wait);
  EXPECT_NE(outcome_of<passed_on>(*handle()), nullptr);
  EXPECT_EQ(on.server.letters(), 0U);
  EXPECT_EQ(judge(on, strictness::nothing_open), "");
}

TEST_F(a_delivery, of_an_item_whose_record_cannot_be_read_is_buried) {
  on.offer();
  on.server.write_record(on.item.id, "{}");
  ASSERT_NE(outcome_of<buried>(*handle()), nullptr);
  EXPECT_EQ(on.record().state, item_state::dead);
  EXPECT_EQ(on.server.letters(), 1U) << "where somebody sees it";
}

// -- faults -------------------------------------------------------------------------------------

TEST_F(a_delivery, whose_claim_may_have_happened_is_doubtful) {
  on.offer();
  const auto script = on.bob.pull(on.where());
  asked = run(on.server, script, failing("put work_items", ec::unknown_outcome));
  const auto* doubt = outcome_of<doubtful>(*script);
  ASSERT_NE(doubt, nullptr);
  EXPECT_EQ(doubt->item_id, on.item.id);
  EXPECT_EQ(doubt->why.code, ec::unknown_outcome);
  EXPECT_EQ(asked.size(), 2U) << "nothing is settled";
}

TEST_F(a_delivery, whose_record_cannot_be_looked_up_or_written_comes_again) {
  on.offer();
  for (const auto* what : {"get work_items", "put work_items"}) {
    const auto script = on.bob.pull(on.where());
    asked = run(on.server, script, failing(what, ec::timeout));
    ASSERT_FALSE(*script->end());
    EXPECT_EQ(script->end()->error().code, ec::timeout);
    EXPECT_EQ(asked.back(), what);
    on.server.pass(ack_wait);
  }
}

TEST_F(a_delivery, whose_record_others_write_again_and_again_is_left_to_them) {
  on.offer();
  const auto script = on.bob.pull(on.where());
  asked = run(on.server, script, failing("put work_items", ec::conflict));
  EXPECT_NE(outcome_of<passed_on>(*script), nullptr);
  EXPECT_EQ(asked.size(), 16U);
  EXPECT_TRUE(on.server.settlements().empty());
}

} // namespace
} // namespace nats_mcp::work::delivery_handling_test
