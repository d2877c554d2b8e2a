// SPDX-License-Identifier: MIT
// Agents that share work through the shipped binary, each in a folder and a project of its own, on
// a nats-server of the test's.
#pragma once

#include "tests/integration/agent.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/nats_server.hpp"

#include <gtest/gtest.h>

#include <csignal>
#include <memory>
#include <string>
#include <utility>

namespace nats_mcp::testing {

class work_agents : public ::testing::Test {
protected:
  using variables = std::map<std::string, std::string>;

  /// A process of its own user and project.
  [[nodiscard]] std::unique_ptr<agent> start(const std::string& name,
                                             variables environment = {}) const {
    environment.insert(settings_.begin(), settings_.end());
    environment.emplace("USER", name);
    return std::make_unique<agent>(
      agent::options{nats_.url(), "of-" + name, std::move(environment)});
  }

  /// One that is registered, with the name as its handle.
  [[nodiscard]] std::unique_ptr<agent> worker(const std::string& name,
                                              const json::value& capabilities = {"typescript"},
                                              variables environment = {}) const {
    auto out = start(name, std::move(environment));
    out->register_as(
      {{"agentType", name}, {"visibility", "public"}, {"capabilities", capabilities}});
    return out;
  }

  /// What stands behind `- Work Item ID: `; empty when nothing does.
  static std::string item_in(const std::string& text) {
    constexpr std::string_view mark = "- Work Item ID: ";
    const auto at = text.find(mark);
    return at == std::string::npos
             ? std::string{}
             : text.substr(at + mark.size(), text.find('\n', at) - at - mark.size());
  }

  /// Offers an item of "typescript" unless the arguments say otherwise; its id.
  static std::string offer(agent& by, const std::string& task,
                           json::value arguments = json::value::object()) {
    arguments["taskId"] = task;
    for (const auto& [key, otherwise] :
         {std::pair{"capability", "typescript"}, std::pair{"description", "Implement user auth"}}) {
      if (json::find(arguments, key) == nullptr) {
        arguments[key] = otherwise;
      }
    }
    const auto offered = by.call("broadcast_work_offer", arguments);
    EXPECT_FALSE(offered.is_error) << offered.text;
    return item_in(offered.text);
  }

  static tool_outcome claim(agent& by, std::chrono::milliseconds timeout = claim_wait) {
    const auto id = by.post("claim_work", {{"timeout", timeout.count()}});
    return by.answer(id, timeout + server_process::default_wait);
  }

  /// A tool about one item; it has to succeed.
  static std::string with(agent& who, std::string_view tool, const std::string& item,
                          json::value arguments = json::value::object()) {
    arguments["workItemId"] = item;
    const auto outcome = who.call(tool, arguments);
    EXPECT_FALSE(outcome.is_error) << tool << ": " << outcome.text;
    return outcome.text;
  }

  /// The same, which has to be refused.
  static std::string refused(agent& who, std::string_view tool, const std::string& item,
                             json::value arguments = json::value::object()) {
    arguments["workItemId"] = item;
    const auto outcome = who.call(tool, arguments);
    EXPECT_TRUE(outcome.is_error) << tool << ": " << outcome.text;
    return outcome.text;
  }

  static std::string status(agent& of, const std::string& item) {
    return with(of, "get_work_status", item);
  }

  static std::string mail(agent& of) {
    return of.call("read_direct_messages", {{"limit", 100}}).text;
  }

  static ::testing::AssertionResult says(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos
             ? ::testing::AssertionSuccess()
             : ::testing::AssertionFailure() << '"' << part << "\" is not in: " << text;
  }

  static void kill(agent& one) {
    one.process().signal(SIGKILL);
    ASSERT_TRUE(one.process().wait_exit());
  }

  static constexpr std::chrono::milliseconds claim_wait{20'000};

  nats_server nats_;
  /// For every process that is started after it was set.
  variables settings_;
};

} // namespace nats_mcp::testing
