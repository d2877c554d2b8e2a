// SPDX-License-Identifier: MIT
// Who gets which item: the most urgent, then the oldest, and nobody but the winner.
#include "tests/unit/actors/work/work_story.hpp"

#include <algorithm>
#include <set>

namespace nats_mcp::testing {
namespace {

class work_claims : public work_story {
protected:
  work::work_item urgent(unsigned number, int priority, std::string capability = "TypeScript") {
    auto out = item(number, std::move(capability));
    out.priority = priority;
    return out;
  }
  work::work_item of_scope(unsigned number, std::string scope) {
    auto out = item(number);
    out.scope = std::move(scope);
    return out;
  }
  work::work_item for_agent(unsigned number, std::string guid, int priority = 1) {
    auto out = urgent(number, priority);
    out.assigned_to = std::move(guid);
    return out;
  }
};

TEST_F(work_claims, tell_the_agent_all_there_is_to_know) {
  auto what = item(1);
  what.context = json::value{{"branch", "main"}};
  offer(what);
  const auto got = take(bob_);
  ASSERT_TRUE(got && got->work) << id_in(got);
  EXPECT_EQ(got->work->work_item_id, id_of(1));
  EXPECT_EQ(got->work->task_id, "feature-1");
  EXPECT_EQ(got->work->attempt, 1);
  EXPECT_EQ(got->work->attempts_max, 3);
  EXPECT_EQ(got->work->description, "Do number 1.");
  EXPECT_EQ(got->work->context_data, what.context);
  EXPECT_EQ(got->work->offered_by_handle, "planner");
  EXPECT_TRUE(got->work->earlier_attempts.empty());
  EXPECT_EQ(held(bob_), strings{id_of(1)});
  const auto known = record(1);
  ASSERT_TRUE(known && known->held);
  EXPECT_EQ(known->held->worker, (work::party{me, "bob"}));
  EXPECT_EQ(known->held->session_id, "bob's session");
  EXPECT_EQ(known->held->lease, ack_wait);
}

TEST_F(work_claims, take_the_most_urgent_first) {
  offer(urgent(1, 5));
  offer(urgent(2, 10, "Rust"));
  offer(urgent(3, 1));
  offer(urgent(4, 9));
  strings got;
  for (int i = 0; i < 4; ++i) {
    got.push_back(taken(bob_));
  }
  EXPECT_EQ(got, (strings{id_of(2), id_of(4), id_of(1), id_of(3)}));
}

TEST_F(work_claims, take_the_oldest_of_those_equally_urgent_whatever_they_need) {
  offer(item(1, "Rust"));
  offer(of_scope(2, project));
  offer(item(3));
  offer(item(4, "Rust"));
  strings got;
  for (int i = 0; i < 4; ++i) {
    got.push_back(taken(bob_));
  }
  EXPECT_EQ(got, (strings{id_of(1), id_of(2), id_of(3), id_of(4)}));
}

TEST_F(work_claims, what_was_looked_at_and_left_is_there_for_others_at_once) {
  offer(item(1, "Rust"));
  offer(item(2));
  EXPECT_EQ(taken(bob_), id_of(1));
  EXPECT_EQ(taken(ann_), id_of(2));
}

TEST_F(work_claims, take_what_is_for_this_agent_alone_before_all_else) {
  offer(urgent(1, 10));
  offer(for_agent(2, me));
  offer(for_agent(3, me, 2));
  EXPECT_EQ(taken(bob_), id_of(3));
  EXPECT_EQ(taken(bob_), id_of(2));
  EXPECT_EQ(taken(bob_), id_of(1));
}

TEST_F(work_claims, leave_what_is_for_somebody_else) {
  offer(for_agent(1, me));
  EXPECT_EQ(taken(ann_), "nothing");
  EXPECT_EQ(taken(bob_), id_of(1));
}

TEST_F(work_claims, leave_the_work_of_other_projects) {
  offer(of_scope(1, elsewhere));
  offer(of_scope(2, project));
  EXPECT_EQ(taken(bob_), id_of(2));
  EXPECT_EQ(taken(bob_), "nothing");
}

TEST_F(work_claims, look_for_one_capability_only_if_they_are_asked_to) {
  offer(item(1));
  offer(item(2, "Rust"));
  const auto got = take(bob_, "rust");
  EXPECT_EQ(id_in(got), id_of(2));
  EXPECT_EQ(got->capabilities, strings{"Rust"});
}

TEST_F(work_claims, say_what_they_looked_for) {
  const auto got = take(bob_);
  ASSERT_TRUE(got) << got.error().message;
  EXPECT_FALSE(got->work);
  EXPECT_EQ(got->capabilities, (strings{"TypeScript", "Rust"}));
}

TEST_F(work_claims, any_text_is_a_capability) {
  const std::string odd = "c++ / node.js > *";
  identity_is(bob_, me, {odd});
  offer(item(1, odd));
  EXPECT_EQ(taken(bob_), id_of(1));
}

TEST_F(work_claims, of_what_the_agent_is_not_registered_for_are_refused_in_words) {
  const auto got = take(bob_, "Go");
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().code, ec::invalid_argument);
  EXPECT_NE(got.error().message.find("\"Go\", only for: TypeScript, Rust"), std::string::npos)
    << got.error().message;
}

TEST_F(work_claims, need_an_agent) {
  identity_is(bob_, "");
  const auto got = take(bob_);
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().code, ec::not_found);
  EXPECT_FALSE(exists("WORK"));
}

TEST_F(work_claims, of_two_at_once_one_gets_the_item) {
  offer(item(1));
  const auto bobs = post(bob_.queue, claim(bob_));
  const auto anns = post(ann_.queue, claim(ann_));
  advance(1s);
  strings got{id_in(bobs.value()), id_in(anns.value())};
  std::sort(got.begin(), got.end());
  EXPECT_EQ(got, (strings{id_of(1), "nothing"}));
}

TEST_F(work_claims, of_many_at_once_each_gets_another_item) {
  for (unsigned number = 1; number <= 20; ++number) {
    offer(item(number));
  }
  std::vector<pending_answer<claimed>> pending;
  for (int i = 0; i < 10; ++i) {
    pending.push_back(post(bob_.queue, claim(bob_)));
    pending.push_back(post(ann_.queue, claim(ann_)));
  }
  advance(1s);
  std::set<std::string> got;
  for (const auto& one : pending) {
    got.insert(id_in(one.value()));
  }
  EXPECT_EQ(got.size(), 20U);
  EXPECT_FALSE(got.contains("nothing"));
}

TEST_F(work_claims, tell_what_those_before_had_to_say) {
  offer(item(1));
  ASSERT_EQ(taken(ann_), id_of(1));
  ASSERT_TRUE(reports(ann_, 1, 40, "Half of it is on the branch."));
  ASSERT_TRUE(fails(ann_, 1));
  advance(2s);
  const auto got = take(bob_);
  ASSERT_TRUE(got && got->work) << id_in(got);
  EXPECT_EQ(got->work->attempt, 2);
  ASSERT_EQ(got->work->earlier_attempts.size(), 1U);
  EXPECT_EQ(got->work->earlier_attempts.front().worker_handle, "ann");
  EXPECT_EQ(got->work->earlier_attempts.front().note, "Half of it is on the branch.");
  EXPECT_EQ(got->work->earlier_attempts.front().error, "It broke.");
}

TEST_F(work_claims, bury_what_is_past_its_deadline_and_go_on) {
  auto late = urgent(1, 9);
  late.deadline = civil_now() + 1s;
  offer(late);
  offer(item(2));
  advance(2s);
  EXPECT_EQ(taken(bob_), id_of(2));
  EXPECT_EQ(record(1)->state, work::item_state::dead);
  EXPECT_EQ(stored("DEAD_LETTER"), 1U);
}

TEST_F(work_claims, find_what_is_free_behind_any_number_of_left_overs) {
  for (unsigned number = 1; number <= limits::deliveries_passed_on_max + 10; ++number) {
    queue(item(1), 1); // copies of one item
  }
  offer(item(2));
  ASSERT_EQ(taken(ann_), id_of(1));
  EXPECT_EQ(taken(bob_), id_of(2));
}

TEST_F(work_claims, bury_what_cannot_be_read_and_go_on) {
  store("work.public.typescript.9", "rubbish");
  offer(item(2));
  EXPECT_EQ(taken(bob_), id_of(2));
  EXPECT_EQ(stored("DEAD_LETTER", "dead.public.typescript.seq-1"), 1U);
}

TEST_F(work_claims, leave_what_somebody_holds_alone) {
  offer(item(1));
  ASSERT_EQ(taken(ann_), id_of(1));
  EXPECT_EQ(taken(bob_), "nothing");
  advance(ack_wait * 3);
  EXPECT_EQ(taken(bob_), "nothing") << "her process lives and renews it";
}

TEST_F(work_claims, end_when_the_hands_are_full) {
  for (unsigned number = 1; number <= limits::work_held_max; ++number) {
    offer(item(number));
    ASSERT_EQ(taken(bob_), id_of(number));
  }
  offer(item(999));
  const auto got = take(bob_);
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().code, ec::limit_exceeded);
  EXPECT_NE(got.error().message.find("holds 64"), std::string::npos) << got.error().message;
  ASSERT_TRUE(completes(bob_, 1));
  EXPECT_EQ(taken(bob_), id_of(999));
}

TEST_F(work_claims, cost_few_requests_once_a_lane_is_known) {
  identity_is(bob_, me, {"TypeScript"});
  offer(item(1));
  offer(item(2));
  ASSERT_EQ(taken(bob_), id_of(1));
  (void)requests(bob_);
  ASSERT_EQ(taken(bob_), id_of(2));
  ASSERT_TRUE(completes(bob_, 2));
  advance(10ms);
  const auto asked = requests(bob_);
  EXPECT_EQ(count(asked, "api STREAM.INFO.WORK"), 1U) << "all lanes at once";
  EXPECT_EQ(count(asked, "pull"), 1U);
  EXPECT_EQ(count(asked, "get"), 1U);
  EXPECT_EQ(count(asked, "put work_items"), 2U) << "claimed and completed";
  EXPECT_EQ(count(asked, "publish inbox."), 1U);
  EXPECT_EQ(count(asked, "settle ack"), 1U);
  EXPECT_EQ(asked.size(), 7U);
}

TEST_F(work_claims, ask_for_what_they_can_take_where_there_are_many_lanes) {
  identity_is(bob_, me, {"TypeScript", "Rust"});
  offer(item(1));
  offer(item(2, "Rust"));
  for (unsigned other = 0; other < work::lanes_asked_for_at_once_max; ++other) {
    offer(item(100 + other, "Trade " + std::to_string(other)));
  }
  ASSERT_EQ(taken(bob_), id_of(1));
  (void)requests(bob_);
  ASSERT_EQ(taken(bob_), id_of(2));
  EXPECT_EQ(count(requests(bob_), "api STREAM.INFO.WORK"), 3U) << "its own, and one for each";
}

} // namespace
} // namespace nats_mcp::testing
