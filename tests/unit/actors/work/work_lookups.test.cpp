// SPDX-License-Identifier: MIT
// Looking at items without touching them: one, those of a task, and lists.
#include "tests/unit/actors/work/work_story.hpp"

namespace nats_mcp::testing {
namespace {

class work_lookups_story : public work_story {
protected:
  result<tools::get_work_status_result> status(unsigned number) {
    return answer(bob_.queue, look_up_work{{id_of(number), {}}, now() + 5s});
  }
  result<tools::get_work_status_result> task(std::string id) {
    return answer(bob_.queue, look_up_work{{{}, std::move(id)}, now() + 5s});
  }
  result<tools::list_work_result> list(tools::list_work_arguments what = {}) {
    return answer(bob_.queue, list_known_work{std::move(what), now() + 5s});
  }
  strings listed(tools::list_work_arguments what = {}) {
    const auto got = list(std::move(what));
    if (!got) {
      return {"failed: " + got.error().message};
    }
    strings out;
    for (const auto& one : got->items) {
      out.push_back(one.work_item_id);
    }
    return out;
  }
  work::work_item of_elsewhere(unsigned number) {
    auto out = item(number);
    out.scope = elsewhere;
    return out;
  }
};

TEST_F(work_lookups_story, one_item_is_told_with_its_history) {
  offer(item(1));
  ASSERT_EQ(taken(ann_), id_of(1));
  ASSERT_TRUE(reports(ann_, 1, 40, "The parser stands."));
  const auto got = status(1);
  ASSERT_TRUE(got && got->items.size() == 1);
  const auto& one = got->items.front();
  EXPECT_EQ(one.summary.state, tools::work_state::claimed);
  EXPECT_EQ(one.summary.worker_handle, "ann");
  EXPECT_EQ(one.summary.progress, 40);
  EXPECT_EQ(one.note, "The parser stands.");
  EXPECT_FALSE(one.lease_until.empty());
  ASSERT_EQ(one.attempts.size(), 1U);
  EXPECT_EQ(one.attempts.front().end, "open");
}

TEST_F(work_lookups_story, nobody_has_to_be_an_agent_to_look) {
  offer(item(1));
  identity_is(bob_, "");
  EXPECT_TRUE(status(1));
  EXPECT_EQ(listed(), strings{id_of(1)});
}

TEST_F(work_lookups_story, looking_makes_nothing) {
  EXPECT_EQ(status(1).error().code, ec::not_found);
  EXPECT_EQ(task("feature-1").error().code, ec::not_found);
  EXPECT_EQ(listed(), strings{});
  EXPECT_FALSE(exists("KV_work_items"));
}

TEST_F(work_lookups_story, the_items_of_a_task_are_told_together) {
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(offers(bob_, offering("feature-1")));
  }
  ASSERT_TRUE(offers(bob_, offering("feature-2")));
  advance(100ms);
  const auto got = task("feature-1");
  ASSERT_TRUE(got) << got.error().message;
  ASSERT_EQ(got->items.size(), 3U);
  EXPECT_FALSE(got->more);
  for (const auto& one : got->items) {
    EXPECT_EQ(one.summary.task_id, "feature-1");
  }
}

TEST_F(work_lookups_story, more_items_of_a_task_than_are_shown_are_announced) {
  std::vector<pending_answer<tools::broadcast_work_offer_result>> pending;
  for (std::uint64_t i = 0; i <= limits::task_items_max; ++i) {
    pending.push_back(post(bob_.queue, offer_work{offering("feature-1"), now() + 5s}));
  }
  advance(1s);
  const auto got = task("feature-1");
  ASSERT_TRUE(got) << got.error().message;
  EXPECT_EQ(got->items.size(), limits::task_items_max);
  EXPECT_TRUE(got->more);
}

TEST_F(work_lookups_story, items_of_a_task_that_are_large_are_shown_as_far_as_an_answer_may_hold) {
  for (unsigned number = 1; number <= 40; ++number) {
    auto large = item(number);
    large.task_id = "feature-1";
    large.description = std::string(limits::work_description_bytes_max, 'x');
    queue(large); // its claim records it
  }
  for (unsigned number = 1; number <= 40; ++number) {
    ASSERT_NE(taken(number % 2 == 0 ? ann_ : bob_), "nothing");
  }
  const auto got = task("feature-1");
  ASSERT_TRUE(got) << got.error().message;
  EXPECT_TRUE(got->more);
  EXPECT_GE(got->items.size(), 1U);
  EXPECT_LT(got->items.size(), 40U);
}

TEST_F(work_lookups_story, what_is_of_another_project_is_seen_by_its_offerer_alone) {
  auto own = of_elsewhere(1);
  own.offered_by = {me, "bob"};
  offer(own);
  offer(of_elsewhere(2));
  EXPECT_TRUE(status(1));
  EXPECT_EQ(status(2).error().code, ec::not_found);
  EXPECT_EQ(listed(), strings{id_of(1)});
  EXPECT_EQ(completes(bob_, 2).error().code, ec::not_found);
}

TEST_F(work_lookups_story, a_list_shows_what_waits_and_what_is_worked_on) {
  offer(item(1));
  offer(item(2, "Rust"));
  offer(item(3));
  ASSERT_EQ(taken(ann_, "TypeScript"), id_of(1));
  ASSERT_TRUE(completes(ann_, 1));
  ASSERT_EQ(taken(ann_, "Rust"), id_of(2));
  EXPECT_EQ(listed(), (strings{id_of(3), id_of(2)})) << "unchanged for the longest first";
  EXPECT_EQ(listed({"rust", {}, 20, {}}), strings{id_of(2)});
  EXPECT_EQ(listed({{}, tools::work_state::completed, 20, {}}), strings{id_of(1)});
  EXPECT_EQ(listed({{}, tools::work_state::pending, 20, {}}), strings{id_of(3)});
}

TEST_F(work_lookups_story, a_list_goes_on_where_the_last_one_ended) {
  for (unsigned number = 1; number <= 5; ++number) {
    offer(item(number));
  }
  const auto first = list({{}, {}, 2, {}});
  ASSERT_TRUE(first) << first.error().message;
  ASSERT_FALSE(first->next_cursor.empty());
  const auto second = list({{}, {}, 2, first->next_cursor});
  ASSERT_TRUE(second);
  EXPECT_EQ(second->items.front().work_item_id, id_of(3));
  const auto third = list({{}, {}, 2, second->next_cursor});
  ASSERT_TRUE(third);
  EXPECT_EQ(third->items.size(), 1U);
  EXPECT_EQ(third->next_cursor, "");
}

TEST_F(work_lookups_story, a_list_that_fits_exactly_is_the_last) {
  offer(item(1));
  offer(item(2));
  const auto got = list({{}, {}, 2, {}});
  ASSERT_TRUE(got);
  EXPECT_EQ(got->items.size(), 2U);
  EXPECT_EQ(got->next_cursor, "");
}

TEST_F(work_lookups_story, a_cursor_that_is_none_is_refused) {
  const auto got = list({{}, {}, 2, "somewhere"});
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().code, ec::invalid_argument);
}

} // namespace
} // namespace nats_mcp::testing
