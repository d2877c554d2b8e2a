// SPDX-License-Identifier: MIT
// Claude Code's channels, with the shipped binary and a real nats-server: what others write wakes
// an agent, what it writes itself does not, and nobody's words come this way.
#include "tests/integration/agent.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/nats_server.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <set>

namespace nats_mcp::testing {
namespace {

using namespace std::chrono_literals;

class woken_agent : public ::testing::Test {
protected:
  void SetUp() override {
    std::set<std::string> awaited{"nats-mcp://channels/planning", "nats-mcp://channels/review"};
    for (const auto& uri : awaited) {
      (void)woken_.process().request("resources/subscribe", {{"uri", uri}});
    }
    // This connects. A channel that begins to be listened to has an update of its own.
    ASSERT_FALSE(woken_.register_as({{"agentType", "developer"}, {"handle", "woken"}}).empty());
    ASSERT_FALSE(sender_.register_as({{"agentType", "developer"}, {"handle", "sender"}}).empty());
    while (!awaited.empty()) {
      const auto line = woken_.process().read_line();
      ASSERT_TRUE(line) << "no update of " << *awaited.begin();
      if (const auto* params = json::find(*line, "params")) {
        awaited.erase(std::string{json::text_member(*params, "uri")});
      }
    }
  }

  agent::options with_push(std::string push) const {
    return {nats_.url(), "demo", {{"NATS_MCP_PUSH", std::move(push)}}};
  }

  /// The parameters of the next hint.
  json::value next_hint() {
    while (auto line = woken_.process().read_line()) {
      if (json::text_member(*line, "method") == "notifications/claude/channel") {
        return *json::find(*line, "params");
      }
    }
    return "no hint came";
  }

  nats_server nats_;
  agent woken_{with_push("claude-channel")};
  agent sender_{with_push("none")};
};

TEST_F(woken_agent, speaks_the_legacy_era_only) {
  const auto refused = woken_.process().request(
    "server/discover", {{"_meta",
                         {{"io.modelcontextprotocol/protocolVersion", "2026-07-28"},
                          {"io.modelcontextprotocol/clientCapabilities", json::value::object()}}}});
  EXPECT_NE(json::write(refused).find("-32601"), std::string::npos);
}

TEST_F(woken_agent, hears_of_what_others_write_and_not_of_its_own) {
  ASSERT_FALSE(woken_.call("send_message", {{"channel", "review"}, {"message", "mine"}}).is_error);
  ASSERT_FALSE(
    sender_.call("send_message", {{"channel", "planning"}, {"message", "do this"}}).is_error);
  EXPECT_EQ(
    next_hint(),
    (json::value{
      {"content", "New messages in #planning. Read them with read_messages and unread=true."},
      {"meta", {{"kind", "channel"}, {"channel", "planning"}}}}));
}

TEST_F(woken_agent, hears_of_mail_and_finds_it_unread) {
  ASSERT_FALSE(
    sender_.call("send_direct_message", {{"recipientHandle", "woken"}, {"message", "do this"}})
      .is_error);
  EXPECT_EQ(next_hint(), (json::value{{"content", "1 unread direct message. Read it with "
                                                  "read_direct_messages."},
                                      {"meta", {{"kind", "inbox"}, {"unread", "1"}}}}));
  const auto shown = woken_.process().request("resources/read", {{"uri", "nats-mcp://inbox"}});
  EXPECT_NE(json::write(shown).find("do this"), std::string::npos) << json::write(shown);
  const auto read = woken_.call("read_direct_messages", json::value::object());
  EXPECT_NE(read.text.find("do this"), std::string::npos) << read.text;
}

TEST(a_woken_agent_with_a_type, can_be_written_to_and_is_woken_before_its_first_call) {
  const nats_server nats;
  agent sender{{nats.url(), "demo", {}}};
  ASSERT_FALSE(sender.register_as({{"agentType", "developer"}, {"handle", "sender"}}).empty());
  agent woken{{nats.url(),
               "demo",
               {{"NATS_MCP_PUSH", "claude-channel"},
                {"NATS_MCP_AGENT_TYPE", "developer"},
                {"NATS_MCP_HANDLE", "woken"}}}};
  ASSERT_TRUE(eventually(15s, [&] {
    const auto sent =
      sender.call("send_direct_message", {{"recipientHandle", "woken"}, {"message", "wake up"}});
    return observation{!sent.is_error, sent.text};
  }));
  while (const auto line = woken.process().read_line()) {
    if (json::text_member(*line, "method") == "notifications/claude/channel") {
      const auto* hint = json::find(*line, "params");
      EXPECT_NE(json::write(*hint).find("1 unread direct message"), std::string::npos);
      return;
    }
  }
  FAIL() << "no hint came";
}

TEST(an_agent_with_a_type, that_is_not_to_be_woken_connects_with_its_first_call) {
  const nats_server nats;
  agent quiet{{nats.url(), "demo", {{"NATS_MCP_AGENT_TYPE", "developer"}}}};
  agent viewer{{nats.url(), "demo", {}}};
  ASSERT_FALSE(quiet.call("get_my_handle", json::value::object()).is_error);
  const auto found = viewer.call("discover_agents", json::value::object()).text;
  EXPECT_EQ(found.find("developer"), std::string::npos) << found;
}

} // namespace
} // namespace nats_mcp::testing
