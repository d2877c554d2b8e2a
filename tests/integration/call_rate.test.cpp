// SPDX-License-Identifier: MIT
// A program that calls without end is told to slow down, in words, and stores nothing beyond its
// rate; it loses nothing that was answered, and others notice nothing.
#include "tests/integration/agent.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/nats_server.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <regex>
#include <vector>

namespace nats_mcp::testing {
namespace {

using namespace std::chrono_literals;

class call_rate : public ::testing::Test {
protected:
  static json::value nothing() { return json::value::object(); }

  [[nodiscard]] agent::options with_rate(const std::string& rate) const {
    return {nats_.url(), "demo", {{"NATS_MCP_CALL_RATE", rate}}};
  }

  /// Sends so many messages without waiting; what became of each.
  static std::vector<tool_outcome> send_at_once(agent& by, int count) {
    std::vector<json::value> calls;
    for (int i = 0; i < count; ++i) {
      calls.push_back(by.post("send_message", {{"channel", "planning"}, {"message", "again"}}));
    }
    std::vector<tool_outcome> out;
    for (const auto& id : calls) {
      out.push_back(by.answer(id, 30s));
    }
    return out;
  }

  static std::size_t messages_in(const std::string& text) {
    std::size_t count = 0;
    for (auto at = text.find("**: again"); at != std::string::npos;
         at = text.find("**: again", at + 1)) {
      ++count;
    }
    return count;
  }

  nats_server nats_;
};

TEST_F(call_rate, refuses_what_is_too_much_in_words_and_stores_all_the_rest) {
  agent hasty{with_rate("1")};
  ASSERT_FALSE(hasty.call("set_handle", {{"handle", "hasty"}}).is_error);
  const auto began = std::chrono::steady_clock::now();
  const auto outcomes = send_at_once(hasty, 100);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  std::size_t sent = 0;
  const std::regex words{
    R"(Too many calls: this session may make 1 a second in the long run, and 60 at once\. )"
    R"(send_message was not started and nothing happened\. Try again in (0\.[1-9]|1\.0) seconds\. )"
    R"(NATS_MCP_CALL_RATE allows more to who needs it\.)"};
  for (const auto& one : outcomes) {
    sent += one.is_error ? 0U : 1U;
    EXPECT_TRUE(!one.is_error || std::regex_match(one.text, words)) << one.text;
  }
  EXPECT_GE(sent, 59U) << "one of the sixty was set_handle";
  EXPECT_LE(static_cast<double>(sent), 60 + took.count());

  agent other{with_rate("1")};
  EXPECT_EQ(
    messages_in(other.call("read_messages", {{"channel", "planning"}, {"limit", 1000}}).text), sent)
    << "what was refused was not stored, and nobody else is slowed down";
}

TEST_F(call_rate, serves_who_comes_again_when_it_was_told_to) {
  agent hasty{with_rate("2")};
  hasty.call("set_handle", {{"handle", "hasty"}});
  const auto refused = [](const auto& outcomes) { return outcomes.back().is_error; };
  ASSERT_TRUE(refused(send_at_once(hasty, 300)));
  EXPECT_TRUE(hasty.process().request("ping").contains("result"));
  EXPECT_TRUE(hasty.process().request("tools/list").contains("result"));
  EXPECT_TRUE(eventually(10s, [&] {
    const auto again = hasty.call("send_message", {{"channel", "planning"}, {"message", "later"}});
    return observation{!again.is_error, again.text};
  }));
}

TEST_F(call_rate, does_not_count_how_long_a_call_waits) {
  agent patient{with_rate("1")};
  agent other{with_rate("0")};
  patient.call("set_handle", {{"handle", "patient"}});
  other.call("set_handle", {{"handle", "other"}});
  const auto waiting =
    patient.post("wait_for_messages", {{"channels", {"planning"}}, {"timeout", 5000}});
  for (int i = 0; i < 8; ++i) {
    EXPECT_FALSE(patient.call("get_my_handle", nothing()).is_error) << i;
  }
  other.call("send_message", {{"channel", "planning"}, {"message", "again"}});
  EXPECT_FALSE(patient.answer(waiting, 30s).is_error);
}

TEST_F(call_rate, lets_an_agent_make_thousands_of_calls_at_once_unless_told_otherwise) {
  agent busy{{nats_.url(), "demo", {}}};
  busy.call("set_handle", {{"handle", "busy"}});
  for (const auto& one : send_at_once(busy, 3000)) {
    ASSERT_FALSE(one.is_error) << one.text;
  }
}

TEST_F(call_rate, is_none_where_it_is_0) {
  agent unbounded{with_rate("0")};
  unbounded.call("set_handle", {{"handle", "unbounded"}});
  for (int round = 0; round < 3; ++round) {
    for (const auto& one : send_at_once(unbounded, 3000)) {
      ASSERT_FALSE(one.is_error) << one.text;
    }
  }
}

TEST_F(call_rate, that_is_no_number_is_what_every_tool_says) {
  agent wrong{with_rate("plenty")};
  const auto said = wrong.call("list_channels", nothing());
  EXPECT_TRUE(said.is_error);
  EXPECT_NE(said.text.find("NATS_MCP_CALL_RATE"), std::string::npos) << said.text;
}

} // namespace
} // namespace nats_mcp::testing
