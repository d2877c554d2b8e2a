// SPDX-License-Identifier: MIT
// Agents whose processes are killed again and again: whatever was accepted for any of the GUIDs
// they had is read in the end. The shipped binary, a real nats-server.
#include "tests/integration/agent.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/nats_server.hpp"

#include <gtest/gtest.h>

#include <csignal>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace nats_mcp::testing {
namespace {

using namespace std::chrono_literals;

class agent_returns : public ::testing::Test {
protected:
  void SetUp() override { start_writer(); }

  void start_writer() {
    writer_ = std::make_unique<agent>(run_by("bob"));
    writer_->register_as({{"agentType", "writer"}, {"visibility", "public"}});
  }

  /// Signs of life come every second, so that silence is noticed soon.
  [[nodiscard]] agent::options run_by(const std::string& user) const {
    return {nats_.url(), "demo", {{"USER", user}, {"NATS_MCP_HEARTBEAT_INTERVAL", "1000"}}};
  }

  static std::string register_reader(agent& who) {
    return who.register_as({{"agentType", "reader"}, {"visibility", "public"}});
  }

  static void kill(agent& who) {
    who.process().signal(SIGKILL);
    ASSERT_TRUE(who.process().wait_exit());
  }

  /// @returns whether it was accepted; then it has to be read.
  bool write(const std::string& guid, const std::string& text) {
    const auto sent =
      writer_->call("send_direct_message", {{"recipientGuid", guid}, {"message", text + "."}});
    if (!sent.is_error) {
      accepted_.insert(text + ".");
    }
    return !sent.is_error;
  }

  void read(agent& who) {
    const auto shown = who.call("read_direct_messages", {{"limit", 100}});
    ASSERT_FALSE(shown.is_error) << shown.text;
    std::erase_if(accepted_, [&](const auto& text) {
      return shown.text.find("\n" + text) != std::string::npos;
    });
  }

  /// Registers and reads until everything that was accepted was shown.
  void read_all_as(agent& who) {
    EXPECT_TRUE(eventually(40s, [&] {
      const auto guid = register_reader(who);
      read(who);
      std::string left = "as " + guid + " it was not shown:";
      for (const auto& text : accepted_) {
        left += " " + text;
      }
      return observation{accepted_.empty(), left};
    }));
  }

  nats_server nats_;
  std::unique_ptr<agent> writer_;
  std::set<std::string> accepted_;
};

TEST_F(agent_returns, to_the_mail_of_a_process_that_was_killed_before_it_returned_itself) {
  auto first = std::make_unique<agent>(run_by("ann"));
  ASSERT_TRUE(write(register_reader(*first), "to the first"));
  kill(*first);
  auto second = std::make_unique<agent>(run_by("ann"));
  ASSERT_TRUE(write(register_reader(*second), "to the second"));
  kill(*second);
  agent third{run_by("ann")};
  ASSERT_TRUE(write(register_reader(third), "to the third"));
  read_all_as(third);
}

TEST_F(agent_returns, to_the_mail_of_a_second_session_that_ended) {
  agent first{run_by("ann")};
  const auto guid = register_reader(first);
  auto second = std::make_unique<agent>(run_by("ann"));
  const auto other = register_reader(*second);
  ASSERT_NE(guid, other);
  ASSERT_TRUE(write(other, "to the second"));
  second->process().close_input();
  ASSERT_TRUE(second->process().wait_exit());
  EXPECT_TRUE(
    eventually(20s,
               [&] {
                 read(first);
                 return observation{accepted_.empty(), "it was not shown to the first one"};
               }))
    << "it need not register again";
  EXPECT_EQ(register_reader(first), guid);
}

TEST_F(agent_returns, to_all_mail_after_kills_of_both_sides_and_of_nats) {
  constexpr int rounds = 8;
  int number = 0;
  for (int round = 0; round < rounds; ++round) {
    auto reader = std::make_unique<agent>(run_by("ann"));
    const auto guid = register_reader(*reader);
    for (int i = 0; i < 5; ++i) {
      (void)write(guid, "message " + std::to_string(++number));
    }
    if (round % 2 == 0) {
      read(*reader);
    }
    for (int i = 0; i < 5; ++i) {
      (void)write(guid, "message " + std::to_string(++number));
    }
    kill(*reader);
    (void)write(guid, "message " + std::to_string(++number));
    if (round % 3 == 1) {
      nats_.kill();
      nats_.start();
    }
    if (round % 3 == 2) {
      // With a message on its way.
      (void)writer_->post("send_direct_message", {{"recipientGuid", guid}, {"message", "lost?"}});
      kill(*writer_);
      start_writer();
    }
  }
  EXPECT_GT(accepted_.size(), 10U);
  agent last{run_by("ann")};
  read_all_as(last);
}

} // namespace
} // namespace nats_mcp::testing
