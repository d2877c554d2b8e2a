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
  EXPECT_EQ(first_answer_.predecessor->unread, 0U);
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

TEST_F(a_return_too_early, waits_until_the_mail_to_its_present_guid_was_read) {
  restart();
  advance(160s);
  nats_.unread_mail = 2; // whatever this process has counted
  const auto kept = ask(registry_, registering("dev"));
  ASSERT_TRUE(kept) << kept.error().message;
  EXPECT_EQ(kept->guid, first_answer_.guid);
  ASSERT_TRUE(kept->predecessor);
  EXPECT_EQ(kept->predecessor->unread, 2U);
  EXPECT_EQ(kept->predecessor->free_in, 0s);
  nats_.unread_mail = 0;
  EXPECT_EQ(must_register(registering("dev")), lost_);
}

TEST_F(a_return_too_early, stays_what_it_is_when_nobody_can_say_whether_it_has_mail) {
  restart();
  advance(160s);
  nats_.unread_mail = fail(ec::timeout, "NATS did not answer in time.");
  const auto refused = ask(registry_, registering("dev"));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ec::timeout);
  EXPECT_EQ(records(first_answer_.guid).size(), 1U);
  nats_.unread_mail = 0;
  EXPECT_EQ(must_register(registering("dev")), lost_) << "when NATS answers again";
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
            "NATS does not allow that. Note: an agent of this name gave a sign of life 20s ago, so "
            "its GUID was left to it. If that was you before a restart, call register_agent again "
            "in 160s: unless it shows up again, you get its GUID and its mail.");
  advance(160s);
  EXPECT_EQ(must_register(registering("dev")), lost_);
}

} // namespace
} // namespace nats_mcp
