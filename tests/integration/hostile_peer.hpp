// SPDX-License-Identifier: MIT
// Two agents that work together, and somebody on the same NATS server who means them harm: he
// speaks NATS himself, without walls, and writes what he likes where he likes. Whatever he does,
// the two get right answers, soon, and are misled about nobody.
#pragma once

#include "tests/fuzz/promises.hpp"
#include "tests/integration/agent.hpp"
#include "tests/integration/raw_nats.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/nats_server.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

namespace nats_mcp::testing {

class hostile_peer : public ::testing::Test {
protected:
  /// The longest a call may take; a call to NATS gives up after 5 seconds.
#ifdef __SANITIZE_THREAD__
  static constexpr std::chrono::seconds soon{40}; // to show megabytes takes ten seconds and more
#else
  static constexpr std::chrono::seconds soon{10};
#endif

  hostile_peer() {
    ann_ = victim_.register_as(as("ann"));
    bob_ = friend_.register_as(as("bob"));
    done(friend_, "send_message", {{"channel", "planning"}, {"message", "made"}});
    done(friend_, "send_direct_message", {{"recipientGuid", ann_}, {"message", "made"}});
    done(victim_, "read_direct_messages", nothing());
  }

  static json::value as(std::string_view handle) {
    return {{"agentType", handle}, {"visibility", "public"}, {"capabilities", {"typescript"}}};
  }

  static json::value nothing() { return json::value::object(); }

  /// A GUID nobody has.
  static std::string made_up(int number) {
    auto digits = std::to_string(number);
    return "00000000-0000-4000-8000-" + std::string(12 - digits.size(), '0') + digits;
  }

  [[nodiscard]] agent::options options(const std::string& user) const {
    return {nats_.url(), "demo", {{"USER", user}, {"NATS_MCP_CALL_RATE", "0"}}};
  }

  /// A call that is answered soon, with something that can be shown.
  tool_outcome call(agent& who, std::string_view tool, const json::value& arguments) {
    const auto began = std::chrono::steady_clock::now();
    auto outcome = who.answer(who.post(tool, arguments), 4 * soon);
    const auto took = std::chrono::steady_clock::now() - began;
    EXPECT_LT(took, soon) << tool;
    longest_ = std::max(longest_, std::chrono::duration_cast<std::chrono::milliseconds>(took));
    RecordProperty("longest call in ms", static_cast<int>(longest_.count()));
    for (const auto& text : {outcome.text, outcome.notices}) {
      EXPECT_TRUE(fuzz::is_showable(text)) << tool;
    }
    return outcome;
  }

  /// The same, and it is no error.
  tool_outcome done(agent& who, std::string_view tool, const json::value& arguments) {
    auto outcome = call(who, tool, arguments);
    EXPECT_FALSE(outcome.is_error) << tool << ": " << outcome.text.substr(0, 2000);
    return outcome;
  }

  /// Stores it, whatever it is.
  void put(const std::string& subject, const std::string& payload) {
    const auto stored = enemy_.request(subject, payload);
    EXPECT_NE(stored.find(R"("stream":)"), std::string::npos) << subject << ": " << stored;
    EXPECT_EQ(stored.find(R"("error":)"), std::string::npos) << subject << ": " << stored;
  }

  /// Reads the victim's mail until one of that sender comes; everything that was shown.
  std::string mail_until(const std::string& sender, int reads) {
    std::string shown;
    for (int i = 0; i < reads; ++i) {
      const auto read = done(victim_, "read_direct_messages", {{"limit", 100}}).text;
      shown += read + "\n\n";
      if (read.find("(" + sender + ")") != std::string::npos) {
        return shown;
      }
    }
    ADD_FAILURE() << "no mail of " << sender << " in " << reads << " reads";
    return shown;
  }

  /// The two still do everything together.
  void expect_all_is_well() {
    done(friend_, "send_message", {{"channel", "planning"}, {"message", "all is well"}});
    const auto read = done(victim_, "read_messages", {{"channel", "planning"}, {"limit", 1}});
    EXPECT_NE(read.text.find("**bob**: all is well"), std::string::npos) << read.text;
    done(victim_, "get_agent_info", {{"guid", bob_}});
    done(victim_, "send_direct_message", {{"recipientGuid", bob_}, {"message", "are you there"}});
    const auto mail = done(friend_, "read_direct_messages", {{"senderGuid", ann_}});
    EXPECT_NE(mail.text.find("are you there"), std::string::npos) << mail.text;
    const auto offered = done(victim_, "broadcast_work_offer",
                              {{"taskId", "t"},
                               {"capability", "typescript"},
                               {"description", "honest work"},
                               {"priority", 10}});
    const auto item = item_in(offered);
    const auto claimed = done(friend_, "claim_work", {{"timeout", 10000}});
    EXPECT_EQ(item_in(claimed), item) << claimed.text;
    done(friend_, "complete_work", {{"workItemId", item}, {"summary", "done"}});
    const auto status = done(victim_, "get_work_status", {{"workItemId", item}});
    EXPECT_NE(status.text.find("completed"), std::string::npos) << status.text;
    for (auto* who : {&victim_, &friend_}) {
      const auto log = who->process().standard_error();
      EXPECT_EQ(lines_with("", log), lines_about("storage.unreadable", log))
        << "of strangers the log says that they were here, and has no word of theirs: " << log;
    }
  }

  static std::string item_in(const tool_outcome& outcome) {
    constexpr std::string_view mark = "- Work Item ID: ";
    constexpr std::size_t id_length = 36;
    const auto at = outcome.text.find(mark);
    return at == std::string::npos ? std::string{}
                                   : outcome.text.substr(at + mark.size(), id_length);
  }

  /// How many lines of a text begin so, for whoever reads it.
  static std::size_t lines_with(std::string_view beginning, std::string_view text) {
    std::size_t out = 0;
    for (std::size_t begin = 0; begin < text.size();) {
      const auto end = std::min(text.find('\n', begin), text.size());
      auto line = text.substr(begin, end - begin);
      line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
      out += line.starts_with(beginning) ? 1U : 0U;
      begin = end + 1;
    }
    return out;
  }

  /// How many lines of a log have this in them.
  static std::size_t lines_about(std::string_view what, const std::string& log) {
    std::size_t out = 0;
    std::istringstream lines{log};
    for (std::string line; std::getline(lines, line);) {
      out += line.find(what) == std::string::npos ? 0U : 1U;
    }
    return out;
  }

  nats_server nats_;
  agent victim_{options("ann")};
  agent friend_{options("bob")};
  raw_nats enemy_{nats_.port(), "none"};
  std::string ann_;
  std::string bob_;

private:
  std::chrono::milliseconds longest_{0};
};

} // namespace nats_mcp::testing
