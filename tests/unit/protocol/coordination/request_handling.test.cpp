// SPDX-License-Identifier: MIT
// The life of a coordinated item: requested, given to Ann, taken back, given to Bob, finished or
// dead; what is written in which order, and what becomes of its request.
#include "protocol/jetstream/reply_codec.hpp"
#include "protocol/work/record_upkeep.hpp"

#include "tests/unit/protocol/coordination/coordinating.hpp"

#include <gtest/gtest.h>

namespace nats_mcp::coordination::request_handling_test {
namespace {

using handling = request_handling;
using work::item_state;
using work::run;

class a_coordinated_item : public ::testing::Test {
protected:
  scenery on;
};

// -- given ---------------------------------------------------------------------------------------

TEST_F(a_coordinated_item, is_recorded_then_queued_then_told) {
  on.submit();
  const auto script = on.anna.pull();
  EXPECT_EQ(run(on.server, script), (told{"get work_items", "put work_items", "publish work",
                                          "put work_items", "publish inbox", "nak 30000"}));
  const auto outcome = leader::outcome_of<handling::assigned>(*script);
  ASSERT_TRUE(outcome);
  EXPECT_TRUE(outcome->is_new);
  const auto record = on.record();
  EXPECT_EQ(record, outcome->record);
  EXPECT_EQ(record.state, item_state::pending);
  EXPECT_EQ(record.generation, 1U);
  EXPECT_EQ(on.worker(), "ann");
  EXPECT_EQ(record.assigned->term, 10U);
  EXPECT_EQ(record.assigned->until, on.server.now() + assign_timeout);
  EXPECT_EQ(on.server.queued(), std::vector{record.queue_sequence});
  EXPECT_EQ(on.ann.claim(on.lane_of(on.ann))->found.record.item, record.item);
}

TEST_F(a_coordinated_item, is_recorded_by_the_coordinator_when_its_offerer_was_interrupted) {
  work::conversation{on.submitting()}.step(on.server);
  EXPECT_EQ(run(on.server, on.anna.pull()),
            (told{"get work_items", "put work_tasks", "put work_items", "publish work",
                  "put work_items", "publish inbox", "nak 30000"}));
  EXPECT_TRUE(on.server.knows_task(on.request.item));
  EXPECT_EQ(on.worker(), "ann");
}

TEST_F(a_coordinated_item, is_offered_to_its_worker_by_a_message) {
  on.give_to_ann();
  const auto id = on.request.item.id + "-g1-work-offer";
  ASSERT_TRUE(on.server.notices().contains(id));
  const auto message = json::parse(on.server.notices().at(id)).value();
  EXPECT_EQ(message["messageType"], "work-offer");
  EXPECT_EQ(message["recipientGuid"], on.ann.self().guid);
  EXPECT_EQ(message["metadata"]["workItemId"], on.request.item.id);
  EXPECT_EQ(message["metadata"]["capability"], "c++");
  EXPECT_EQ(message["metadata"]["priority"], 5);
}

TEST_F(a_coordinated_item, goes_to_the_preferred_worker) {
  on.request.preferred_worker = on.bob.self().guid;
  on.give_to_ann();
  EXPECT_EQ(on.worker(), "bob");
}

TEST_F(a_coordinated_item, waits_while_there_is_nobody) {
  on.submit();
  on.anna.staff.clear();
  const auto script = on.anna.pull();
  EXPECT_EQ(run(on.server, script), (told{"get work_items", "nak 2000"}));
  EXPECT_TRUE(leader::outcome_of<handling::unplaced>(*script));
  EXPECT_EQ(on.record().state, item_state::pending);
  on.server.pass(2s);
  on.anna.staff = {on.bob.self().guid};
  EXPECT_TRUE(on.anna.handle<handling::assigned>());
  EXPECT_EQ(on.worker(), "bob");
}

TEST_F(a_coordinated_item, is_told_again_and_left_while_its_worker_has_time) {
  on.give_to_ann();
  on.server.pass(31s);
  const auto script = on.anna.pull();
  EXPECT_EQ(run(on.server, script), (told{"get work_items", "publish inbox", "nak 29500"}));
  EXPECT_FALSE(leader::outcome_of<handling::assigned>(*script)->is_new);
}

TEST_F(a_coordinated_item, is_left_with_its_holder_as_long_as_the_lease_lasts) {
  (void)on.held_by_ann();
  const auto script = on.anna.look_at(on.request.item.id);
  EXPECT_EQ(run(on.server, script), told{"get work_items"});
  EXPECT_TRUE(leader::outcome_of<handling::resting>(*script));
}

TEST_F(a_coordinated_item, claimed_before_its_place_was_recorded_is_left_with_its_holder) {
  on.submit();
  const auto script = on.anna.pull();
  work::conversation talk{script};
  for (const auto* const what : {"get", "put", "publish"}) {
    SCOPED_TRACE(what);
    talk.step(on.server);
  }
  ASSERT_TRUE(on.ann.claim(on.lane_of(on.ann)));
  talk.finish(on.server);
  EXPECT_TRUE(leader::outcome_of<handling::resting>(*script));
  EXPECT_FALSE(on.server.notices().contains(on.request.item.id + "-g1-work-offer"));
  EXPECT_EQ(on.record().held->worker, on.ann.self());
}

// -- taken back ----------------------------------------------------------------------------------

TEST_F(a_coordinated_item, goes_to_the_next_when_it_was_not_claimed_in_time) {
  on.give_to_ann();
  const auto first = on.record().queue_sequence;
  on.server.pass(assignment_over);
  EXPECT_EQ(run(on.server, on.anna.pull()),
            (told{"get work_items", "put work_items", "publish work", "delete WORK",
                  "put work_items", "publish inbox", "nak 30000"}));
  EXPECT_EQ(on.worker(), "bob");
  EXPECT_EQ(on.record().generation, 2U);
  EXPECT_EQ(on.record().assigned->passed_over, std::vector{on.ann.self().guid});
  EXPECT_EQ(on.record().attempts_begun, 0U) << "nobody has tried it";
  EXPECT_NE(on.server.queued(), std::vector{first});
  EXPECT_FALSE(on.ann.claim(on.lane_of(on.ann)));
  EXPECT_TRUE(on.bob.claim(on.lane_of(on.bob)));
}

TEST_F(a_coordinated_item, goes_to_the_next_as_soon_as_its_worker_is_gone) {
  on.give_to_ann();
  on.anna.gone.insert(on.ann.self().guid);
  (void)run(on.server, on.anna.look_at(on.request.item.id));
  EXPECT_EQ(on.worker(), "bob");
}

TEST_F(a_coordinated_item, stays_where_it_is_when_there_is_nobody_else) {
  on.anna.staff = {on.ann.self().guid};
  on.give_to_ann();
  on.server.pass(assignment_over);
  const auto script = on.anna.pull();
  EXPECT_EQ(run(on.server, script), (told{"get work_items", "nak 2000"}));
  EXPECT_TRUE(leader::outcome_of<handling::unplaced>(*script));
  EXPECT_TRUE(on.ann.claim(on.lane_of(on.ann))) << "better late than never";
}

TEST_F(a_coordinated_item, goes_round_as_long_as_nobody_claims_it) {
  on.give_to_ann();
  std::string turns;
  for (int turn = 0; turn < 4; ++turn) {
    on.server.pass(assignment_over);
    (void)run(on.server, on.anna.pull());
    turns += on.worker() + " ";
  }
  EXPECT_EQ(turns, "bob ann bob ann ");
  EXPECT_EQ(on.server.queued().size(), 1U);
}

TEST_F(a_coordinated_item, goes_to_the_next_when_its_holder_fell_silent) {
  (void)on.held_by_ann();
  on.server.pass(work::silence);
  on.anna.gone.insert(on.ann.self().guid);
  (void)run(on.server, on.anna.pull());
  EXPECT_EQ(on.worker(), "bob");
  const auto record = on.record();
  EXPECT_EQ(record.state, item_state::pending);
  EXPECT_FALSE(record.held);
  EXPECT_EQ(record.attempts_begun, 1U);
  EXPECT_EQ(record.attempts.back().end, work::attempt_end::lease_over);
}

TEST_F(a_coordinated_item, rests_after_a_failure_and_goes_to_the_next) {
  (void)on.ann.run(on.ann.fail_it(on.held_by_ann()));
  const auto script = on.anna.look_at(on.request.item.id);
  (void)run(on.server, script);
  EXPECT_TRUE(leader::outcome_of<handling::resting>(*script));
  EXPECT_EQ(on.worker(), "ann");
  on.server.pass(2s);
  (void)run(on.server, on.anna.look_at(on.request.item.id));
  EXPECT_EQ(on.worker(), "bob") << "long before its time was over";
  EXPECT_EQ(on.record().attempts.back().error, "It crashed.");
}

TEST_F(a_coordinated_item, goes_to_the_next_when_it_was_given_back) {
  (void)on.ann.run(on.ann.give_back(on.held_by_ann()));
  (void)run(on.server, on.anna.look_at(on.request.item.id));
  EXPECT_EQ(on.worker(), "bob");
  EXPECT_EQ(on.record().attempts_begun, 0U);
}

// -- over ----------------------------------------------------------------------------------------

TEST_F(a_coordinated_item, lets_its_request_go_when_it_is_completed) {
  (void)on.ann.run(on.ann.complete(on.held_by_ann()));
  on.server.pass(31s);
  const auto script = on.anna.pull();
  EXPECT_EQ(run(on.server, script), (told{"get work_items", "publish inbox", "ack"}));
  EXPECT_EQ(leader::outcome_of<handling::finished>(*script)->state, item_state::completed);
  EXPECT_EQ(judge(on), "");
}

TEST_F(a_coordinated_item, is_not_reported_twice_when_it_was_over_long_ago) {
  (void)on.ann.run(on.ann.complete(on.held_by_ann()));
  on.server.pass(3h);
  EXPECT_EQ(run(on.server, on.anna.pull()), (told{"get work_items", "ack"}));
}

TEST_F(a_coordinated_item, is_buried_when_its_worker_died_in_the_last_attempt) {
  on.request.item.attempts_max = 1;
  (void)on.held_by_ann();
  on.server.pass(work::silence);
  const auto script = on.anna.pull();
  EXPECT_EQ(run(on.server, script), (told{"get work_items", "put work_items", "publish dead",
                                          "publish inbox", "delete WORK", "ack"}));
  EXPECT_EQ(leader::outcome_of<handling::buried>(*script)->reason,
            "Out of attempts: 1 of 1 were made. In the last one worker-1 fell silent or held it for"
            " too long.");
  EXPECT_EQ(on.record().state, item_state::dead);
  EXPECT_EQ(judge(on), "");
}

TEST_F(a_coordinated_item, is_buried_when_nobody_got_it_before_its_deadline) {
  work::conversation{on.submitting()}.step(on.server);
  on.server.pass(std::chrono::days{8});
  EXPECT_EQ(run(on.server, on.anna.pull()),
            (told{"get work_items", "put work_tasks", "put work_items", "publish dead",
                  "publish inbox", "ack"}));
  EXPECT_EQ(on.record().state, item_state::dead);
  EXPECT_EQ(judge(on), "");
}

TEST_F(a_coordinated_item, may_be_cancelled_while_it_waits) {
  on.submit();
  (void)on.boss.run(on.boss.cancel(on.request.item));
  EXPECT_EQ(run(on.server, on.anna.pull()), (told{"get work_items", "ack"}));
  EXPECT_EQ(judge(on), "");
}

TEST_F(a_coordinated_item, is_everybodys_after_a_retry) {
  (void)on.ann.run(on.ann.fail_it(on.held_by_ann(), work::hopeless()));
  (void)on.boss.run(on.boss.retry(on.request.item));
  EXPECT_TRUE(on.bob.claim(work::lane_of(on.request.item))) << "from its capability's lane";
  on.server.pass(31s);
  const auto script = on.anna.pull();
  EXPECT_EQ(run(on.server, script), (told{"get work_items", "ack"}));
  EXPECT_TRUE(leader::outcome_of<handling::left_alone>(*script));
}

TEST_F(a_coordinated_item, that_is_too_large_to_be_recorded_is_buried_in_part) {
  on.request.item.description.assign(5000, 'x');
  work::conversation{on.submitting()}.step(on.server);
  const auto script = on.anna.pull();
  bool is_first = true;
  (void)run(on.server, script, [&is_first](const std::string& said) {
    const bool is_refused = said == "put work_items" && std::exchange(is_first, false);
    return is_refused ? std::optional{error{ec::limit_exceeded, "message size exceeds maximum",
                                            jetstream::error_number::message_too_large}}
                      : std::nullopt;
  });
  EXPECT_TRUE(leader::outcome_of<handling::buried>(*script)) << "and not again and again";
  EXPECT_TRUE(on.record().incomplete);
  EXPECT_LT(on.record().item.description.size(), 300U);
}

TEST_F(a_coordinated_item, is_put_into_no_queue_by_a_sweep) {
  on.submit();
  on.server.pass(1h);
  const auto sweep = [this] {
    return **on.ann
               .run(std::make_shared<work::record_upkeep>(on.request.item.id, 168h, on.ann.world()))
               ->end();
  };
  EXPECT_EQ(sweep(), work::record_upkeep::outcome::nothing_to_do);
  EXPECT_TRUE(on.server.queued().empty());
  on.server.pass(std::chrono::days{8});
  EXPECT_EQ(sweep(), work::record_upkeep::outcome::buried) << "without a coordinator too";
  (void)run(on.server, on.anna.pull());
  EXPECT_EQ(judge(on), "");
}

// -- another leader ------------------------------------------------------------------------------

TEST_F(a_coordinated_item, is_no_earlier_leaders_any_more) {
  on.submit();
  on.anna.staff.clear();
  (void)run(on.server, on.anna.pull());
  on.server.pass(2s);
  (void)run(on.server, on.bert.pull());
  on.server.pass(assignment_over);
  const auto script = on.anna.pull();
  EXPECT_EQ(run(on.server, script), (told{"get work_items", "nak 0"}));
  EXPECT_EQ(leader::outcome_of<handling::outranked>(*script)->by_term, 20U);
  EXPECT_EQ(on.worker(), "ann");
}

TEST_F(a_coordinated_item, is_found_as_it_was_by_the_next_leader) {
  on.submit();
  work::conversation talk{on.anna.pull()};
  talk.step(on.server);
  talk.step(on.server); // the record says that it is Ann's, and no queue has it
  on.server.pass(request_wait);
  EXPECT_EQ(run(on.server, on.bert.pull()),
            (told{"get work_items", "publish work", "put work_items", "get work_items",
                  "publish inbox", "nak 30000"}));
  EXPECT_EQ(on.worker(), "ann");
  EXPECT_EQ(on.record().assigned->term, 20U);
  EXPECT_EQ(on.record().generation, 1U);
}

TEST_F(a_coordinated_item, half_given_to_somebody_who_is_gone_is_finished_and_taken_back) {
  on.submit();
  work::conversation talk{on.anna.pull()};
  talk.step(on.server);
  talk.step(on.server);
  on.server.pass(request_wait);
  on.bert.gone.insert(on.ann.self().guid);
  (void)run(on.server, on.bert.pull());
  EXPECT_EQ(on.worker(), "bob");
  EXPECT_EQ(on.server.queued().size(), 1U) << "nothing is left in Ann's lane";
}

// -- what strangers write ------------------------------------------------------------------------

TEST_F(a_coordinated_item, that_nobody_can_read_is_let_go_and_told) {
  on.server.put_request("coord.submit.public", "not what it should be");
  const auto script = on.anna.pull();
  ASSERT_TRUE(leader::outcome_of<handling::unreadable>(*script));
  EXPECT_EQ(run(on.server, script), told{"term"});
  EXPECT_EQ(on.server.requests(), 0U);
}

TEST_F(a_coordinated_item, that_does_not_exist_is_left_alone) {
  const auto script = on.anna.look_at(on.request.item.id);
  EXPECT_EQ(run(on.server, script), told{"get work_items"});
  EXPECT_TRUE(leader::outcome_of<handling::left_alone>(*script));
}

TEST_F(a_coordinated_item, whose_record_cannot_be_read_is_looked_at_again_later) {
  on.submit();
  on.server.write_record(on.request.item.id, "?");
  const auto script = on.anna.pull();
  EXPECT_EQ(run(on.server, script), told{"get work_items"});
  EXPECT_EQ(script->end()->error().code, ec::malformed);
}

TEST_F(a_coordinated_item, comes_again_when_the_work_queue_is_full) {
  on.submit();
  const auto script = on.anna.pull();
  (void)run(on.server, script, work::failing("publish work", ec::limit_exceeded));
  EXPECT_EQ(script->end()->error().code, ec::limit_exceeded);
  on.server.pass(request_wait);
  EXPECT_TRUE(on.anna.handle<handling::assigned>());
}

TEST_F(a_coordinated_item, is_given_although_nobody_could_be_told) {
  on.submit();
  const auto script = on.anna.pull();
  (void)run(on.server, script, work::failing("publish inbox", ec::limit_exceeded));
  EXPECT_TRUE(leader::outcome_of<handling::assigned>(*script));
  EXPECT_EQ(script->notices_lost(), 1U);
}

} // namespace
} // namespace nats_mcp::coordination::request_handling_test
