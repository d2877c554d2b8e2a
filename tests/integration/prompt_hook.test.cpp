// SPDX-License-Identifier: MIT
// What Claude Code's hook UserPromptSubmit is answered by the shipped binary: at once, in JSON, and
// never with a failure. The hook is that of deploy/claude-plugin.
#include "tests/integration/agent.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/loopback_listener.hpp"
#include "tests/support/nats_server.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace nats_mcp::testing {
namespace {

using namespace std::chrono_literals;

class prompt_hook : public ::testing::Test {
protected:
  [[nodiscard]] agent::options run_by(const std::string& user) const {
    return {nats_.url(), "demo", {{"USER", user}}};
  }

  /// As a hook does it.
  static tool_outcome ask(agent& who) { return who.call("wait_for_messages", {{"hook", true}}); }

  nats_server nats_;
};

TEST_F(prompt_hook, is_told_of_mail_and_of_channels_for_user_and_model) {
  agent writer{run_by("ann")};
  agent reader{run_by("bob")};
  writer.register_as({{"agentType", "planner"}});
  reader.register_as({{"agentType", "reviewer"}});
  EXPECT_EQ(ask(reader).text, "{}") << "what was there before is no news";

  ASSERT_FALSE(
    writer.call("send_message", {{"channel", "planning"}, {"message", "hello"}}).is_error);
  ASSERT_FALSE(
    writer.call("send_direct_message", {{"recipientHandle", "reviewer"}, {"message", "you, too"}})
      .is_error);
  const std::string news =
    "New messages:\n- #planning: 1 unread\n- Direct messages: 1 unread\nRead them with "
    "read_messages and unread=true, direct messages with read_direct_messages.";
  const json::value wanted = {
    {"systemMessage", news},
    {"hookSpecificOutput", {{"hookEventName", "UserPromptSubmit"}, {"additionalContext", news}}}};
  tool_outcome told;
  EXPECT_TRUE(eventually(20s, [&] {
    told = ask(reader);
    return observation{told.text == json::write(wanted), told.text};
  }));
  EXPECT_FALSE(told.is_error);
  EXPECT_EQ(told.notices, "") << "another text would be no JSON";

  reader.call("read_messages", {{"channel", "planning"}, {"unread", true}});
  reader.call("read_direct_messages", json::value::object());
  // It counts as read when its answer is with the client.
  EXPECT_TRUE(eventually(20s, [&] {
    const auto last = ask(reader).text;
    return observation{last == "{}", last};
  }));
}

TEST_F(prompt_hook, of_an_agent_that_did_not_register_connects_to_nothing) {
  loopback_listener server{""};
  agent reader{{"nats://127.0.0.1:" + std::to_string(server.port()), "demo", {}}};
  const auto told = ask(reader);
  EXPECT_EQ(told.text, "{}");
  EXPECT_FALSE(told.is_error);
  reader.process().close_input();
  ASSERT_TRUE(reader.process().wait_exit());
  EXPECT_EQ(server.connections(), 0);
}

TEST_F(prompt_hook, is_answered_soon_while_nats_is_away) {
  agent reader{run_by("bob")};
  reader.register_as({{"agentType", "reviewer"}});
  nats_.kill();
  const auto asked = std::chrono::steady_clock::now();
  const auto told = ask(reader);
  EXPECT_EQ(told.text, "{}");
  EXPECT_FALSE(told.is_error);
  // A call waits for 5 seconds; on a busy machine the hook's half second takes longer as well.
  EXPECT_LT(std::chrono::steady_clock::now() - asked, 4s);
}

} // namespace
} // namespace nats_mcp::testing
