// SPDX-License-Identifier: MIT
// The walls that docs/howto/nats-permissions.md promises: with the permissions of
// deploy/nats/agent-permissions.conf an agent works as ever, and cannot be, hear or see what it is
// not.
#include "tests/integration/walled_agents.hpp"

namespace nats_mcp::testing {
namespace {

using nats_permissions = walled_agents;

TEST_F(nats_permissions, leave_an_agent_all_it_needs) {
  agent ann{as("ann")};
  agent bob{as("bob")};
  EXPECT_EQ(ann.register_as(self("ann")), ann_);
  EXPECT_EQ(bob.register_as(self("bob")), bob_);
  EXPECT_NE(ann.call("discover_agents", json::value::object()).text.find(bob_), std::string::npos);
  EXPECT_FALSE(ann.call("send_message", {{"channel", "planning"}, {"message", "hello"}}).is_error);
  const auto sent =
    ann.call("send_direct_message", {{"recipientHandle", "bob"}, {"message", "hello bob"}});
  EXPECT_FALSE(sent.is_error) << sent.text;
  const auto read = bob.call("read_direct_messages", json::value::object());
  EXPECT_NE(read.text.find("**From:** ann (" + ann_ + ")"), std::string::npos) << read.text;
}

TEST_F(nats_permissions, let_nobody_write_in_anothers_name) {
  auto bob = bobs_connection();
  EXPECT_EQ(bob.refusal_of(publish("inbox." + ann_ + "." + bob_)), "");
  for (const auto& subject :
       {"inbox." + bob_ + "." + ann_, "$KV.agents.project." + project_ + "." + ann_,
        "$KV.presence.project." + project_ + "." + ann_, "$KV.agent_sessions." + ann_}) {
    EXPECT_NE(bob.refusal_of(publish(subject)).find("Permissions Violation"), std::string::npos)
      << subject;
  }
}

TEST_F(nats_permissions, let_nobody_read_anothers_mail) {
  auto bob = bobs_connection();
  EXPECT_NE(bob.refusal_of("SUB inbox." + ann_ + ".* 9\r\n").find("Permissions Violation"),
            std::string::npos);
  for (const auto& subject : {"$JS.API.CONSUMER.CREATE.AGENT_INBOX.mine.inbox." + ann_ + ".*",
                              "$JS.API.CONSUMER.MSG.NEXT.AGENT_INBOX.inbox-" + ann_,
                              std::string{"$JS.API.STREAM.MSG.GET.AGENT_INBOX"},
                              "$JS.API.DIRECT.GET.AGENT_INBOX.inbox." + ann_ + "." + bob_,
                              std::string{"$JS.API.STREAM.PURGE.AGENT_INBOX"}}) {
    EXPECT_NE(bob.refusal_of(publish(subject)).find("Permissions Violation"), std::string::npos)
      << subject;
  }
}

TEST_F(nats_permissions, let_nobody_hear_the_answers_to_another) {
  auto bob = bobs_connection();
  EXPECT_EQ(bob.refusal_of("SUB _INBOX_bob.> 9\r\n"), "");
  for (const auto* subject : {"_INBOX_ann.>", "_INBOX.>", "_INBOX_ann.any.*", ">"}) {
    const auto line = "SUB " + std::string{subject} + " 9\r\n";
    EXPECT_NE(bob.refusal_of(line).find("Permissions Violation"), std::string::npos) << subject;
  }
  EXPECT_NE(bob.refusal_of(publish("_INBOX_ann.any")).find("Permissions Violation"),
            std::string::npos)
    << "nor answer in somebody's place";
}

TEST_F(nats_permissions, say_in_words_that_the_prefix_of_answers_is_another_ones) {
  auto without = as("ann");
  without.environment.erase("NATS_INBOX_PREFIX");
  agent ann{without};
  const auto said = ann.call("read_messages", {{"channel", "planning"}});
  EXPECT_TRUE(said.is_error);
  EXPECT_NE(said.text.find("Ask whoever runs the server for the permission to subscribe to "
                           "\"_INBOX."),
            std::string::npos)
    << said.text;
}

TEST_F(nats_permissions, let_nobody_empty_what_others_wrote_with_a_message_of_his_own) {
  auto bob = bobs_connection();
  agent ann{as("ann")};
  ASSERT_EQ(ann.register_as(self("ann")), ann_);
  for (const auto& subject :
       {"$KV.agents.private." + bob_, "$KV.presence.private." + bob_, "$KV.agent_sessions." + bob_,
        std::string{"$KV.work_items.i1"}, std::string{"demo.planning"},
        "inbox." + ann_ + "." + bob_, "work." + project_ + ".c=2B=2B.5",
        "dead." + project_ + ".c=2B=2B.i1"}) {
    EXPECT_EQ(bob.refusal_of(raw_nats::publishing_with("Nats-Rollup: all", subject, "{}")), "");
  }
  agent look{as("ann")};
  const auto found = look.call("discover_agents", {{"includeOffline", true}});
  EXPECT_NE(found.text.find(ann_), std::string::npos) << found.text;
  EXPECT_NE(found.text.find(bob_), std::string::npos) << found.text;
  EXPECT_NE(look.call("read_messages", {{"channel", "planning"}}).text.find("made"),
            std::string::npos);
}

TEST_F(nats_permissions, are_a_wall_around_what_may_not_be_seen) {
  auto bob = bobs_connection();
  const std::string other = "0123456789abcdef";
  for (const auto& key : {"project." + other + ".>", "user." + other + ".>",
                          std::string{"private.>"}, std::string{">"}}) {
    EXPECT_NE(bob.refusal_of(publish("$JS.API.CONSUMER.CREATE.KV_agents.mine.$KV.agents." + key))
                .find("Permissions Violation"),
              std::string::npos)
      << key;
  }
  EXPECT_NE(bob.refusal_of(publish("$JS.API.DIRECT.GET.KV_agents.$KV.agents.private." + ann_))
              .find("Permissions Violation"),
            std::string::npos);
}

} // namespace
} // namespace nats_mcp::testing
