// SPDX-License-Identifier: MIT
// How items come to workers through a coordinator: from an offer to its end, over the whole tree.
#include "protocol/limits/coordination.hpp"
#include "protocol/work/streams.hpp"

#include "tests/unit/actors/coordination/coordination_story.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

namespace nats_mcp::testing::coordinator_assigns_test {
namespace {

class coordinated_item : public coordination_story {
protected:
  /// Whoever has it claims it. @returns the id of what was claimed.
  std::string claim_by(const std::string& guid) { return taken(guid == me ? bob_ : ann_); }
};

TEST_F(coordinated_item, is_kept_until_a_coordinator_runs) {
  const auto id = submit("a");
  EXPECT_EQ(requests(), 1U);
  EXPECT_EQ(stored("WORK"), 0U) << "nobody else gets it";
  const auto record = record_of(id);
  ASSERT_TRUE(record);
  EXPECT_EQ(record->assigned, work::assignment{});
  start_leader();
  EXPECT_TRUE(eventually([&] { return !worker_of(id).empty(); }, 2s));
}

TEST_F(coordinated_item, is_given_to_another_agent_that_can_do_it_and_is_told) {
  start_leader();
  const auto id = submit("a");
  EXPECT_TRUE(eventually([&] { return worker_of(id) == ann_guid; }, 1s))
    << "not to its offerer, and at once";
  EXPECT_EQ(stored("WORK", std::string{"work.public.AGENT-"} + ann_guid + ".*"), 1U);
  EXPECT_TRUE(eventually([&] { return notices(ann_guid) == 1; }, 1s));
  EXPECT_EQ(taken(bob_), "nothing");
  EXPECT_EQ(taken(ann_), id);
}

TEST_F(coordinated_item, is_forgotten_by_the_coordinators_when_it_is_done) {
  const auto& anna = start_leader();
  const auto id = submit("a");
  ASSERT_TRUE(eventually([&] { return taken(ann_) == id; }));
  EXPECT_TRUE(completes_item(ann_, id));
  EXPECT_TRUE(eventually([&] { return requests() == 0; }));
  EXPECT_EQ(record_of(id)->state, work::item_state::completed);
  EXPECT_EQ(stored("WORK"), 0U);
  EXPECT_EQ(status(anna).assignments, 1U);
  EXPECT_EQ(status(anna).reassignments, 0U);
}

TEST_F(coordinated_item, goes_to_whom_its_offerer_prefers) {
  start_leader();
  const auto id = submit("a", std::string{me});
  EXPECT_TRUE(eventually([&] { return !worker_of(id).empty(); }));
  EXPECT_EQ(worker_of(id), me) << "even to the offerer";
}

TEST_F(coordinated_item, goes_to_the_next_one_when_its_worker_leaves) {
  is_there("30000000-0000-4000-8000-000000000003", "cem");
  start_leader();
  const auto id = submit("a");
  ASSERT_TRUE(eventually([&] { return !worker_of(id).empty(); }));
  const auto first = worker_of(id);
  is_offline(first, first == ann_guid ? "ann" : "cem");
  EXPECT_TRUE(eventually([&] { return worker_of(id) != first; }, 3s)) << "at once";
  EXPECT_TRUE(eventually([&] { return record_of(id)->queue_sequence != 0; }, 1s));
  EXPECT_EQ(stored("WORK"), 1U) << "what the first one had is gone";
  EXPECT_EQ(record_of(id)->generation, 2U);
}

TEST_F(coordinated_item, goes_to_the_next_one_when_it_is_not_claimed_in_time) {
  is_there("30000000-0000-4000-8000-000000000003", "cem");
  const auto& anna = start_leader();
  const auto id = submit("a");
  ASSERT_TRUE(eventually([&] { return !worker_of(id).empty(); }));
  const auto first = worker_of(id);
  advance(limits::assign_timeout_default - 5s);
  EXPECT_EQ(worker_of(id), first);
  EXPECT_TRUE(eventually([&] { return worker_of(id) != first; }, 10s));
  EXPECT_EQ(record_of(id)->attempts_begun, 0U) << "nobody tried it";
  EXPECT_TRUE(eventually([&] { return status(anna).reassignments == 1; }, 1s));
}

TEST_F(coordinated_item, that_fails_too_often_ends_with_the_dead_letters) {
  start_leader();
  const auto id = submit("a");
  for (auto attempt = 0; attempt < 3; ++attempt) {
    ASSERT_TRUE(eventually([&] { return taken(ann_) == id || taken(bob_) == id; }))
      << "attempt " << attempt;
    auto& worker = worker_of(id) == me ? bob_ : ann_;
    ASSERT_TRUE(fails_item(worker, id));
  }
  EXPECT_TRUE(eventually([&] { return stored("DEAD_LETTER") == 1 && requests() == 0; }, 120s));
  EXPECT_EQ(record_of(id)->state, work::item_state::dead);
  EXPECT_EQ(record_of(id)->attempts.size(), 3U);
}

TEST_F(coordinated_item, is_spread_with_others_over_all_workers) {
  is_there("30000000-0000-4000-8000-000000000003", "cem");
  const auto& anna = start_coordinator();
  std::vector<std::string> ids;
  for (auto number = 0; number < 6; ++number) {
    ids.push_back(submit("task-" + std::to_string(number)));
  }
  ASSERT_TRUE(eventually([&] { return leads(anna); }));
  advance(5s);
  std::map<std::string, unsigned> given;
  for (const auto& id : ids) {
    ++given[worker_of(id)];
  }
  EXPECT_EQ(given[ann_guid], limits::assigned_waiting_max);
  EXPECT_EQ(given["30000000-0000-4000-8000-000000000003"], limits::assigned_waiting_max);
  EXPECT_EQ(given[std::string{}], 2U) << "two have to wait";
  EXPECT_EQ(status(anna).unplaced, 2U);
}

TEST_F(coordinated_item, is_given_to_a_worker_as_soon_as_that_has_room) {
  start_leader();
  std::vector<std::string> ids;
  for (std::uint32_t number = 0; number <= limits::assigned_waiting_max; ++number) {
    ids.push_back(submit("task-" + std::to_string(number)));
  }
  const auto given = [&] {
    return std::count_if(ids.begin(), ids.end(),
                         [&](const auto& id) { return worker_of(id) == ann_guid; });
  };
  ASSERT_TRUE(eventually([&] { return given() == limits::assigned_waiting_max; }));
  advance(100ms);
  ASSERT_NE(taken(ann_), "nothing");
  EXPECT_TRUE(eventually([&] { return given() == limits::assigned_waiting_max + 1; }, 1s))
    << "not when its request comes again";
}

TEST_F(coordinated_item, goes_to_whom_its_offerer_prefers_also_when_it_had_to_wait) {
  constexpr auto cem = "30000000-0000-4000-8000-000000000003";
  is_offline(ann_guid, "ann");
  const auto& anna = start_leader();
  const auto id = submit("a", std::string{cem});
  ASSERT_TRUE(eventually([&] { return status(anna).unplaced == 1; }));
  // Ann would be next by her GUID.
  is_there(cem, "cem");
  is_there(ann_guid, "ann");
  EXPECT_TRUE(eventually([&] { return worker_of(id) == cem; }));
}

TEST_F(coordinated_item, is_not_kept_back_by_a_thousand_that_nobody_can_do) {
  const auto& anna = start_leader();
  for (auto number = 0; number < 1'200; ++number) {
    auto what = offering("task-" + std::to_string(number));
    what.coordinated = true;
    what.capability = "Cobol";
    ASSERT_TRUE(offers(bob_, std::move(what)));
  }
  ASSERT_TRUE(eventually([&] { return status(anna).unplaced == 1'200; }));
  advance(20s);
  const auto id = submit("a");
  EXPECT_TRUE(eventually([&] { return worker_of(id) == ann_guid; }, 2s));
}

TEST_F(coordinated_item, that_its_only_worker_failed_waits_for_another_one) {
  constexpr auto cem = "30000000-0000-4000-8000-000000000003";
  const auto& anna = start_leader();
  const auto id = submit("a");
  ASSERT_TRUE(eventually([&] { return taken(ann_) == id; }));
  ASSERT_TRUE(fails_item(ann_, id));
  ASSERT_TRUE(eventually([&] { return status(anna).unplaced == 1; }, 120s));
  advance(20s);
  EXPECT_EQ(status(anna).unplaced, 1U) << "Ann does not get it again while nobody else had it";
  is_there(cem, "cem");
  EXPECT_TRUE(eventually([&] { return worker_of(id) == cem; }, 3s));
}

TEST_F(coordinated_item, goes_on_where_it_was_when_another_one_leads) {
  auto& anna = start_leader();
  const auto& bert = start_coordinator();
  const auto given = submit("a");
  const auto held = submit("b");
  ASSERT_TRUE(eventually([&] { return !worker_of(given).empty() && !worker_of(held).empty(); }));
  const auto taken_one = taken(ann_);
  ASSERT_TRUE(taken_one == given || taken_one == held);
  const auto waiting = taken_one == given ? held : given;
  const auto before = record_of(waiting);
  kill(anna);
  ASSERT_TRUE(eventually([&] { return leads(bert); }));
  advance(20s);
  EXPECT_EQ(record_of(waiting)->generation, before->generation) << "it is not given again";
  EXPECT_TRUE(completes_item(ann_, taken_one));
  ASSERT_EQ(taken(ann_), waiting);
  EXPECT_TRUE(completes_item(ann_, waiting));
  EXPECT_TRUE(eventually([&] { return requests() == 0; }));
}

TEST_F(coordinated_item, is_found_without_its_request) {
  const auto id = submit("a");
  (void)nats(jetstream::api_request{"STREAM.PURGE.COORD", {}, {}, {}});
  start_leader();
  advance(limits::item_left_alone_max / 2);
  EXPECT_EQ(worker_of(id), "");
  EXPECT_TRUE(
    eventually([&] { return worker_of(id) == ann_guid; }, 2 * limits::item_left_alone_max));
}

TEST_F(coordinated_item, survives_a_crash_of_the_part_that_gives_it) {
  auto& anna = start_leader();
  const auto id = submit("a");
  anna.crashes_next = "coordinator";
  EXPECT_TRUE(eventually([&] { return taken(ann_) == id; }));
  EXPECT_TRUE(completes_item(ann_, id));
  EXPECT_TRUE(eventually([&] { return requests() == 0; }));
  EXPECT_TRUE(anna.crashes_next.empty());
}

TEST_F(coordinated_item, is_cancelled_like_any_other) {
  start_leader();
  const auto id = submit("a");
  ASSERT_TRUE(eventually([&] { return !worker_of(id).empty(); }));
  EXPECT_TRUE(answer(bob_.queue, cancel_offered_work{{id, {}}, now() + 5s}));
  EXPECT_TRUE(eventually([&] { return requests() == 0 && stored("WORK") == 0; }));
  EXPECT_EQ(taken(ann_), "nothing");
}

TEST_F(coordinated_item, offered_twice_under_a_key_is_one_and_says_what_differs) {
  auto what = offering("a");
  what.coordinated = true;
  what.idempotency_key = "key";
  const auto first = offers(bob_, what);
  ASSERT_TRUE(first) << first.error().message;
  EXPECT_TRUE(first->coordinated);
  EXPECT_FALSE(first->offered_before);
  start_leader();
  ASSERT_TRUE(eventually([&] { return !worker_of(first->work_item_id).empty(); }));
  const auto again = offers(bob_, what);
  ASSERT_TRUE(again);
  EXPECT_TRUE(again->offered_before);
  EXPECT_EQ(again->differs, "") << "that it has a worker by now is no difference";
  what.coordinated = false;
  const auto without = offers(bob_, what);
  ASSERT_TRUE(without);
  EXPECT_EQ(without->differs, "coordinated");
  EXPECT_TRUE(without->coordinated);
}

} // namespace
} // namespace nats_mcp::testing::coordinator_assigns_test
