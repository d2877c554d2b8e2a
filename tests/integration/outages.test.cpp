// SPDX-License-Identifier: MIT
// NATS goes and comes back under the shipped binary: calls that wait succeed soon after it is
// there, and the log tells each outage once.
#include "tests/integration/agent.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/nats_server.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace nats_mcp::testing {
namespace {

using namespace std::chrono_literals;
using clock = std::chrono::steady_clock;

/// "Within about a second", on a machine that has other things to do as well.
constexpr auto soon = 1500ms;

class outages : public ::testing::Test {
protected:
  [[nodiscard]] agent::options with(std::map<std::string, std::string> environment) const {
    return {nats_.url(), "demo", std::move(environment)};
  }

  static json::value hello() { return {{"channel", "planning"}, {"message", "hello"}}; }

  /// The log's events of one component, in order, as `level id`.
  static std::vector<std::string> events(const agent& of, std::string_view component) {
    std::vector<std::string> out;
    const auto log = of.process().standard_error();
    for (std::size_t begin = 0; begin < log.size();) {
      const auto end = std::min(log.find('\n', begin), log.size());
      const auto line = json::parse(std::string_view{log}.substr(begin, end - begin));
      if (line && json::text_member(*line, "component") == component) {
        out.push_back(std::string{json::text_member(*line, "level")} + " "
                      + std::string{json::text_member(*line, "event")});
      }
      begin = end + 1;
    }
    return out;
  }

  nats_server nats_;
};

TEST_F(outages, a_call_that_waits_succeeds_soon_after_nats_was_started) {
  nats_.kill();
  agent one{with({{"NATS_MCP_CALL_TIMEOUT", "30000"}})};
  one.call("set_handle", {{"handle", "a"}});
  const auto waiting = one.post("send_message", hello());
  // The first attempts have failed once the log says so.
  ASSERT_TRUE(eventually(10s, [&] {
    const auto log = one.process().standard_error();
    return observation{log.find("gateway.unreachable") != std::string::npos, log};
  }));
  nats_.start();
  const auto there = clock::now();
  const auto sent = one.answer(waiting, 10s);
  EXPECT_FALSE(sent.is_error) << sent.text;
  EXPECT_LT(clock::now() - there, soon);
}

TEST_F(outages, a_call_that_waits_succeeds_soon_after_an_outage_of_seconds) {
  agent one{with({{"NATS_MCP_CALL_TIMEOUT", "3000"}})};
  one.call("set_handle", {{"handle", "a"}});
  ASSERT_FALSE(one.call("send_message", hello()).is_error);
  nats_.kill();
  const auto gone = clock::now();
  EXPECT_TRUE(one.call("send_message", hello()).is_error) << "waits in vain";
  EXPECT_GE(clock::now() - gone, 2900ms);
  const auto waiting = one.post("send_message", hello());
  one.call("get_my_handle", json::value::object());
  nats_.start();
  const auto there = clock::now();
  const auto sent = one.answer(waiting, 10s);
  EXPECT_FALSE(sent.is_error) << sent.text;
  EXPECT_LT(clock::now() - there, soon);
}

TEST_F(outages, a_wait_hears_of_what_was_stored_right_after_an_outage) {
  agent waiter{with({})};
  agent sender{with({})};
  sender.call("set_handle", {{"handle", "a"}});
  ASSERT_FALSE(sender.call("send_message", hello()).is_error);
  const auto waiting =
    waiter.post("wait_for_messages", {{"channels", {"planning"}}, {"timeout", 30000}});
  ASSERT_FALSE(waiter.call("read_messages", {{"channel", "planning"}}).is_error);
  nats_.kill();
  nats_.start();
  ASSERT_FALSE(sender.call("send_message", hello()).is_error);
  const auto woken = waiter.answer(waiting, 10s);
  EXPECT_NE(woken.text.find("#planning: 1 unread"), std::string::npos) << woken.text;
}

TEST_F(outages, are_logged_once_each) {
  agent one{with({{"NATS_MCP_CALL_TIMEOUT", "3000"}, {"LOG_LEVEL", "INFO"}})};
  one.call("set_handle", {{"handle", "a"}});
  ASSERT_FALSE(one.call("send_message", hello()).is_error);
  for (int outage = 0; outage < 2; ++outage) {
    nats_.kill();
    EXPECT_TRUE(one.call("send_message", hello()).is_error);
    nats_.start();
    EXPECT_FALSE(one.call("send_message", hello()).is_error);
  }
  one.process().close_input();
  ASSERT_TRUE(one.process().wait_exit());
  EXPECT_EQ(events(one, "gateway"),
            (std::vector<std::string>{"INFO gateway.connected", "WARN gateway.lost",
                                      "WARN gateway.unreachable", "INFO gateway.reconnected",
                                      "WARN gateway.lost", "WARN gateway.unreachable",
                                      "INFO gateway.reconnected"}))
    << one.process().standard_error();
}

TEST_F(outages, are_logged_without_the_password_of_an_address) {
  nats_.kill();
  const auto secret = "nats://alice:s3cret-word@127.0.0.1:" + std::to_string(nats_.port());
  agent one{{secret, "demo", {{"NATS_MCP_CALL_TIMEOUT", "500"}}}};
  EXPECT_TRUE(one.call("read_messages", {{"channel", "planning"}}).is_error);
  const auto log = one.process().standard_error();
  EXPECT_NE(log.find("gateway.unreachable"), std::string::npos) << log;
  EXPECT_EQ(log.find("s3cret-word"), std::string::npos) << log;
}

} // namespace
} // namespace nats_mcp::testing
