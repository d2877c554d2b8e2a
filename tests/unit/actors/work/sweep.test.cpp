// SPDX-License-Identifier: MIT
// The sweep: what is dead and lies unclaimed ends with the dead letters, what is free is left where
// it is, and nobody notices.
#include "protocol/jetstream/durable_consumer.hpp"
#include "protocol/work/item_change.hpp"
#include "protocol/work/lanes.hpp"

#include "tests/unit/actors/work/letters_story.hpp"

#include <gtest/gtest.h>

namespace nats_mcp::testing {
namespace {

using work::item_state;

class sweep : public letters_story {
protected:
  static inline const work::lane lane{"public", "typescript", 5};

  void SetUp() override {
    letters_story::SetUp();
    identity_is(me);
    (void)nats(jetstream::api_request{"INFO", {}, jetstream::repeatable::yes, {}}); // connects
  }

  /// Its time is nearly over.
  work::work_item expiring(unsigned number) {
    auto out = item(number);
    out.deadline = civil_now() + 1s;
    return out;
  }
};

TEST_F(sweep, buries_what_is_past_its_deadline) {
  offer(expiring(1));
  advance(sweep_time);
  ASSERT_EQ(listed(), strings{id_of(1)});
  EXPECT_EQ(record(1)->state, item_state::dead);
  EXPECT_NE(list()->items.front().reason.find("deadline"), std::string::npos)
    << list()->items.front().reason;
  EXPECT_EQ(stored("WORK"), 0U);
}

TEST_F(sweep, buries_what_is_past_its_deadline_and_has_no_record_yet) {
  queue(expiring(1));
  advance(sweep_time);
  EXPECT_EQ(listed(), strings{id_of(1)});
  EXPECT_EQ(record(1)->state, item_state::dead);
}

TEST_F(sweep, buries_what_is_out_of_attempts_with_all_that_happened) {
  lose(item(1), 3);
  advance(sweep_time);
  const auto got = list();
  ASSERT_TRUE(got);
  ASSERT_EQ(got->items.size(), 1U);
  EXPECT_EQ(got->items.front().attempts, 3);
  ASSERT_EQ(got->items.front().history.size(), 3U);
  for (const auto& attempt : got->items.front().history) {
    EXPECT_EQ(attempt.end, "lease-over");
    EXPECT_EQ(attempt.worker_handle, "ann");
  }
  EXPECT_EQ(stored("WORK"), 0U);
}

TEST_F(sweep, buries_what_cannot_be_read) {
  store(work::lane_subject(lane), "rubbish");
  advance(sweep_time);
  EXPECT_EQ(listed(), strings{"seq-1"});
  EXPECT_EQ(stored("WORK"), 0U);
}

TEST_F(sweep, tells_the_offerer_of_what_it_buries) {
  offer(expiring(1));
  advance(sweep_time);
  EXPECT_EQ(stored("AGENT_INBOX"), 1U);
}

TEST_F(sweep, puts_what_is_free_straight_back) {
  offer(item(1));
  lose(item(2), 1);
  advance(sweep_time);
  EXPECT_EQ(delivered(lane), 2U) << "it was looked at";
  EXPECT_EQ(listed(), strings{});
  EXPECT_EQ(record(1)->state, item_state::pending);
  EXPECT_EQ(record(2)->state, item_state::claimed) << "nobody's, until somebody takes it";
  EXPECT_EQ(pulled_by_another(lane), 2U) << "both are there for whoever wants them";
}

TEST_F(sweep, finds_the_dead_among_the_free) {
  offer(item(1));
  offer(expiring(2));
  offer(item(3));
  advance(sweep_time);
  EXPECT_EQ(listed(), strings{id_of(2)});
  EXPECT_EQ(pulled_by_another(lane), 2U);
}

TEST_F(sweep, leaves_alone_what_somebody_holds) {
  auto record = offer(item(1));
  put(work::taken({{record.item, 1}, record.queue_sequence}, &record,
                  {"claim", {"a-guid", "ann"}, "session", 1h}, civil_now()));
  advance(sweep_time);
  EXPECT_EQ(listed(), strings{});
  EXPECT_EQ(this->record(1)->held->id, "claim");
}

TEST_F(sweep, looks_through_the_projects_own_lanes_and_the_personal_one) {
  auto ours = expiring(1);
  ours.scope = project;
  auto personal = expiring(2);
  personal.capability = "something else";
  personal.assigned_to = me;
  auto theirs = expiring(3);
  theirs.scope = elsewhere;
  offer(ours);
  offer(personal);
  offer(theirs);
  offer(item(4, "go"));
  advance(sweep_time);
  EXPECT_EQ(record(1)->state, item_state::dead);
  EXPECT_EQ(record(2)->state, item_state::dead);
  EXPECT_EQ(record(3)->state, item_state::pending);
  EXPECT_FALSE(delivered({"public", "go", 5})) << "not a capability of this agent";
}

TEST_F(sweep, follows_what_the_agent_can_do) {
  queue(expiring(1)); // without a record: else everybody finds it
  identity_is(me, {"go"});
  advance(sweep_time);
  EXPECT_EQ(listed(), strings{});
  identity_is(me, {"go", "TypeScript"});
  advance(sweep_time);
  EXPECT_EQ(listed(), strings{id_of(1)});
}

TEST_F(sweep, comes_again_and_again) {
  offer(expiring(1));
  advance(sweep_time);
  offer(expiring(2));
  advance(2 * sweep_time);
  EXPECT_EQ(listed(), (strings{id_of(1), id_of(2)}));
}

TEST_F(sweep, leaves_lanes_alone_in_which_somebody_is_at_work) {
  offer(item(1));
  advance(sweep_time);
  ASSERT_EQ(delivered(lane), 1U);
  ASSERT_EQ(pulled_by_another(lane), 1U);
  offer(expiring(2));
  advance(sweep_time);
  EXPECT_EQ(delivered(lane), 2U) << "whoever is there meets what is dead";
  advance(sweep_time);
  EXPECT_EQ(listed(), strings{id_of(2)}) << "nobody was there for a while";
}

TEST_F(sweep, looks_at_so_many_of_a_lane_and_no_more) {
  for (unsigned number = 1; number <= limits::sweep_batch_max + 5; ++number) {
    offer(item(number));
  }
  advance(sweep_time);
  EXPECT_EQ(delivered(lane), limits::sweep_batch_max);
  EXPECT_EQ(pulled_by_another(lane), limits::sweep_batch_max + 5);
}

TEST_F(sweep, goes_on_in_a_lane_as_long_as_it_finds_dead_ones) {
  for (unsigned number = 1; number <= 3 * limits::sweep_batch_max; ++number) {
    queue(expiring(number));
  }
  advance(sweep_time);
  EXPECT_EQ(stored("WORK"), 0U);
  EXPECT_EQ(stored("DEAD_LETTER"), 3 * limits::sweep_batch_max);
}

TEST_F(sweep, uses_a_lanes_consumer_as_it_is) {
  auto made = work::lane_consumer(lane, 7s, 1h);
  offer(item(1));
  ASSERT_TRUE(nats(jetstream::create_consumer_request(made, {})));
  advance(sweep_time);
  const auto info = nats(jetstream::consumer_info_request("WORK", made.name, {}));
  ASSERT_TRUE(info);
  EXPECT_EQ(jetstream::parse_consumer_state(info->body)->ack_wait, 7s);
}

TEST_F(sweep, makes_nothing_while_there_is_nothing) {
  advance(3 * sweep_time);
  EXPECT_FALSE(exists("WORK"));
  EXPECT_FALSE(exists("DEAD_LETTER"));
  EXPECT_FALSE(exists("KV_work_items"));
  EXPECT_FALSE(exists("AGENT_INBOX"));
}

TEST_F(sweep, does_not_come_while_this_is_no_agent) {
  identity_is("");
  offer(expiring(1));
  advance(3 * sweep_time);
  EXPECT_FALSE(delivered(lane));
  EXPECT_EQ(listed(), strings{});
}

TEST_F(sweep, does_not_come_for_an_agent_that_is_another_processs_now) {
  offer(expiring(1));
  registry_->refusal = error{ec::conflict, "Another process has taken over.", 0};
  advance(3 * sweep_time);
  EXPECT_FALSE(delivered(lane));
}

TEST_F(sweep, goes_on_after_a_restart_as_soon_as_it_is_told_who_this_is) {
  offer(expiring(1));
  const auto asked = registry_->identities_wanted;
  restart();
  EXPECT_EQ(registry_->identities_wanted, asked + 1);
  identity_is(me);
  advance(sweep_time);
  EXPECT_EQ(listed(), strings{id_of(1)});
}

TEST_F(sweep, goes_on_when_nats_is_back) {
  offer(expiring(1));
  network_->restart_server(true, 10 * sweep_time);
  advance(3 * sweep_time);
  network_->heal();
  advance(sweep_time + 10s);
  EXPECT_EQ(listed(), strings{id_of(1)});
}

class sweep_without_a_connection : public letters_story {};

TEST_F(sweep_without_a_connection, never_connects) {
  identity_is(me);
  advance(5 * sweep_time);
  EXPECT_FALSE(connected());
  EXPECT_EQ(registry_->confirmations, 0U);
}

} // namespace
} // namespace nats_mcp::testing
