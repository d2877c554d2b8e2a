// SPDX-License-Identifier: MIT
// What fails between this process and NATS: every question is answered once, nothing accepted is
// lost, and nothing is held that nobody knows of.
#include "tests/unit/actors/work/work_story.hpp"

namespace nats_mcp::testing {
namespace {

using work::item_state;

class work_faults : public work_story {
protected:
  static std::function<std::optional<error>(std::string_view)> on(std::string prefix, error why) {
    return [prefix = std::move(prefix), why](std::string_view line) {
      return line.starts_with(prefix) ? std::optional{why} : std::nullopt;
    };
  }
  static error unknown() { return {ec::unknown_outcome, "No answer came.", 0}; }
  static error away() { return {ec::nats_unreachable, "NATS is away.", 0}; }
};

TEST_F(work_faults, a_claim_without_nats_says_why) {
  network_->restart_server(false, 1min);
  const auto got = take(bob_);
  ASSERT_FALSE(got);
  EXPECT_TRUE(got.error().code == ec::nats_unreachable || got.error().code == ec::timeout)
    << got.error().message;
}

TEST_F(work_faults, whatever_fails_a_claim_is_answered_once_with_it) {
  offer(item(1));
  ASSERT_EQ(taken(bob_), id_of(1)); // streams and lanes are known
  ASSERT_TRUE(completes(bob_, 1));
  unsigned number = 1;
  for (const std::string part :
       {"api STREAM.INFO.WORK", "pull", "get work_items", "put work_items"}) {
    offer(item(++number));
    bob_.asked->refuses = on(part, away());
    const auto failed = take(bob_);
    ASSERT_FALSE(failed) << part;
    EXPECT_EQ(failed.error(), away()) << part;
    EXPECT_EQ(held(bob_), strings{});
    bob_.asked->refuses = {};
    EXPECT_EQ(taken(ann_), id_of(number)) << "at once, after " << part;
  }
}

TEST_F(work_faults, a_claim_that_may_have_been_made_is_given_back) {
  offer(item(1));
  bob_.asked->loses_answer = on("put work_items", unknown());
  const auto got = take(bob_);
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().code, ec::unknown_outcome);
  bob_.asked->loses_answer = {};
  advance(limits::claim_given_back_again + 100ms);
  EXPECT_EQ(record(1)->state, item_state::pending);
  EXPECT_EQ(record(1)->attempts_begun, 0U);
  EXPECT_EQ(taken(ann_), id_of(1));
}

TEST_F(work_faults, a_claim_that_may_have_been_made_and_was_not_costs_nothing) {
  offer(item(1));
  bob_.asked->refuses = on("put work_items", unknown());
  ASSERT_FALSE(take(bob_));
  bob_.asked->refuses = {};
  advance(100ms);
  EXPECT_EQ(taken(ann_), id_of(1)) << "at once";
}

TEST_F(work_faults, a_deleted_consumer_is_made_again) {
  offer(item(1));
  offer(item(2));
  ASSERT_EQ(taken(bob_), id_of(1));
  const auto lane = work::lane_consumer(work::lane_of(item(1)), ack_wait, hold_);
  ASSERT_TRUE(nats(jetstream::delete_consumer_request(lane.stream, lane.name, {})));
  EXPECT_EQ(taken(bob_), id_of(2));
}

TEST_F(work_faults, deleted_streams_are_made_again) {
  offer(item(1));
  ASSERT_EQ(taken(bob_), id_of(1));
  for (const std::string stream : {"WORK", "KV_work_items", "DEAD_LETTER", "KV_work_tasks"}) {
    ASSERT_TRUE(
      nats(jetstream::api_request{"STREAM.DELETE." + stream, {}, jetstream::repeatable::no, {}}));
  }
  EXPECT_EQ(taken(bob_), "nothing");
  EXPECT_TRUE(exists("WORK"));
  ASSERT_TRUE(offers(bob_, offering("feature-2")));
  EXPECT_NE(taken(bob_), "nothing");
}

TEST_F(work_faults, a_lane_whose_consumer_others_made_is_used_as_it_is) {
  offer(item(1));
  auto other = work::lane_consumer(work::lane_of(item(1)), 90s, hold_);
  ASSERT_TRUE(nats(jetstream::create_consumer_request(other, {})));
  ASSERT_EQ(taken(bob_), id_of(1));
  EXPECT_EQ(record(1)->held->lease, 90s);
  EXPECT_EQ(count(requests(bob_), "api CONSUMER.CREATE.WORK."), 0U);
}

TEST_F(work_faults, a_claim_that_loses_the_connection_is_answered) {
  for (unsigned number = 1; number <= 20; ++number) {
    offer(item(number));
  }
  ASSERT_EQ(taken(bob_), id_of(1));
  const auto pending = post(bob_.queue, claim(bob_));
  advance(300us);
  network_->disconnect(link_->process());
  advance(10s);
  EXPECT_TRUE(pending.answered());
}

TEST_F(work_faults, a_crash_answers_those_who_wait) {
  const auto waiting = post(bob_.queue, claim(bob_, 60s));
  const auto offering_it = post(bob_.queue, offer_work{offering("feature-1"), now() + 5s});
  run();
  restart(bob_);
  EXPECT_EQ(waiting.value().error().code, ec::crashed);
  EXPECT_EQ(offering_it.value().error().code, ec::crashed);
}

TEST_F(work_faults, an_agent_that_is_lost_in_the_middle_of_a_claim_gets_nothing) {
  offer(item(1));
  const auto pending = post(bob_.queue, claim(bob_));
  advance(500us);
  identity_is(bob_, "", {}, "Another process is this agent now.");
  advance(1s);
  EXPECT_EQ(pending.value().error().message, "Another process is this agent now.");
  EXPECT_EQ(held(bob_), strings{});
  EXPECT_EQ(taken(ann_), id_of(1));
}

} // namespace
} // namespace nats_mcp::testing
