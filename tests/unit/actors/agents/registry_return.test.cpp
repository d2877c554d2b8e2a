// SPDX-License-Identifier: MIT
// A registry that was started before its predecessor, which was killed, counted as silent.
#include "protocol/agents/buckets.hpp"

#include "tests/support/registry_story.hpp"

#include <variant>

namespace nats_mcp {
namespace {

using namespace std::chrono_literals;

class a_return_too_early : public testing::registry_story {
protected:
  /// Another process of this name registers and is killed; this one registers a moment later.
  void restart() {
    const auto other = start_another();
    const auto theirs = ask(other, registering("dev"));
    ASSERT_TRUE(theirs);
    lost_ = theirs->guid;
    advance(20s);
    const auto ours = ask(registry_, registering("dev"));
    ASSERT_TRUE(ours) << ours.error().message;
    first_answer_ = *ours;
    EXPECT_NE(ours->guid, lost_);
  }

  std::string lost_;
  tools::register_agent_result first_answer_;
};

TEST_F(a_return_too_early, is_told_when_to_try_again) {
  restart();
  EXPECT_FALSE(first_answer_.returned);
  ASSERT_TRUE(first_answer_.predecessor);
  EXPECT_EQ(first_answer_.predecessor->seen_ago, 20s);
  EXPECT_EQ(first_answer_.predecessor->free_in, 160s);
}

TEST_F(a_return_too_early, becomes_the_agent_it_was_with_the_next_registration) {
  restart();
  advance(160s);
  const auto after = ask(registry_, registering("dev"));
  ASSERT_TRUE(after) << after.error().message;
  EXPECT_EQ(after->guid, lost_);
  EXPECT_TRUE(after->returned);
  EXPECT_FALSE(after->predecessor);
  EXPECT_EQ(holder(lost_), "session-1");
  EXPECT_EQ(session_heard_->identities.back().now.guid, lost_);
  EXPECT_EQ(inbox_heard_->back().now.guid, lost_);
  EXPECT_EQ(heartbeat_heard_->back().now.guid, lost_);
}

TEST_F(a_return_too_early, leaves_nothing_of_the_agent_it_was_meanwhile) {
  restart();
  advance(160s);
  must_register(registering("dev"));
  EXPECT_TRUE(records(first_answer_.guid).empty()) << "nobody is to write to it any more";
}

TEST_F(a_return_too_early, survives_a_restart_of_the_registry) {
  restart();
  restart_registry();
  advance(160s);
  EXPECT_EQ(must_register(registering("dev")), lost_);
}

TEST_F(a_return_too_early, gets_the_mail_to_its_present_guid_as_well) {
  restart();
  advance(160s);
  nats_.unread_mail = 2;
  ASSERT_EQ(must_register(registering("dev")), lost_);
  EXPECT_EQ(inbox_heard_->back().now.former_guids, std::vector{first_answer_.guid});
}

TEST_F(a_return_too_early, is_not_spoken_of_when_the_other_was_there_beside_it) {
  advance(60s);
  const auto other = start_another();
  ASSERT_TRUE(ask(other, registering("dev")));
  advance(20s);
  const auto ours = ask(registry_, registering("dev"));
  ASSERT_TRUE(ours);
  EXPECT_FALSE(ours->predecessor) << "this process began 60 s before the other's sign of life";
}

TEST_F(a_return_too_early, that_nats_refuses_says_why_and_when_to_try_again) {
  nats_.on_command = [this](const agents::key_command& what) -> std::optional<error> {
    const auto* put = std::get_if<jetstream::kv_put>(&what);
    if (put != nullptr && put->bucket == agents::sessions_bucket && !lost_.empty()
        && put->key.find("key.") != 0 && put->key != lost_) {
      return error{ec::permission_denied, "NATS does not allow that.", 0};
    }
    return std::nullopt;
  };
  const auto other = start_another();
  lost_ = ask(other, registering("dev"))->guid;
  advance(20s);
  const auto refused = ask(registry_, registering("dev"));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message,
            "NATS does not allow that. Note: the GUID of this name is another session's, seen 20s "
            "ago. If that was you before a restart, register_agent in 160s returns to it.");
  advance(160s);
  EXPECT_EQ(must_register(registering("dev")), lost_);
}

} // namespace
} // namespace nats_mcp
