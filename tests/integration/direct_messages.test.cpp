// SPDX-License-Identifier: MIT
// Direct messages between two processes of the shipped binary, over a real nats-server: what is
// accepted is read once, whatever is killed in between.
#include "tests/integration/agent.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/nats_server.hpp"

#include <gtest/gtest.h>

#include <csignal>
#include <memory>
#include <numeric>
#include <regex>
#include <set>

namespace nats_mcp::testing {
namespace {

using namespace std::chrono_literals;

class direct_messages : public ::testing::Test {
protected:
  /// Signs of life come every second, so that silence is noticed soon.
  [[nodiscard]] agent::options run_by(const std::string& user) const {
    return {nats_.url(), "demo", {{"USER", user}, {"NATS_MCP_HEARTBEAT_INTERVAL", "1000"}}};
  }

  static json::value as(std::string_view handle) {
    return {{"agentType", handle}, {"visibility", "public"}};
  }

  static json::value to(const std::string& guid, std::string_view text) {
    return {{"recipientGuid", guid}, {"message", text}};
  }

  static json::value nothing() { return json::value::object(); }

  /// The numbers in texts `n<number>.` of an inbox, in the order in which they stand there.
  static std::vector<int> numbers_in(const std::string& text) {
    std::vector<int> out;
    const std::regex number{"\nn([0-9]+)\\."};
    for (std::sregex_iterator at{text.begin(), text.end(), number}, end; at != end; ++at) {
      out.push_back(std::stoi((*at)[1]));
    }
    return out;
  }

  nats_server nats_;
};

TEST_F(direct_messages, are_sent_and_read_as_documented) {
  agent manager{run_by("ann")};
  agent reviewer{run_by("bob")};
  const auto from = manager.register_as(as("project-manager"));
  const auto recipient = reviewer.register_as(as("code-reviewer"));
  const auto sent = manager.call("send_direct_message", to(recipient, "Please review PR #42"));
  EXPECT_TRUE(
    std::regex_match(sent.text, std::regex{"Message sent successfully!\n- Message ID: [0-9a-f-]{36}"
                                           "\n- To: code-reviewer\n- Status: delivered"}))
    << sent.text;
  const auto read = reviewer.call("read_direct_messages", {{"limit", 5}});
  EXPECT_EQ(read.text.rfind("## Direct Messages (1 message)\n\n---\n**From:** project-manager ("
                              + from + ")\n**Type:** text\n**Time:** 20",
                            0),
            0U)
    << read.text;
  EXPECT_NE(read.text.find("\n\nPlease review PR #42"), std::string::npos) << read.text;
  EXPECT_EQ(reviewer.call("read_direct_messages", nothing()).text.find("PR #42"), std::string::npos)
    << "it was read";
}

TEST_F(direct_messages, need_a_sender_who_is_registered) {
  agent nobody{run_by("ann")};
  agent reviewer{run_by("bob")};
  const auto recipient = reviewer.register_as(as("reviewer"));
  for (const auto& [tool, arguments] : std::vector<std::pair<std::string, json::value>>{
         {"send_direct_message", to(recipient, "x")}, {"read_direct_messages", nothing()}}) {
    const auto refused = nobody.call(tool, arguments);
    EXPECT_TRUE(refused.is_error);
    EXPECT_NE(refused.text.find("register_agent"), std::string::npos) << refused.text;
  }
}

TEST_F(direct_messages, wait_for_a_recipient_that_is_not_there) {
  agent manager{run_by("ann")};
  manager.register_as(as("manager"));
  std::string recipient;
  {
    agent reviewer{run_by("bob")};
    recipient = reviewer.register_as(as("reviewer"));
    reviewer.process().close_input();
    ASSERT_TRUE(reviewer.process().wait_exit());
  }
  const auto sent = manager.call("send_direct_message", to(recipient, "for later"));
  EXPECT_FALSE(sent.is_error);
  EXPECT_NE(sent.text.find("- Status: delivered (reviewer is offline"), std::string::npos)
    << sent.text;
  agent returned{run_by("bob")};
  ASSERT_EQ(returned.register_as(as("reviewer")), recipient);
  EXPECT_NE(returned.call("read_direct_messages", nothing()).text.find("for later"),
            std::string::npos);
}

TEST_F(direct_messages, speak_of_hidden_agents_as_of_none) {
  agent manager{run_by("ann")};
  agent hidden{run_by("bob")};
  manager.register_as(as("manager"));
  const auto guid = hidden.register_as({{"agentType", "hidden"}, {"visibility", "private"}});
  const std::string unknown = "123e4567-e89b-12d3-a456-426614174000";
  const auto to_hidden = manager.call("send_direct_message", to(guid, "x"));
  const auto to_nobody = manager.call("send_direct_message", to(unknown, "x"));
  EXPECT_TRUE(to_hidden.is_error);
  EXPECT_TRUE(to_nobody.is_error);
  EXPECT_EQ(std::regex_replace(to_hidden.text, std::regex{guid}, "G"),
            std::regex_replace(to_nobody.text, std::regex{unknown}, "G"));
}

TEST_F(direct_messages, name_the_candidates_of_a_handle_that_is_not_unique) {
  agent manager{run_by("ann")};
  agent one{run_by("bob")};
  agent two{run_by("bob")};
  manager.register_as(as("manager"));
  const auto first = one.register_as(as("reviewer"));
  const auto second = two.register_as(as("reviewer"));
  const auto refused =
    manager.call("send_direct_message", {{"recipientHandle", "reviewer"}, {"message", "which?"}});
  EXPECT_TRUE(refused.is_error);
  EXPECT_NE(refused.text.find(first), std::string::npos) << refused.text;
  EXPECT_NE(refused.text.find(second), std::string::npos) << refused.text;
  EXPECT_FALSE(
    manager.call("send_direct_message", {{"recipientHandle", "manager"}, {"message", "to myself"}})
      .is_error);
}

TEST_F(direct_messages, stay_unread_when_a_filter_leaves_them) {
  agent manager{run_by("ann")};
  agent reviewer{run_by("bob")};
  manager.register_as(as("manager"));
  const auto guid = reviewer.register_as(as("reviewer"));
  manager.call("send_direct_message", to(guid, "plain"));
  manager.call("send_direct_message", {{"recipientGuid", guid},
                                       {"message", "half"},
                                       {"messageType", "progress-update"},
                                       {"metadata", {{"workItemId", "w1"}, {"progress", 50}}}});
  const auto filtered =
    reviewer.call("read_direct_messages", {{"messageType", "progress-update"}}).text;
  EXPECT_NE(filtered.find("half"), std::string::npos) << filtered;
  EXPECT_EQ(filtered.find("plain"), std::string::npos) << filtered;
  const auto rest = reviewer.call("read_direct_messages", nothing()).text;
  EXPECT_NE(rest.find("plain"), std::string::npos) << rest;
  EXPECT_EQ(rest.find("half"), std::string::npos) << rest;
}

TEST_F(direct_messages, refuse_hand_offs_without_what_they_need) {
  agent manager{run_by("ann")};
  const auto guid = manager.register_as(as("manager"));
  const auto refused =
    manager.call("send_direct_message",
                 {{"recipientGuid", guid}, {"message", "x"}, {"messageType", "work-reject"}});
  EXPECT_TRUE(refused.is_error);
  EXPECT_NE(refused.text.find("workItemId"), std::string::npos) << refused.text;
}

TEST_F(direct_messages, wake_a_reader_and_a_wait) {
  agent manager{run_by("ann")};
  agent reviewer{run_by("bob")};
  manager.register_as(as("manager"));
  const auto guid = reviewer.register_as(as("reviewer"));
  const auto waiting = reviewer.post("wait_for_messages", {{"timeout", 30000}});
  reviewer.call("get_my_handle", nothing());
  manager.call("send_direct_message", to(guid, "first"));
  const auto woken = reviewer.answer(waiting, 10s);
  EXPECT_NE(woken.text.find("Direct messages: 1 unread"), std::string::npos) << woken.text;
  EXPECT_NE(reviewer.call("read_direct_messages", nothing()).text.find("first"), std::string::npos);
  const auto reading = reviewer.post("read_direct_messages", {{"timeout", 30000}});
  reviewer.call("get_my_handle", nothing());
  manager.call("send_direct_message", to(guid, "second"));
  EXPECT_NE(reviewer.answer(reading, 10s).text.find("second"), std::string::npos);
}

TEST_F(direct_messages, are_named_as_not_waited_for_where_nobody_is_registered) {
  agent stranger{run_by("ann")};
  constexpr std::string_view said = "Direct messages were not waited for: you are not registered.";
  const auto waited = stranger.call("wait_for_messages", {{"timeout", 0}});
  EXPECT_NE(waited.text.find(said), std::string::npos) << waited.text;
  const auto of_channels =
    stranger.call("wait_for_messages", {{"timeout", 0}, {"directMessages", false}});
  EXPECT_EQ(of_channels.text.find(said), std::string::npos) << of_channels.text;
  stranger.register_as(as("reviewer"));
  const auto registered = stranger.call("wait_for_messages", {{"timeout", 0}});
  EXPECT_EQ(registered.text.find(said), std::string::npos) << registered.text;
}

TEST_F(direct_messages, are_announced_below_the_answers_of_other_tools) {
  agent manager{run_by("ann")};
  agent reviewer{run_by("bob")};
  manager.register_as(as("manager"));
  const auto guid = reviewer.register_as(as("reviewer"));
  manager.call("send_direct_message", to(guid, "one"));
  manager.call("send_direct_message", to(guid, "two"));
  EXPECT_TRUE(eventually(5s, [&] {
    const auto below = reviewer.call("list_channels", nothing()).notices;
    return observation{below == "[2 unread direct messages: read_direct_messages]", below};
  }));
  reviewer.call("read_direct_messages", nothing());
  EXPECT_TRUE(eventually(5s, [&] {
    const auto below = reviewer.call("list_channels", nothing()).notices;
    return observation{below.empty(), below};
  }));
}

TEST_F(direct_messages, fill_only_the_senders_own_lane) {
  agent flooding{run_by("ann")};
  agent polite{run_by("cy")};
  agent reviewer{run_by("bob")};
  flooding.register_as(as("flooding"));
  polite.register_as(as("polite"));
  const auto guid = reviewer.register_as(as("reviewer"));
  constexpr int lane = 1000;
  constexpr int at_once = 100; // so many are stored in time on a busy computer too
  for (int sent = 0; sent < lane; sent += at_once) {
    std::vector<json::value> sends;
    for (int i = 0; i < at_once; ++i) {
      sends.push_back(flooding.post("send_direct_message", to(guid, "flood")));
    }
    for (const auto& id : sends) {
      const auto outcome = flooding.answer(id, 30s);
      ASSERT_FALSE(outcome.is_error) << outcome.text;
    }
  }
  const auto refused = flooding.call("send_direct_message", to(guid, "flood"));
  EXPECT_TRUE(refused.is_error);
  EXPECT_NE(refused.text.find("full"), std::string::npos) << refused.text;
  EXPECT_FALSE(polite.call("send_direct_message", to(guid, "hello")).is_error);
}

TEST_F(direct_messages, come_again_that_were_fetched_by_a_killed_process) {
  agent manager{run_by("ann")};
  manager.register_as(as("manager"));
  auto reader = std::make_unique<agent>(run_by("bob"));
  const auto guid = reader->register_as(as("reviewer"));
  for (int i = 0; i < 20; ++i) {
    ASSERT_FALSE(
      manager.call("send_direct_message", to(guid, "n" + std::to_string(i) + ".")).is_error);
  }
  // Fetches all of them, shows none.
  ASSERT_FALSE(reader->call("read_direct_messages", {{"messageType", "work-error"}}).is_error);
  reader->process().signal(SIGKILL);
  ASSERT_TRUE(reader->process().wait_exit());
  ASSERT_TRUE(eventually(15s, [&] {
    const auto offline = manager.call("discover_agents", {{"status", "offline"}}).text;
    return observation{offline.find(guid) != std::string::npos, offline};
  }));
  agent successor{run_by("bob")};
  ASSERT_EQ(successor.register_as(as("reviewer")), guid);
  const auto read = successor.call("read_direct_messages", {{"limit", 100}}).text;
  std::vector<int> all(20);
  std::iota(all.begin(), all.end(), 0);
  EXPECT_EQ(numbers_in(read), all) << read;
}

TEST_F(direct_messages, survive_kills_of_nats_under_load) {
  agent manager{run_by("ann")};
  agent reviewer{run_by("bob")};
  manager.register_as(as("manager"));
  const auto guid = reviewer.register_as(as("reviewer"));
  std::set<int> accepted;
  std::multiset<int> shown;
  int next = 0;
  for (int round = 0; round < 3; ++round) {
    std::map<int, json::value> sends;
    for (int i = 0; i < 200; ++i, ++next) {
      sends[next] = manager.post("send_direct_message", to(guid, "n" + std::to_string(next) + "."));
    }
    nats_.kill();
    nats_.start();
    for (const auto& [number, id] : sends) {
      if (!manager.answer(id, 30s).is_error) {
        accepted.insert(number);
      }
    }
    const auto read = reviewer.call("read_direct_messages", {{"limit", 50}});
    for (const auto number : numbers_in(read.text)) {
      shown.insert(number);
    }
  }
  EXPECT_TRUE(eventually(30s, [&] {
    const auto read = reviewer.call("read_direct_messages", {{"limit", 100}});
    const auto numbers = numbers_in(read.text);
    shown.insert(numbers.begin(), numbers.end());
    return observation{!read.is_error && numbers.empty(), read.text};
  }));
  for (const auto number : accepted) {
    EXPECT_EQ(shown.count(number), 1U) << number;
  }
  EXPECT_GT(accepted.size(), 0U);
}

} // namespace
} // namespace nats_mcp::testing
