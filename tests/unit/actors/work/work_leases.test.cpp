// SPDX-License-Identifier: MIT
// How long an item is somebody's: while its process lives, and not longer than may be; and what a
// restarted part goes on with.
#include "protocol/jetstream/durable_consumer.hpp"
#include "protocol/work/lanes.hpp"

#include "tests/unit/actors/work/work_story.hpp"

#include <algorithm>

namespace nats_mcp::testing {
namespace {

class work_leases : public work_story {
protected:
  work_leases() { hold_ = 1h + 5s; } // no multiple of a lease

  void SetUp() override {
    work_story::SetUp();
    offer(item(1));
  }

  std::string claim_id() {
    const auto known = record(1);
    return known && known->held ? known->held->id : std::string{};
  }
  static std::size_t extensions(const strings& asked) { return count(asked, "settle in progress"); }
};

TEST_F(work_leases, are_renewed_at_a_third_while_the_process_lives) {
  ASSERT_EQ(taken(bob_), id_of(1));
  (void)requests(bob_);
  advance(ack_wait / 3 + 1s);
  const auto asked = requests(bob_);
  EXPECT_EQ(count(asked, "put work_items"), 1U);
  EXPECT_EQ(extensions(asked), 1U);
  EXPECT_EQ(count(asked, "publish"), 0U) << "nobody is told";
  advance(10 * ack_wait);
  EXPECT_EQ(taken(ann_), "nothing");
  EXPECT_TRUE(completes(bob_, 1));
}

TEST_F(work_leases, of_next_to_no_length_are_not_renewed_without_a_pause) {
  auto lane = work::lane_consumer({"public", "rust", 5}, 2ms, hold_);
  offer(item(2, "Rust"));
  ASSERT_TRUE(nats(jetstream::create_consumer_request(lane, {})));
  ASSERT_EQ(taken(bob_, "Rust"), id_of(2));
  (void)requests(bob_);
  advance(1s);
  EXPECT_LE(count(requests(bob_), "put work_items"), 1s / limits::work_renewal_pause_min);
}

TEST_F(work_leases, run_out_with_their_process) {
  ASSERT_EQ(taken(bob_), id_of(1));
  ASSERT_TRUE(reports(bob_, 1, 30, "Halfway through the parser."));
  die(bob_);
  advance(ack_wait / 2);
  EXPECT_EQ(taken(ann_), "nothing");
  advance(ack_wait / 2 + 1s);
  const auto got = take(ann_);
  ASSERT_EQ(id_in(got), id_of(1));
  EXPECT_EQ(got->work->attempt, 2);
  ASSERT_EQ(got->work->earlier_attempts.size(), 1U);
  EXPECT_EQ(got->work->earlier_attempts.front().end, "lease-over");
  EXPECT_EQ(got->work->earlier_attempts.front().note, "Halfway through the parser.");
}

TEST_F(work_leases, of_the_forgetful_end_with_the_hold_limit) {
  const auto got = take(bob_);
  ASSERT_EQ(id_in(got), id_of(1));
  advance(hold_ - 1s);
  EXPECT_EQ(held(bob_), strings{id_of(1)});
  EXPECT_EQ(taken(ann_), "nothing");
  advance(2s);
  EXPECT_EQ(held(bob_), strings{});
  advance(ack_wait);
  EXPECT_EQ(taken(ann_), id_of(1)) << "the item is for others now";
}

TEST_F(work_leases, end_exactly_with_the_hold_limit) {
  const auto got = take(bob_);
  const auto until = got->work->lease.held_until;
  advance(hold_ - ack_wait / 3);
  const auto last = record(1);
  ASSERT_TRUE(last && last->held);
  EXPECT_LT(last->held->lease, ack_wait) << "the last one is shortened";
  const auto status = answer(ann_.queue, look_up_work{{id_of(1), {}}, now() + 5s});
  ASSERT_TRUE(status);
  const auto over = parse_rfc3339(status->items.front().lease_until).value();
  EXPECT_LT(std::chrono::abs(over - parse_rfc3339(until).value()), 100ms);
}

TEST_F(work_leases, last_as_long_again_after_a_report) {
  ASSERT_EQ(taken(bob_), id_of(1));
  advance(hold_ - 1min);
  const auto reported = reports(bob_, 1, 50);
  ASSERT_TRUE(reported) << reported.error().message;
  EXPECT_EQ(reported->progress, 50);
  advance(hold_ - 1min);
  EXPECT_EQ(held(bob_), strings{id_of(1)});
  EXPECT_TRUE(completes(bob_, 1));
}

TEST_F(work_leases, are_told_to_the_agent) {
  const auto got = take(bob_);
  const auto until = parse_rfc3339(got->work->lease.until).value();
  const auto held_until = parse_rfc3339(got->work->lease.held_until).value();
  EXPECT_LT(std::chrono::abs(until - (civil_now() + ack_wait)), 100ms);
  EXPECT_LT(std::chrono::abs(held_until - (civil_now() + hold_)), 100ms);
}

TEST_F(work_leases, that_nobody_knows_of_are_given_back) {
  const auto got = answer(bob_.queue, claim(bob_));
  ASSERT_EQ(id_in(got), id_of(1));
  tell(bob_.queue, work_not_shown{bob_.call});
  advance(100ms);
  EXPECT_EQ(held(bob_), strings{});
  EXPECT_EQ(record(1)->attempts_begun, 0U);
  EXPECT_EQ(taken(ann_), id_of(1));
}

TEST_F(work_leases, that_nobody_knows_of_are_given_back_when_the_session_is_gone) {
  offer(item(2));
  ASSERT_EQ(taken(bob_), id_of(1));
  ASSERT_EQ(id_in(answer(bob_.queue, claim(bob_))), id_of(2));
  tell(bob_.queue, work_claimers_gone{});
  advance(100ms);
  EXPECT_EQ(held(bob_), strings{id_of(1)}) << "of this one the client knows";
  EXPECT_EQ(taken(ann_), id_of(2));
}

TEST_F(work_leases, that_nobody_knows_of_are_given_back_once_nats_hears_of_it) {
  ASSERT_EQ(id_in(answer(bob_.queue, claim(bob_))), id_of(1));
  bob_.asked->refuses = [](std::string_view) {
    return std::optional{error{ec::nats_unreachable, "NATS is away.", 0}};
  };
  tell(bob_.queue, work_not_shown{bob_.call});
  advance(5s);
  EXPECT_EQ(record(1)->state, work::item_state::claimed);
  bob_.asked->refuses = {};
  advance(limits::claim_given_back_again + 100ms);
  EXPECT_EQ(record(1)->state, work::item_state::pending);
}

TEST_F(work_leases, go_on_after_a_restart_with_the_same_token_and_delivery) {
  ASSERT_EQ(taken(bob_), id_of(1));
  const auto token = claim_id();
  advance(ack_wait / 3 + 1s);
  const auto delivery = bob_.asked->settled.back().ack_subject;
  restart(bob_);
  EXPECT_EQ(held(bob_), strings{id_of(1)});
  advance(10 * ack_wait);
  EXPECT_EQ(claim_id(), token);
  EXPECT_EQ(bob_.asked->settled.back().ack_subject, delivery);
  EXPECT_EQ(taken(ann_), "nothing");
  ASSERT_TRUE(completes(bob_, 1));
  advance(100ms);
  EXPECT_EQ(bob_.asked->settled.back().kind, jetstream::ack_kind::ack);
  EXPECT_EQ(stored("WORK"), 0U);
}

TEST_F(work_leases, end_when_they_would_have_without_the_restart) {
  ASSERT_EQ(taken(bob_), id_of(1));
  advance(hold_ / 2);
  restart(bob_);
  advance(hold_ / 2 + 1s);
  EXPECT_EQ(held(bob_), strings{});
}

TEST_F(work_leases, whose_answers_are_on_their_way_are_asked_for_after_a_restart) {
  offer(item(2));
  ASSERT_EQ(taken(bob_), id_of(1));
  ASSERT_EQ(id_in(answer(bob_.queue, claim(bob_))), id_of(2));
  restart(bob_);
  ASSERT_EQ(bob_.session->in_doubt.size(), 1U);
  EXPECT_EQ(bob_.session->in_doubt.front().calls, std::vector<call_id>{bob_.call});
  EXPECT_EQ(held(bob_), (strings{id_of(1), id_of(2)}));
  tell(bob_.queue, work_not_shown{bob_.call});
  advance(100ms);
  EXPECT_EQ(taken(ann_), id_of(2));
}

TEST_F(work_leases, that_were_being_given_back_still_are_after_a_restart) {
  ASSERT_EQ(id_in(answer(bob_.queue, claim(bob_))), id_of(1));
  bob_.asked->refuses = [](std::string_view) {
    return std::optional{error{ec::nats_unreachable, "NATS is away.", 0}};
  };
  tell(bob_.queue, work_not_shown{bob_.call});
  advance(100ms);
  bob_.asked->refuses = {};
  restart(bob_);
  advance(100ms);
  EXPECT_EQ(taken(ann_), id_of(1));
}

TEST_F(work_leases, of_an_agent_that_is_lost_are_renewed_no_more) {
  ASSERT_EQ(taken(bob_), id_of(1));
  identity_is(bob_, "", {}, "Another process is this agent now.");
  EXPECT_EQ(held(bob_), strings{});
  (void)requests(bob_);
  advance(ack_wait + 1s);
  EXPECT_EQ(requests(bob_), strings{});
  EXPECT_EQ(taken(ann_), id_of(1));
}

TEST_F(work_leases, outlive_a_change_of_what_the_agent_can_do) {
  ASSERT_EQ(taken(bob_), id_of(1));
  identity_is(bob_, me, {"Go"});
  EXPECT_EQ(held(bob_), strings{id_of(1)});
}

TEST_F(work_leases, outlive_an_outage_shorter_than_they_are) {
  ASSERT_EQ(taken(bob_), id_of(1));
  const auto token = claim_id();
  network_->restart_server(false, ack_wait / 2);
  advance(2 * ack_wait);
  EXPECT_EQ(claim_id(), token);
  EXPECT_EQ(taken(ann_), "nothing");
}

TEST_F(work_leases, that_are_lost_are_forgotten_and_the_late_are_refused_in_words) {
  ASSERT_EQ(taken(bob_), id_of(1));
  bob_.asked->refuses = [](std::string_view) {
    return std::optional{error{ec::nats_unreachable, "NATS is away.", 0}};
  };
  advance(ack_wait + 2s);
  ASSERT_EQ(taken(ann_), id_of(1));
  bob_.asked->refuses = {};
  const auto late = completes(bob_, 1);
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().code, ec::conflict);
  EXPECT_NE(late.error().message.find("is with ann, in attempt 2 of 3"), std::string::npos)
    << late.error().message;
  EXPECT_EQ(held(bob_), strings{});
  EXPECT_TRUE(completes(ann_, 1));
}

class work_leases_without_hold : public work_leases {
protected:
  work_leases_without_hold() { hold_ = ack_wait; }
};

TEST_F(work_leases_without_hold, are_never_renewed_by_themselves) {
  ASSERT_EQ(taken(bob_), id_of(1));
  (void)requests(bob_);
  advance(ack_wait - 1s);
  EXPECT_EQ(requests(bob_), strings{});
  EXPECT_EQ(held(bob_), strings{id_of(1)});
  advance(2s);
  EXPECT_EQ(held(bob_), strings{});
  EXPECT_EQ(taken(ann_), id_of(1));
}

TEST_F(work_leases_without_hold, last_as_long_again_after_a_report) {
  ASSERT_EQ(taken(bob_), id_of(1));
  for (int i = 0; i < 5; ++i) {
    advance(ack_wait - 5s);
    ASSERT_TRUE(reports(bob_, 1, 10 * i));
    EXPECT_EQ(taken(ann_), "nothing");
  }
  EXPECT_TRUE(completes(bob_, 1));
}

} // namespace
} // namespace nats_mcp::testing
