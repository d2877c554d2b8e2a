// SPDX-License-Identifier: MIT
// Two agents, the shipped binary, a real nats-server: what the README promises about channels.
#include "tests/integration/agent.hpp"
#include "tests/support/nats_server.hpp"

#include <gtest/gtest.h>

#include <csignal>
#include <set>

namespace nats_mcp::testing {
namespace {

using namespace std::chrono_literals;

class channel_talk : public ::testing::Test {
protected:
  agent::options in_project(std::string name) const { return {nats_.url(), std::move(name), {}}; }

  nats_server nats_;
};

TEST_F(channel_talk, reaches_an_agent_in_another_folder_of_the_same_namespace) {
  agent planner{in_project("demo")};
  agent reviewer{in_project("demo")};
  EXPECT_EQ(planner.call("set_handle", {{"handle", "project-manager"}}).text,
            "Handle set to: project-manager");
  EXPECT_EQ(planner.call("send_message", {{"channel", "planning"}, {"message", "Sprint 5"}}).text,
            "Message sent to #planning by project-manager");
  const auto read = reviewer.call("read_messages", {{"channel", "planning"}, {"limit", 10}});
  EXPECT_EQ(read.text.rfind("Messages from #planning:\n\n[", 0), 0U) << read.text;
  EXPECT_NE(read.text.find("] **project-manager**: Sprint 5\n"), std::string::npos) << read.text;
  EXPECT_NE(read.text.find("\nNext: after=1"), std::string::npos) << read.text;
}

TEST_F(channel_talk, stays_inside_its_namespace) {
  agent ours{in_project("ours")};
  agent theirs{in_project("theirs")};
  ours.call("set_handle", {{"handle", "a"}});
  ASSERT_FALSE(
    ours.call("send_message", {{"channel", "planning"}, {"message", "secret"}}).is_error);
  const auto read = theirs.call("read_messages", {{"channel", "planning"}});
  EXPECT_EQ(read.text.rfind("No messages in #planning", 0), 0U) << read.text;
}

TEST_F(channel_talk, wakes_who_waits) {
  agent planner{in_project("demo")};
  agent reviewer{in_project("demo")};
  planner.call("set_handle", {{"handle", "planner"}});
  ASSERT_FALSE(planner.call("send_message", {{"channel", "review"}, {"message", "one"}}).is_error);
  ASSERT_FALSE(reviewer.call("read_messages", {{"channel", "review"}, {"unread", true}}).is_error);
  const auto waiting =
    reviewer.post("wait_for_messages", {{"channels", {"review"}}, {"timeout", 20000}});
  // The wait is under way once a later call of the same line order was answered.
  reviewer.call("get_my_handle", json::value::object());
  ASSERT_FALSE(planner.call("send_message", {{"channel", "review"}, {"message", "two"}}).is_error);
  const auto woken = reviewer.answer(waiting, 10s);
  EXPECT_FALSE(woken.is_error);
  EXPECT_NE(woken.text.find("review"), std::string::npos) << woken.text;
  const auto unread = reviewer.call("read_messages", {{"channel", "review"}, {"unread", true}});
  EXPECT_NE(unread.text.find("two"), std::string::npos);
  EXPECT_EQ(unread.text.find("one"), std::string::npos);
}

TEST_F(channel_talk, refuses_a_bad_channel_name_in_the_documented_words) {
  agent planner{in_project("demo")};
  planner.call("set_handle", {{"handle", "a"}});
  const auto refused =
    planner.call("send_message", {{"channel", "Planning!"}, {"message", "hello"}});
  EXPECT_TRUE(refused.is_error);
  EXPECT_EQ(
    refused.text.rfind("Invalid channel name. Must be lowercase alphanumeric with hyphens only", 0),
    0U)
    << refused.text;
}

TEST_F(channel_talk, needs_a_handle_to_send) {
  agent planner{in_project("demo")};
  const auto refused = planner.call("send_message", {{"channel", "planning"}, {"message", "x"}});
  EXPECT_TRUE(refused.is_error);
  EXPECT_NE(refused.text.find("set_handle"), std::string::npos) << refused.text;
}

TEST_F(channel_talk, says_that_nats_is_away_in_the_documented_words_and_goes_on_when_it_is_back) {
  agent planner{{nats_.url(), "demo", {{"NATS_MCP_CALL_TIMEOUT", "1000"}}}};
  planner.call("set_handle", {{"handle", "a"}});
  nats_.kill();
  const auto away = planner.call("send_message", {{"channel", "planning"}, {"message", "x"}});
  EXPECT_TRUE(away.is_error);
  EXPECT_NE(
    away.text.find("NATS connection failed. Make sure NATS server with JetStream is running"),
    std::string::npos)
    << away.text;
  nats_.start();
  const auto deadline = std::chrono::steady_clock::now() + 10s;
  auto back = planner.call("send_message", {{"channel", "planning"}, {"message", "y"}});
  while (back.is_error && std::chrono::steady_clock::now() < deadline) {
    back = planner.call("send_message", {{"channel", "planning"}, {"message", "y"}});
  }
  EXPECT_FALSE(back.is_error) << back.text;
}

/// The positions of a page's messages of `size` equal letters, and whether one is cut off.
std::string letters(const tool_outcome& page, std::size_t size) {
  std::string out;
  for (std::size_t at = page.text.find("**: "); at != std::string::npos;
       at = page.text.find("**: ", at + 1)) {
    const auto letter = page.text.at(at + 4);
    const auto whole = page.text.compare(at + 4, size + 1, std::string(size, letter) + "\n") == 0;
    out += whole ? letter : '?';
  }
  return out;
}

TEST_F(channel_talk, cuts_a_read_that_is_too_large_for_one_answer_between_messages) {
  constexpr std::size_t size = 900'000; // four of them fill an answer
  agent one{in_project("demo")};
  one.call("set_handle", {{"handle", "a"}});
  for (const char letter : std::string{"abcdefg"}) {
    const auto sent =
      one.call("send_message", {{"channel", "planning"}, {"message", std::string(size, letter)}});
    ASSERT_FALSE(sent.is_error) << sent.text;
  }
  const auto first = one.call("read_messages", {{"channel", "planning"}, {"after", 0}});
  EXPECT_EQ(letters(first, size), "abcd");
  EXPECT_TRUE(first.text.ends_with("\nNext: after=4"));
  const auto second = one.call("read_messages", {{"channel", "planning"}, {"after", 4}});
  EXPECT_EQ(letters(second, size), "efg");
  const auto newest = one.call("read_messages", {{"channel", "planning"}});
  EXPECT_EQ(letters(newest, size), "defg");
  EXPECT_TRUE(newest.text.ends_with("\nNext: after=7"));
}

TEST_F(channel_talk, answers_more_reads_at_once_than_may_run_at_once) {
  constexpr int count = 700;
  agent one{in_project("demo")};
  one.call("set_handle", {{"handle", "a"}});
  ASSERT_FALSE(one.call("send_message", {{"channel", "planning"}, {"message", "x"}}).is_error);
  std::vector<json::value> calls;
  for (int i = 0; i < count; ++i) {
    calls.push_back(one.post("read_messages", {{"channel", "planning"}}));
  }
  for (const auto& call : calls) {
    const auto read = one.answer(call, 30s);
    ASSERT_FALSE(read.is_error) << read.text;
  }
}

/// The messages a channel holds, by text, with how often each is there.
std::map<std::string, int> stored_messages(agent& reader, const std::string& channel) {
  std::map<std::string, int> out;
  std::uint64_t after = 0;
  while (true) {
    const auto page =
      reader.call("read_messages", {{"channel", channel}, {"limit", 1000}, {"after", after}});
    std::size_t found = 0;
    std::size_t position = 0;
    while ((position = page.text.find("**: ", position)) != std::string::npos) {
      const auto end = page.text.find('\n', position);
      ++out[page.text.substr(position + 4, end - position - 4)];
      position = end;
      ++found;
    }
    const auto next = page.text.rfind("after=");
    if (found == 0 || next == std::string::npos) {
      return out;
    }
    after = std::stoull(page.text.substr(next + 6));
  }
}

TEST_F(channel_talk, loses_no_acknowledged_message_when_nats_is_killed_under_load) {
  constexpr int count = 2000;
  agent sender{{nats_.url(), "demo", {{"NATS_MCP_CALL_TIMEOUT", "10000"}}}};
  sender.call("set_handle", {{"handle", "sender"}});
  ASSERT_FALSE(
    sender.call("send_message", {{"channel", "planning"}, {"message", "first"}}).is_error);
  std::vector<json::value> calls;
  for (int i = 0; i < count; ++i) {
    calls.push_back(
      sender.post("send_message", {{"channel", "planning"}, {"message", "m" + std::to_string(i)}}));
    if (i == count / 2) {
      nats_.kill();
    }
  }
  nats_.start();
  const auto restarted = std::chrono::steady_clock::now();
  const auto again = sender.call("send_message", {{"channel", "planning"}, {"message", "last"}});
  EXPECT_FALSE(again.is_error) << again.text;
  EXPECT_LT(std::chrono::steady_clock::now() - restarted, 2s);
  std::set<std::string> acknowledged;
  for (int i = 0; i < count; ++i) {
    const auto answer = sender.answer(calls[static_cast<std::size_t>(i)], 30s);
    if (!answer.is_error) {
      acknowledged.insert("m" + std::to_string(i));
    }
  }
  agent reader{in_project("demo")};
  const auto stored = stored_messages(reader, "planning");
  for (const auto& text : acknowledged) {
    EXPECT_EQ(stored.contains(text) ? stored.at(text) : 0, 1) << text;
  }
  for (const auto& [text, times] : stored) {
    EXPECT_EQ(times, 1) << text;
  }
  EXPECT_GT(acknowledged.size(), 0U);
}

} // namespace
} // namespace nats_mcp::testing
