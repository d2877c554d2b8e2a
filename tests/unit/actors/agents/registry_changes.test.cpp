// SPDX-License-Identifier: MIT
// Changes of what a registered agent says of itself.
#include "protocol/agents/buckets.hpp"
#include "protocol/limits.hpp"

#include "tests/support/registry_story.hpp"

namespace nats_mcp {
namespace {

using namespace std::chrono_literals;

using agents::visibility;
using strings = std::vector<std::string>;
using tools::agent_status;

class registry_changes : public testing::registry_story {
protected:
  change_handle renaming(std::string handle) const { return {std::move(handle), soon()}; }
};

TEST_F(registry_changes, tell_what_was_and_what_is) {
  const auto guid = must_register(registering());
  change_presence wanted;
  wanted.arguments.status = agent_status::busy;
  wanted.arguments.current_task_count = 3;
  wanted.arguments.capabilities = strings{"c++"};
  wanted.deadline = soon();
  const auto outcome = ask(registry_, wanted);
  ASSERT_TRUE(outcome) << outcome.error().message;
  EXPECT_EQ(outcome->status->before, agent_status::online);
  EXPECT_EQ(outcome->status->after, agent_status::busy);
  EXPECT_EQ(outcome->current_task_count->before, 0);
  EXPECT_EQ(outcome->current_task_count->after, 3);
  EXPECT_EQ(outcome->capabilities->before, strings{"review"});
  EXPECT_EQ(outcome->capabilities->after, strings{"c++"});
  const auto stored = records(guid).front();
  EXPECT_EQ(stored.status, agent_status::busy);
  EXPECT_EQ(stored.current_task_count, 3);
  EXPECT_EQ(stored.capabilities, strings{"c++"});
}

TEST_F(registry_changes, leave_alone_what_they_do_not_name) {
  const auto guid = must_register(registering());
  const auto outcome = ask(registry_, saying_tasks(2));
  ASSERT_TRUE(outcome);
  EXPECT_FALSE(outcome->status);
  EXPECT_FALSE(outcome->capabilities);
  EXPECT_EQ(records(guid).front().capabilities, strings{"review"});
}

TEST_F(registry_changes, need_registration) {
  const auto refused = ask(registry_, saying_tasks(2));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message, tools::not_registered().message);
}

TEST_F(registry_changes, are_made_one_after_another_and_answered_once_each) {
  const auto guid = must_register(registering());
  auto first = post(registry_, saying_tasks(1));
  auto second = post(registry_, saying_tasks(2));
  auto renamed = post(registry_, renaming("renamed"));
  auto third = post(registry_, saying_tasks(3));
  run();
  ASSERT_TRUE(first.value() && second.value() && renamed.value() && third.value());
  EXPECT_EQ(first.value()->current_task_count->before, 0);
  EXPECT_EQ(second.value()->current_task_count->before, 1);
  EXPECT_EQ(third.value()->current_task_count->before, 2);
  EXPECT_EQ(records(guid).front().current_task_count, 3);
  EXPECT_EQ(records(guid).front().handle, "renamed");
}

TEST_F(registry_changes, beyond_the_bound_are_refused_at_once) {
  must_register(registering());
  std::vector<testing::pending_answer<tools::update_presence_result>> asked;
  for (std::size_t i = 0; i <= limits::registry_changes_waiting_max + 1; ++i) {
    asked.push_back(post(registry_, saying_tasks(static_cast<std::int64_t>(i))));
  }
  run();
  const auto refused = asked.back().value();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ec::busy);
  asked.pop_back();
  for (const auto& one : asked) {
    EXPECT_TRUE(one.value());
  }
}

TEST_F(registry_changes, of_the_handle_rewrite_the_entry_and_are_told) {
  const auto guid = must_register(registering("dev"));
  const auto outcome = ask(registry_, renaming("planner"));
  ASSERT_TRUE(outcome) << outcome.error().message;
  EXPECT_EQ(outcome->handle, "planner");
  EXPECT_EQ(records(guid).front().handle, "planner");
  EXPECT_EQ(session_heard_->identities.back().now.handle, "planner");
  ASSERT_TRUE(ask(registry_, say_goodbye{soon()}));
  const auto next = ask(start_another(), registering("planner"));
  ASSERT_TRUE(next);
  EXPECT_EQ(next->guid, guid) << "it is found under the new handle";
}

TEST_F(registry_changes, of_the_handle_leave_no_way_back_under_the_old_one) {
  const auto guid = must_register(registering("dev"));
  ASSERT_TRUE(ask(registry_, renaming("planner")));
  ASSERT_TRUE(ask(registry_, say_goodbye{soon()}));
  const auto stranger = ask(start_another(), registering("dev"));
  ASSERT_TRUE(stranger);
  EXPECT_NE(stranger->guid, guid);
}

TEST_F(registry_changes, of_the_handle_by_registering_leave_no_way_back_under_the_old_one) {
  const auto guid = must_register(registering("dev"));
  ASSERT_EQ(must_register(registering("planner")), guid);
  ASSERT_TRUE(ask(registry_, say_goodbye{soon()}));
  const auto stranger = ask(start_another(), registering("dev"));
  ASSERT_TRUE(stranger);
  EXPECT_NE(stranger->guid, guid) << "whoever comes by the old name would read its mail";
}

TEST_F(registry_changes, of_the_handle_write_nothing_without_an_entry) {
  ASSERT_TRUE(ask(registry_, renaming("planner")));
  EXPECT_TRUE(nats_.writes().empty());
}

TEST_F(registry_changes, of_the_handle_take_nobody_elses_way_back) {
  const auto other = ask(start_another(), registering("planner"));
  ASSERT_TRUE(other);
  must_register(registering("dev"));
  ASSERT_TRUE(ask(registry_, renaming("planner")));
  advance(3 * interval);
  const auto third = ask(start_another(), registering("planner"));
  ASSERT_TRUE(third);
  EXPECT_EQ(third->guid, other->guid);
}

TEST_F(registry_changes, whose_outcome_is_not_known_are_not_told_as_done) {
  const auto guid = must_register(registering());
  fail_writes(error{ec::unknown_outcome, "NATS did not say whether it was written.", 0});
  const auto unknown = ask(registry_, saying_tasks(5));
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().message, "NATS did not say whether it was written.");
  fail_writes({});
  const auto again = ask(registry_, saying_tasks(6));
  ASSERT_TRUE(again);
  EXPECT_EQ(again->current_task_count->before, 0) << "as far as this process knows";
  EXPECT_EQ(records(guid).front().current_task_count, 6);
}

TEST_F(registry_changes, into_a_bucket_that_is_gone_are_no_success) {
  must_register(registering());
  nats_.store().drop_bucket(agents::agents_bucket);
  const auto refused = ask(registry_, saying_tasks(5));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ec::not_found);
}

TEST_F(registry_changes, of_visibility_leave_one_entry) {
  const auto guid = must_register(registering("dev", visibility::public_));
  for (const auto next : {visibility::private_, visibility::user_only, visibility::project_only}) {
    EXPECT_EQ(must_register(registering("dev", next)), guid);
    ASSERT_EQ(records(guid).size(), 1U);
    EXPECT_EQ(records(guid).front().seen_by, next);
    EXPECT_TRUE(ask(registry_, saying_tasks(1)));
    EXPECT_EQ(records(guid).size(), 1U);
  }
}

} // namespace
} // namespace nats_mcp
