// SPDX-License-Identifier: MIT
// Offers: stored before they are answered, for whom they are meant, and once for each key.
#include "protocol/work/item_record.hpp"

#include "tests/unit/actors/work/work_story.hpp"

#include <set>

namespace nats_mcp::testing {
namespace {

class work_offers_story : public work_story {
protected:
  std::optional<work::item_record> offered(const std::string& id) {
    const auto found = nats(jetstream::kv_get{"work_items", id, {}});
    const auto record =
      found && found->entry
        ? work::read_item_record(found->entry->value)
        : result<work::item_record>{fail(ec::not_found, "There is no such record.")};
    return record ? std::optional{*record} : std::nullopt;
  }
};

TEST_F(work_offers_story, an_offer_is_in_its_queue_with_a_record) {
  auto what = offering("feature-7", "Type Script");
  what.priority = 8;
  what.context_data = json::value{{"branch", "main"}};
  what.notify_claim = true;
  const auto got = offers(bob_, what);
  ASSERT_TRUE(got) << got.error().message;
  EXPECT_EQ(got->task_id, "feature-7");
  EXPECT_EQ(got->capability, "Type Script");
  EXPECT_EQ(got->priority, 8);
  EXPECT_EQ(stored("WORK", "work.public.type=20script.8"), 1U);
  advance(100ms);
  const auto record = offered(got->work_item_id);
  ASSERT_TRUE(record);
  EXPECT_EQ(record->state, work::item_state::pending);
  EXPECT_EQ(record->queue_sequence, 1U);
  EXPECT_EQ(record->item.offered_by, (work::party{me, "bob"}));
  EXPECT_EQ(record->item.context, what.context_data);
  EXPECT_EQ(record->item.deadline - record->item.offered_at, limits::work_deadline_default);
  EXPECT_TRUE(record->item.notify_claim);
  EXPECT_EQ(stored("KV_work_tasks"), 1U);
}

TEST_F(work_offers_story, the_project_and_one_agent_can_be_meant) {
  auto what = offering("feature-1", "Rust");
  what.scope = tools::work_scope::project;
  ASSERT_TRUE(offers(bob_, what));
  EXPECT_EQ(stored("WORK", std::string{"work."} + project + ".rust.5"), 1U);
  what.assign_to = ann_guid;
  ASSERT_TRUE(offers(bob_, what));
  EXPECT_EQ(stored("WORK", std::string{"work."} + project + ".AGENT-" + ann_guid + ".5"), 1U);
}

TEST_F(work_offers_story, the_same_key_is_the_same_item) {
  auto what = offering("feature-1");
  what.idempotency_key = "nightly";
  const auto first = offers(bob_, what);
  const auto again = offers(ann_, what);
  ASSERT_TRUE(first && again);
  EXPECT_FALSE(first->offered_before);
  EXPECT_TRUE(again->offered_before);
  EXPECT_EQ(again->work_item_id, first->work_item_id);
  EXPECT_EQ(again->differs, "");
  EXPECT_EQ(first->state, std::nullopt);
  EXPECT_EQ(again->state, tools::work_state::pending) << "what has become of it";
  EXPECT_EQ(stored("WORK"), 1U);
}

TEST_F(work_offers_story, the_same_key_with_other_arguments_is_told_in_what_it_differs) {
  auto what = offering("feature-1");
  what.idempotency_key = "nightly";
  ASSERT_TRUE(offers(bob_, what));
  what.task_id = "feature-2";
  what.priority = 9;
  const auto again = offers(ann_, what);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->differs, "taskId, priority");
  EXPECT_EQ(again->task_id, "feature-1");
}

TEST_F(work_offers_story, what_is_offered_can_be_looked_up_by_anybody_at_once) {
  const auto offered = offers(bob_, offering("feature-1"));
  ASSERT_TRUE(offered);
  EXPECT_TRUE(answer(ann_.queue, look_up_work{{offered->work_item_id, {}}, now() + 5s}));
}

TEST_F(work_offers_story, deadlines_are_in_the_future_and_not_too_far) {
  auto what = offering("feature-1");
  for (const auto& wrong : {to_rfc3339(civil_now() - 1s), to_rfc3339(civil_now() + 31 * 24h),
                            std::string{"tomorrow"}}) {
    what.deadline = wrong;
    const auto refused = offers(bob_, what);
    ASSERT_FALSE(refused) << wrong;
    EXPECT_EQ(refused.error().code, ec::invalid_argument);
    EXPECT_NE(refused.error().message.find(wrong), std::string::npos) << refused.error().message;
  }
  EXPECT_EQ(stored("WORK"), 0U);
  what.deadline = to_rfc3339(civil_now() + 1h);
  const auto got = offers(bob_, what);
  ASSERT_TRUE(got) << got.error().message;
  EXPECT_EQ(got->deadline, *what.deadline);
}

TEST_F(work_offers_story, an_item_too_large_for_its_record_is_refused_at_once) {
  auto what = offering("feature-1");
  what.description = std::string(limits::work_description_bytes_max, '\x01'); // six bytes each
  const auto refused = offers(bob_, what);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ec::invalid_argument);
  EXPECT_NE(refused.error().message.find(std::to_string(limits::work_item_bytes_max)),
            std::string::npos)
    << refused.error().message;
}

TEST_F(work_offers_story, who_is_no_agent_offers_nothing) {
  identity_is(bob_, "");
  EXPECT_EQ(offers(bob_, offering("feature-1")).error().code, ec::not_found);
  EXPECT_FALSE(exists("WORK"));
}

TEST_F(work_offers_story, hundreds_are_under_way_at_once) {
  std::vector<pending_answer<tools::broadcast_work_offer_result>> pending;
  for (int i = 0; i < 500; ++i) {
    pending.push_back(post(bob_.queue, offer_work{offering("feature"), now() + 5s}));
  }
  advance(1s);
  std::set<std::string> ids;
  for (const auto& one : pending) {
    ASSERT_TRUE(one.value()) << one.value().error().message;
    ids.insert(one.value()->work_item_id);
  }
  EXPECT_EQ(ids.size(), 500U);
  EXPECT_EQ(stored("WORK"), 500U);
  EXPECT_EQ(stored("KV_work_items"), 500U);
}

TEST_F(work_offers_story, a_deleted_queue_is_made_again) {
  ASSERT_TRUE(offers(bob_, offering("feature-1")));
  ASSERT_TRUE(
    nats(jetstream::api_request{"STREAM.DELETE.WORK", {}, jetstream::repeatable::no, {}}));
  const auto got = offers(bob_, offering("feature-2"));
  ASSERT_TRUE(got) << got.error().message;
  EXPECT_EQ(stored("WORK"), 1U);
}

TEST_F(work_offers_story, without_nats_nothing_is_offered) {
  network_->restart_server(false, 1min);
  const auto got = offers(bob_, offering("feature-1"));
  ASSERT_FALSE(got);
  EXPECT_TRUE(got.error().code == ec::nats_unreachable || got.error().code == ec::timeout)
    << got.error().message;
}

} // namespace
} // namespace nats_mcp::testing
