// SPDX-License-Identifier: MIT
// The registry's own agent: from its registration to its end.
#include "protocol/agents/buckets.hpp"

#include "tests/support/registry_story.hpp"

namespace nats_mcp {
namespace {

using namespace std::chrono_literals;

using agents::visibility;
using strings = std::vector<std::string>;

class registry : public testing::registry_story {};

TEST_F(registry, makes_the_buckets_and_becomes_an_agent) {
  const auto outcome = ask(registry_, registering("dev"));
  ASSERT_TRUE(outcome) << outcome.error().message;
  EXPECT_EQ(outcome->handle, "dev");
  EXPECT_EQ(outcome->heartbeat_interval, interval);
  EXPECT_FALSE(outcome->returned);
  const auto stored = records(outcome->guid);
  ASSERT_EQ(stored.size(), 1U);
  EXPECT_EQ(stored.front().session_id, "session-1");
  EXPECT_EQ(stored.front().agent_type, "developer");
  EXPECT_EQ(stored.front().hostname, "build-1");
  EXPECT_EQ(stored.front().username, "ann");
  EXPECT_EQ(stored.front().project_id, "0123456789abcdef");
  EXPECT_EQ(stored.front().capabilities, strings{"review"});
  EXPECT_EQ(stored.front().seen_by, visibility::project_only);
  EXPECT_EQ(stored.front().status, tools::agent_status::online);
  EXPECT_EQ(stored.front().heartbeat_interval, interval);
  EXPECT_EQ(stored.front().registered_at, nats_.store().now());
  EXPECT_EQ(holder(outcome->guid), "session-1");
}

TEST_F(registry, writes_nothing_before_it_is_asked_to) {
  EXPECT_TRUE(nats_.writes().empty());
  EXPECT_TRUE(nats_.script()->api_requests.empty());
  EXPECT_TRUE(nats_.watched().empty());
}

TEST_F(registry, tells_session_heartbeat_and_inbox_who_it_is) {
  const auto guid = must_register(registering("dev"));
  const agent_identity who{
    guid,     "dev",      "session-1",       "project.0123456789abcdef." + guid,
    interval, {"review"}, "0123456789abcdef"};
  const identity_changed news{who, {}, now() + 120s};
  EXPECT_EQ(session_heard_->identities, std::vector{news});
  EXPECT_EQ(*heartbeat_heard_, std::vector{news});
  EXPECT_EQ(*inbox_heard_, std::vector{news});
}

TEST_F(registry, tells_again_who_asks) {
  const auto guid = must_register(registering());
  tell(registry_, identity_wanted{});
  ASSERT_EQ(session_heard_->identities.size(), 2U);
  EXPECT_EQ(session_heard_->identities.front(), session_heard_->identities.back());
}

TEST_F(registry, registers_again_as_the_same_agent_with_what_is_new) {
  const auto guid = must_register(registering("dev"));
  EXPECT_EQ(must_register(registering("dev", visibility::public_)), guid);
  const auto stored = records(guid);
  ASSERT_EQ(stored.size(), 1U);
  EXPECT_EQ(stored.front().seen_by, visibility::public_);
  EXPECT_EQ(session_heard_->identities.back().now.presence_key, "public.all." + guid);
}

TEST_F(registry, is_another_agent_beside_a_live_one_of_the_same_name) {
  const auto other = start_another();
  const auto theirs = ask(other, registering("dev"));
  ASSERT_TRUE(theirs);
  const auto ours = must_register(registering("dev"));
  EXPECT_NE(ours, theirs->guid);
  EXPECT_EQ(holder(theirs->guid), "session-2");
  EXPECT_EQ(holder(ours), "session-1");
}

TEST_F(registry, returns_as_the_agent_of_a_predecessor_that_ended) {
  const auto other = start_another();
  const auto theirs = ask(other, registering("dev"));
  ASSERT_TRUE(theirs);
  ASSERT_TRUE(ask(other, say_goodbye{soon()}));
  const auto outcome = ask(registry_, registering("dev"));
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->guid, theirs->guid);
  EXPECT_TRUE(outcome->returned);
}

TEST_F(registry, cannot_be_for_one_user_only_when_no_user_is_known) {
  auto how = options();
  how.process.username.clear();
  const auto nameless = start_registry(how);
  const auto refused = ask(nameless, registering("dev", visibility::user_only));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ec::invalid_argument);
  EXPECT_NE(refused.error().message.find("visibility cannot be user-only"), std::string::npos);
}

TEST_F(registry, deregisters_and_keeps_the_record_for_the_mail) {
  const auto guid = must_register(registering("dev"));
  const auto outcome = ask(registry_, deregister{soon()});
  ASSERT_TRUE(outcome) << outcome.error().message;
  EXPECT_EQ(outcome->guid, guid);
  EXPECT_EQ(outcome->handle, "dev");
  const auto stored = records(guid);
  ASSERT_EQ(stored.size(), 1U);
  EXPECT_EQ(stored.front().status, tools::agent_status::offline);
  EXPECT_TRUE(stored.front().ended);
  EXPECT_EQ(session_heard_->identities.back(), identity_changed{});
  EXPECT_EQ(heartbeat_heard_->back(), identity_changed{});
}

TEST_F(registry, refuses_to_deregister_twice) {
  must_register(registering());
  auto first = post(registry_, deregister{soon()});
  auto second = post(registry_, deregister{soon()});
  run();
  EXPECT_TRUE(first.value());
  ASSERT_FALSE(second.value());
  EXPECT_EQ(second.value().error().code, ec::not_found);
  const auto third = ask(registry_, deregister{soon()});
  ASSERT_FALSE(third);
  EXPECT_EQ(third.error().message, tools::not_registered().message);
}

TEST_F(registry, comes_back_after_a_deregistration_as_the_same_agent) {
  const auto guid = must_register(registering("dev"));
  ASSERT_TRUE(ask(registry_, deregister{soon()}));
  EXPECT_EQ(must_register(registering("dev")), guid);
  EXPECT_FALSE(records(guid).front().ended);
}

TEST_F(registry, goes_on_as_the_same_agent_after_a_crash) {
  const auto guid = must_register(registering("dev"));
  const auto heard = session_heard_->identities.back();
  restart_registry();
  EXPECT_EQ(session_heard_->identities.back(), heard) << "whoever may not know it is told";
  const auto outcome = ask(registry_, saying_tasks(4));
  ASSERT_TRUE(outcome) << outcome.error().message;
  EXPECT_EQ(records(guid).front().current_task_count, 4);
}

TEST_F(registry, does_not_come_back_from_a_crash_as_who_it_is_no_longer) {
  const auto guid = must_register(registering());
  ASSERT_TRUE(ask(registry_, deregister{soon()}));
  const auto told = session_heard_->identities.size();
  restart_registry();
  EXPECT_EQ(session_heard_->identities.size(), told);
  EXPECT_FALSE(ask(registry_, saying_tasks(1)));
  EXPECT_TRUE(records(guid).front().ended);
}

TEST_F(registry, writes_daily_what_would_expire) {
  const auto guid = must_register(registering("dev"));
  const auto written = nats_.writes().size();
  advance(24h - 1ms);
  EXPECT_EQ(nats_.writes().size(), written);
  advance(1ms);
  const strings rewritten{nats_.writes().begin() + static_cast<std::ptrdiff_t>(written),
                          nats_.writes().end()};
  ASSERT_EQ(rewritten.size(), 3U);
  EXPECT_EQ(rewritten[0], "put agent_sessions " + guid);
  EXPECT_EQ(rewritten[1], "put agents project.0123456789abcdef." + guid);
  EXPECT_TRUE(rewritten[2].starts_with("put agent_sessions key."));
  advance(24h);
  EXPECT_EQ(nats_.writes().size(), written + 6);
}

TEST_F(registry, does_not_rewrite_what_it_left) {
  must_register(registering());
  ASSERT_TRUE(ask(registry_, deregister{soon()}));
  must_register(registering());
  ASSERT_TRUE(ask(registry_, deregister{soon()}));
  const auto written = nats_.writes().size();
  advance(72h);
  EXPECT_EQ(nats_.writes().size(), written);
}

TEST_F(registry, says_offline_when_the_process_ends) {
  const auto guid = must_register(registering());
  ASSERT_TRUE(ask(registry_, say_goodbye{soon()}));
  EXPECT_EQ(records(guid).front().status, tools::agent_status::offline);
  EXPECT_TRUE(records(guid).front().ended);
  EXPECT_TRUE(ask(registry_, say_goodbye{soon()})) << "once is enough";
}

TEST_F(registry, says_offline_after_a_change_that_is_under_way) {
  const auto guid = must_register(registering());
  auto change = post(registry_, saying_tasks(9));
  auto waiting = post(registry_, saying_tasks(10));
  auto goodbye = post(registry_, say_goodbye{soon()});
  run();
  EXPECT_TRUE(goodbye.value());
  EXPECT_TRUE(change.value());
  ASSERT_FALSE(waiting.value());
  EXPECT_EQ(waiting.value().error().code, ec::cancelled);
  EXPECT_EQ(records(guid).front().current_task_count, 9);
  EXPECT_TRUE(records(guid).front().ended);
}

TEST_F(registry, says_offline_after_a_registration_that_is_under_way) {
  auto registering_now = post(registry_, registering());
  auto goodbye = post(registry_, say_goodbye{soon()});
  run();
  EXPECT_TRUE(goodbye.value());
  ASSERT_TRUE(registering_now.value());
  EXPECT_TRUE(records(registering_now.value()->guid).front().ended);
}

TEST_F(registry, becomes_no_agent_any_more_once_the_process_ends) {
  ASSERT_TRUE(ask(registry_, say_goodbye{soon()}));
  const auto refused = ask(registry_, registering());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message, "This server is ending. Nothing was changed.");
}

} // namespace
} // namespace nats_mcp
