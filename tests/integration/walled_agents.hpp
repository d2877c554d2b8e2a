// SPDX-License-Identifier: MIT
// Two agents of one project on a nats-server that lets each be nobody else: the permissions of
// docs/howto/nats-permissions.md, printed by deploy/nats/agent-permissions.sh.
#pragma once

#include "tests/integration/agent.hpp"
#include "tests/integration/raw_nats.hpp"
#include "tests/support/nats_server.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

namespace nats_mcp::testing {

class walled_agents : public ::testing::Test {
protected:
  walled_agents() {
    // Both were there before there were walls: so they know who they are, and all streams exist.
    agent ann{run_by("ann", nats_.url())};
    agent bob{run_by("bob", nats_.url())};
    ann_ = ann.register_as(self("ann"));
    bob_ = bob.register_as(self("bob"));
    ann.call("send_message", {{"channel", "planning"}, {"message", "made"}});
    ann.call("send_direct_message", {{"recipientGuid", bob_}, {"message", "made"}});
    bob.call("read_direct_messages", json::value::object());
    const auto status = ann.call("server_status", json::value::object()).text;
    project_ = after(status, "- Project: ", 16);
    make_work(ann, bob);
    for (auto* one : {&ann, &bob}) {
      one->process().close_input();
      (void)one->process().wait_exit();
    }
    nats_.stop();
    print_permissions("ann", ann_);
    print_permissions("bob", bob_);
    nats_.configure({"authorization { users: [",
                     "{ user: ann, password: " + password_of("ann") + ", include ann.conf },",
                     "{ user: bob, password: " + password_of("bob") + ", include bob.conf }",
                     "] }"});
    nats_.start();
  }

  static json::value self(std::string_view handle) {
    return {{"agentType", handle}, {"visibility", "project-only"}, {"capabilities", {"C++"}}};
  }

  static agent::options run_by(const std::string& user, const std::string& url) {
    return {url, "demo", {{"USER", user}, {"NATS_INBOX_PREFIX", "_INBOX_" + user}}};
  }

  [[nodiscard]] agent::options as(const std::string& user) const {
    return run_by(user, "nats://" + user + ":" + password_of(user)
                          + "@127.0.0.1:" + std::to_string(nats_.port()));
  }

  [[nodiscard]] raw_nats bobs_connection() const {
    return raw_nats{nats_.port(), raw_nats::login{"bob", password_of("bob")}};
  }

  static std::string password_of(const std::string& user) { return "the-password-of-" + user; }

  static std::string publish(const std::string& subject) {
    return "PUB " + subject + " 2\r\n{}\r\n";
  }

  /// So many characters behind the mark.
  static std::string after(const std::string& text, std::string_view mark, std::size_t length) {
    const auto at = text.find(mark);
    return at == std::string::npos ? std::string{} : text.substr(at + mark.size(), length);
  }

  static std::string item_in(const tool_outcome& outcome) {
    constexpr std::size_t id_length = 36;
    return after(outcome.text, "- Work Item ID: ", id_length);
  }

  nats_server nats_;
  std::string ann_;
  std::string bob_;
  std::string project_;

private:
  /// One item that ends among the dead letters, and one for a coordinator.
  static void make_work(agent& offerer, agent& worker) {
    offerer.call("broadcast_work_offer",
                 {{"taskId", "made"}, {"capability", "C++"}, {"description", "made"}});
    const auto claimed = worker.call("claim_work", {{"timeout", 5000}});
    worker.call("fail_work",
                {{"workItemId", item_in(claimed)}, {"error", "made"}, {"retryable", false}});
    offerer.call(
      "broadcast_work_offer",
      {{"taskId", "made"}, {"capability", "C++"}, {"description", "made"}, {"coordinated", true}});
  }

  void print_permissions(const std::string& user, const std::string& guid) const {
    const auto command = std::string{SOURCE_DIRECTORY} + "/deploy/nats/agent-permissions.sh --guid "
                         + guid + " --project " + project_ + " --namespace demo --user " + user
                         + " --channels planning,review --capabilities C++ --inbox _INBOX_" + user
                         + " > " + (nats_.folder() / (user + ".conf")).string();
    if (std::system(command.c_str()) != 0) {
      throw std::runtime_error("failed: " + command);
    }
  }
};

} // namespace nats_mcp::testing
