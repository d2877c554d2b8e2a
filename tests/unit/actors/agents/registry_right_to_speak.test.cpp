// SPDX-License-Identifier: MIT
// Whether this process still is the agent it says it is: after a long silence it looks first, and
// what it lost it does not get back by writing.
#include "protocol/agents/buckets.hpp"
#include "protocol/limits.hpp"

#include "tests/support/registry_story.hpp"

namespace nats_mcp {
namespace {

using namespace std::chrono_literals;

using strings = std::vector<std::string>;

class the_right_to_speak : public testing::registry_story {
protected:
  result<agent_identity> confirm() { return ask(registry_, confirm_identity{soon()}); }

  /// Another process takes over after a long silence. @returns the GUID.
  std::string lose_to_another() {
    auto guid = must_register(registering("dev"));
    advance(3 * interval);
    const auto taken = ask(start_another(), registering("dev"));
    EXPECT_TRUE(taken);
    EXPECT_EQ(taken->guid, guid);
    return guid;
  }
};

TEST_F(the_right_to_speak, is_nobodys_without_registration) {
  const auto refused = confirm();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ec::not_found);
}

TEST_F(the_right_to_speak, is_certain_for_two_intervals_without_asking) {
  const auto guid = must_register(registering("dev"));
  const auto written = nats_.writes().size();
  advance(2 * interval - 1ms);
  const auto who = confirm();
  ASSERT_TRUE(who);
  EXPECT_EQ(who->guid, guid);
  EXPECT_EQ(who->handle, "dev");
  EXPECT_EQ(who->session_id, "session-1");
  EXPECT_EQ(nats_.writes().size(), written);
}

TEST_F(the_right_to_speak, is_proved_by_the_anchor_after_a_longer_silence) {
  const auto guid = must_register(registering("dev"));
  const auto written = nats_.writes().size();
  advance(2 * interval);
  ASSERT_TRUE(confirm());
  ASSERT_EQ(nats_.writes().size(), written + 1);
  EXPECT_EQ(nats_.writes().back(), "put agent_sessions " + guid);
  EXPECT_EQ(session_heard_->identities.back().sure_until, now() + 2 * interval);
  ASSERT_TRUE(confirm());
  EXPECT_EQ(nats_.writes().size(), written + 1) << "once proved it is certain again";
}

TEST_F(the_right_to_speak, is_proved_once_for_all_who_ask_at_the_same_time) {
  must_register(registering());
  advance(2 * interval);
  const auto written = nats_.writes().size();
  auto first = post(registry_, confirm_identity{soon()});
  auto second = post(registry_, confirm_identity{soon()});
  run();
  EXPECT_TRUE(first.value());
  EXPECT_TRUE(second.value());
  EXPECT_EQ(nats_.writes().size(), written + 1);
}

TEST_F(the_right_to_speak, is_proved_for_as_many_as_ask) {
  must_register(registering());
  advance(2 * interval);
  const auto written = nats_.writes().size();
  std::vector<decltype(post(registry_, confirm_identity{soon()}))> asked;
  for (std::size_t i = 0; i < limits::calls_in_flight_max; ++i) {
    asked.push_back(post(registry_, confirm_identity{soon()}));
  }
  run();
  for (auto& one : asked) {
    ASSERT_TRUE(one.value());
  }
  EXPECT_EQ(nats_.writes().size(), written + 1);
}

TEST_F(the_right_to_speak, keeps_a_successor_away_that_saw_the_silence_before) {
  const auto guid = must_register(registering("dev"));
  advance(3 * interval);
  ASSERT_TRUE(confirm());
  const auto other = ask(start_another(), registering("dev"));
  ASSERT_TRUE(other);
  EXPECT_NE(other->guid, guid);
}

TEST_F(the_right_to_speak, is_extended_by_every_heartbeat_that_found_the_entry) {
  const auto guid = must_register(registering());
  advance(interval);
  tell(registry_, beat_report{guid, beat_finding::confirmed, now()});
  EXPECT_EQ(session_heard_->identities.back().sure_until, now() + 2 * interval);
  const auto written = nats_.writes().size();
  advance(2 * interval - 1ms);
  EXPECT_TRUE(confirm());
  EXPECT_EQ(nats_.writes().size(), written);
}

TEST_F(the_right_to_speak, is_not_extended_by_an_old_heartbeat_or_another_agents) {
  const auto guid = must_register(registering());
  const auto sure_until = session_heard_->identities.back().sure_until;
  tell(registry_, beat_report{guid, beat_finding::confirmed, now() - interval});
  tell(registry_, beat_report{"another", beat_finding::confirmed, now() + interval});
  EXPECT_EQ(session_heard_->identities.back().sure_until, sure_until);
}

TEST_F(the_right_to_speak, once_lost_is_lost_in_words) {
  const auto guid = lose_to_another();
  const auto refused = confirm();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ec::conflict);
  EXPECT_EQ(refused.error().message,
            "Another process has taken over as the agent \"dev\" (" + guid
              + "), since this one gave no sign of life for too long. This session does not speak "
                "as that agent any more; register_agent makes it an agent of its own.");
  const auto told = session_heard_->identities.back();
  EXPECT_TRUE(told.now.guid.empty());
  EXPECT_EQ(told.lost_because, refused.error().message);
  EXPECT_EQ(inbox_heard_->back(), told);
  EXPECT_EQ(heartbeat_heard_->back(), told);
  EXPECT_EQ(holder(guid), "session-2");
}

TEST_F(the_right_to_speak, once_lost_stays_lost_for_every_tool_that_needs_it) {
  const auto guid = lose_to_another();
  const auto standing = records(guid);
  for (int times = 0; times < 2; ++times) {
    const auto change = ask(registry_, saying_tasks(7));
    ASSERT_FALSE(change);
    EXPECT_EQ(change.error().code, ec::conflict);
    const auto goodbye = ask(registry_, deregister{soon()});
    ASSERT_FALSE(goodbye);
    EXPECT_EQ(goodbye.error().code, ec::conflict);
    const auto send = ask(registry_, finding(guid));
    ASSERT_FALSE(send);
    EXPECT_EQ(send.error().code, ec::conflict);
  }
  EXPECT_EQ(records(guid), standing);
}

TEST_F(the_right_to_speak, once_lost_is_not_taken_back_by_a_goodbye) {
  const auto guid = lose_to_another();
  const auto standing = records(guid);
  ASSERT_TRUE(ask(registry_, say_goodbye{soon()}));
  EXPECT_EQ(records(guid), standing);
  EXPECT_EQ(holder(guid), "session-2");
}

TEST_F(the_right_to_speak, comes_anew_with_a_registration_after_a_loss) {
  const auto guid = lose_to_another();
  ASSERT_FALSE(confirm());
  const auto own = must_register(registering("dev"));
  EXPECT_NE(own, guid);
  EXPECT_TRUE(session_heard_->identities.back().lost_because.empty());
  EXPECT_TRUE(confirm());
}

TEST_F(the_right_to_speak, comes_anew_with_a_registration_that_finds_out_about_the_loss) {
  const auto guid = lose_to_another();
  const auto own = must_register(registering("dev"));
  EXPECT_NE(own, guid);
  EXPECT_EQ(holder(guid), "session-2");
  EXPECT_EQ(holder(own), "session-1");
  const auto& told = session_heard_->identities;
  ASSERT_GE(told.size(), 2U);
  EXPECT_FALSE(told[told.size() - 2].lost_because.empty()) << "the user is told of the loss";
}

TEST_F(the_right_to_speak, brings_an_entry_back_that_vanished) {
  const auto guid = must_register(registering());
  const auto key = "project.0123456789abcdef." + guid;
  nats_.store().expire(agents::agents_bucket, key);
  tell(registry_, beat_report{guid, beat_finding::entry_not_ours, now()});
  EXPECT_EQ(records(guid).size(), 1U);
}

TEST_F(the_right_to_speak, brings_buckets_back_that_vanished) {
  const auto guid = must_register(registering());
  for (const auto bucket :
       {agents::agents_bucket, agents::presence_bucket, agents::sessions_bucket}) {
    nats_.store().drop_bucket(bucket);
  }
  tell(registry_, beat_report{guid, beat_finding::entry_not_ours, now()});
  EXPECT_EQ(records(guid).size(), 1U);
  EXPECT_EQ(holder(guid), "session-1");
  EXPECT_TRUE(nats_.store().has_bucket(agents::presence_bucket));
}

TEST_F(the_right_to_speak, ends_when_the_entry_is_somebody_elses) {
  const auto guid = lose_to_another();
  tell(registry_, beat_report{guid, beat_finding::entry_not_ours, now()});
  EXPECT_FALSE(session_heard_->identities.back().lost_because.empty());
  EXPECT_EQ(holder(guid), "session-2");
}

TEST_F(the_right_to_speak, is_not_proved_while_NATS_does_not_answer) {
  const auto guid = must_register(registering());
  advance(2 * interval);
  fail_writes(error{ec::nats_unreachable, "NATS is away.", 0});
  const auto refused = confirm();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ec::nats_unreachable);
  fail_writes({});
  EXPECT_EQ(confirm()->guid, guid) << "and was not lost by that";
}

TEST_F(the_right_to_speak, is_not_handed_on_at_once_while_something_is_being_sent) {
  const auto guid = must_register(registering("dev"));
  const auto sends = ask(registry_, finding(guid));
  ASSERT_TRUE(sends) << sends.error().message;
  ASSERT_TRUE(ask(registry_, deregister{soon()}));
  EXPECT_EQ(records(guid).front().status, tools::agent_status::offline);
  EXPECT_FALSE(records(guid).front().ended) << "what is repeated would be said in another's name";
  const auto other = ask(start_another(), registering("dev"));
  ASSERT_TRUE(other);
  EXPECT_NE(other->guid, guid);
}

TEST_F(the_right_to_speak, is_handed_on_at_once_when_everything_was_sent) {
  const auto guid = must_register(registering("dev"));
  const auto sends = ask(registry_, finding(guid));
  ASSERT_TRUE(sends) << sends.error().message;
  tell(registry_, send_over{sends->send});
  ASSERT_TRUE(ask(registry_, deregister{soon()}));
  const auto other = ask(start_another(), registering("dev"));
  ASSERT_TRUE(other);
  EXPECT_EQ(other->guid, guid);
}

TEST_F(the_right_to_speak, is_handed_on_at_once_when_no_send_can_be_under_way_any_more) {
  const auto guid = must_register(registering("dev"));
  ASSERT_TRUE(ask(registry_, finding(guid)));
  advance(soon() - now());
  ASSERT_TRUE(ask(registry_, deregister{soon()}));
  EXPECT_TRUE(records(guid).front().ended);
}

TEST_F(the_right_to_speak, is_not_handed_on_at_once_after_a_crash_that_may_have_left_sends_behind) {
  const auto guid = must_register(registering("dev"));
  ASSERT_TRUE(ask(registry_, finding(guid)));
  restart_registry();
  ASSERT_TRUE(ask(registry_, deregister{soon()}));
  EXPECT_FALSE(records(guid).front().ended);
}

} // namespace
} // namespace nats_mcp
