// SPDX-License-Identifier: MIT
// Four agents behind the roles of docs/howto/nats-permissions.md: ann and bob of the project `demo`
// in the role `project`, eve of the project `rivals` in hers; ann's other project `garden` together
// with `demo` in the role `user`; and somebody who only looks on. Permissions are printed by
// deploy/nats/agent-permissions.sh.
#pragma once

#include "tests/integration/agent.hpp"
#include "tests/integration/raw_nats.hpp"
#include "tests/support/nats_server.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <map>
#include <stdexcept>
#include <string>

namespace nats_mcp::testing {

class walled_roles : public ::testing::Test {
protected:
  walled_roles() {
    // All of them were there before there were walls: so they know who they are, and all streams
    // exist.
    open_world();
    nats_.stop();
    print("team", "--role project --guid " + guid_["ann"] + ',' + guid_["bob"] + " --project "
                    + project_["demo"] + " --namespace demo --capabilities C++");
    print("rivals", "--role project --guid " + guid_["eve"] + " --project " + project_["rivals"]
                      + " --namespace rivals --capabilities C++");
    print("ann", "--role user --user ann --guid " + guid_["ann"] + ',' + guid_["gardener"]
                   + " --project " + project_["demo"] + ',' + project_["garden"]
                   + " --namespace demo,garden --capabilities C++");
    print("guest", "--role read-only --project " + project_["demo"] + " --namespace demo");
    std::vector<std::string> configuration{"authorization { users: ["};
    for (const auto* login : {"team", "rivals", "ann", "guest"}) {
      configuration.push_back("{ user: " + std::string{login} + ", password: " + password_of(login)
                              + ", include " + login + ".conf }");
    }
    configuration.emplace_back("] }");
    nats_.configure(configuration);
    nats_.start();
  }

  /// How an agent connects: as a NATS user, in a project, on the account of a system user.
  struct place {
    std::string login;
    std::string channel_namespace = "demo";
    std::string user = "ann";
  };

  [[nodiscard]] agent::options at(const place& where) const {
    return {"nats://" + where.login + ":" + password_of(where.login)
              + "@127.0.0.1:" + std::to_string(nats_.port()),
            where.channel_namespace,
            {{"USER", where.user}, {"NATS_INBOX_PREFIX", "_INBOX_" + where.login}}};
  }

  [[nodiscard]] raw_nats connection_of(const std::string& login) const {
    return raw_nats{nats_.port(), raw_nats::login{login, password_of(login)}};
  }

  static json::value as(std::string_view handle, std::string_view visibility) {
    return {{"agentType", handle}, {"visibility", visibility}, {"capabilities", {"C++"}}};
  }

  static json::value nothing() { return json::value::object(); }

  static std::string publish(const std::string& subject) {
    return "PUB " + subject + " 2\r\n{}\r\n";
  }
  static std::string subscribe(const std::string& subject) { return "SUB " + subject + " 9\r\n"; }

  /// The server refuses every one of these.
  static void expect_walls(raw_nats& by, const std::vector<std::string>& lines) {
    for (const auto& line : lines) {
      EXPECT_NE(by.refusal_of(line).find("Permissions Violation"), std::string::npos) << line;
    }
  }

  /// Streams whose reader may be made and asked over the API, but for what `filter` leaves out.
  static std::vector<std::string> ways_to_read(const std::string& stream,
                                               const std::string& filter) {
    return {publish("$JS.API.CONSUMER.CREATE." + stream + ".mine." + filter),
            publish("$JS.API.CONSUMER.DURABLE.CREATE." + stream + ".mine"),
            publish("$JS.API.CONSUMER.CREATE." + stream),
            publish("$JS.API.DIRECT.GET." + stream + "." + filter),
            publish("$JS.API.STREAM.MSG.GET." + stream)};
  }

  static std::vector<std::string> ways_to_destroy(const std::string& stream) {
    return {publish("$JS.API.STREAM.PURGE." + stream), publish("$JS.API.STREAM.DELETE." + stream),
            publish("$JS.API.STREAM.UPDATE." + stream), publish("$JS.API.STREAM.CREATE." + stream),
            publish("$JS.API.STREAM.SNAPSHOT." + stream)};
  }

  /// Tries a tool that must be refused, in words that say what and whom to ask.
  static void expect_refused_in_words(agent& who, std::string_view tool,
                                      const json::value& arguments) {
    const auto outcome = who.call(tool, arguments);
    EXPECT_TRUE(outcome.is_error) << tool << ": " << outcome.text;
    for (const auto* part : {"does not allow this user", "Ask whoever runs the server"}) {
      EXPECT_NE(outcome.text.find(part), std::string::npos) << tool << ": " << outcome.text;
    }
  }

  nats_server nats_;
  /// By handle.
  std::map<std::string, std::string> guid_;
  /// Their ids, by namespace.
  std::map<std::string, std::string> project_;

private:
  static std::string password_of(const std::string& login) { return "the-password-of-" + login; }

  void open_world() {
    const auto open = [this](const std::string& name, const std::string& user) {
      return agent::options{nats_.url(), name, {{"USER", user}}};
    };
    agent ann{open("demo", "ann")};
    agent bob{open("demo", "bob")};
    agent eve{open("rivals", "eve")};
    agent gardener{open("garden", "ann")};
    for (const auto& [handle, who] : std::map<std::string, agent*>{
           {"ann", &ann}, {"bob", &bob}, {"eve", &eve}, {"gardener", &gardener}}) {
      guid_[handle] = who->register_as(as(handle, "public"));
      who->call("send_message", {{"channel", "planning"}, {"message", "made by " + handle}});
      who->call("send_message", {{"channel", "review"}, {"message", "made by " + handle}});
      who->call("send_direct_message", {{"recipientGuid", guid_[handle]}, {"message", "made"}});
      who->call("read_direct_messages", nothing());
    }
    for (auto* who : {&ann, &eve, &gardener}) {
      for (const auto* scope : {"public", "project"}) {
        who->call(
          "broadcast_work_offer",
          {{"taskId", "made"}, {"capability", "C++"}, {"description", "made"}, {"scope", scope}});
        const auto claimed = who->call("claim_work", {{"timeout", 5000}}).text;
        who->call("fail_work", {{"workItemId", after(claimed, "- Work Item ID: ", 36)},
                                {"error", "made"},
                                {"retryable", false}});
      }
      const auto status = who->call("server_status", nothing()).text;
      project_[who == &ann   ? "demo"
               : who == &eve ? "rivals"
                             : "garden"] = after(status, "- Project: ", 16);
    }
    for (auto* who : {&ann, &bob, &eve, &gardener}) {
      who->process().close_input();
      (void)who->process().wait_exit();
    }
  }

  /// So many characters behind the mark.
  static std::string after(const std::string& text, std::string_view mark, std::size_t length) {
    const auto at = text.find(mark);
    return at == std::string::npos ? std::string{} : text.substr(at + mark.size(), length);
  }

  void print(const std::string& login, const std::string& arguments) const {
    const auto command = std::string{SOURCE_DIRECTORY} + "/deploy/nats/agent-permissions.sh "
                         + arguments + " --channels planning,review --inbox _INBOX_" + login + " > "
                         + (nats_.folder() / (login + ".conf")).string();
    if (std::system(command.c_str()) != 0) {
      throw std::runtime_error("failed: " + command);
    }
  }
};

} // namespace nats_mcp::testing
