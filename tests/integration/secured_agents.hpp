// SPDX-License-Identifier: MIT
// Agents, `doctor` and coordinators before a real nats-server that asks who they are: right
// material lets them talk, wrong material has one clear sentence, the same for all of them, without
// a secret.
#pragma once

#include "tests/integration/agent.hpp"
#include "tests/integration/commands.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/nats_server.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <unistd.h>
#include <vector>

namespace nats_mcp::testing {

class secured_agents : public ::testing::Test {
protected:
  using variables = std::map<std::string, std::string>;

  /// Material that must not be enough.
  struct refusal {
    std::string what;
    std::string url;
    variables with;
    /// What the answer has to say.
    std::vector<std::string> says;
    std::vector<std::string> launcher{};
  };

  /// Material with which an agent has to be let in.
  struct admission {
    std::string what;
    std::string url;
    variables with;
  };

  static std::string address(std::string_view scheme, const nats_server& of,
                             std::string_view host = "127.0.0.1") {
    return std::string{scheme} + "://" + std::string{host} + ":" + std::to_string(of.port());
  }

  /// Writes a file. @returns its path.
  std::string file(const std::string& name, const std::string& text) const {
    folder_.write(name, text);
    return (folder_.path() / name).string();
  }

  /// What has the binary started without the power of root to read every file.
  static std::vector<std::string> without_privilege() {
    if (::geteuid() != 0) {
      return {};
    }
    return {"/usr/bin/setpriv", "--bounding-set=-dac_override,-dac_read_search"};
  }

  static tool_outcome send(agent& by, const std::string& text = "hello") {
    return by.call("send_message", {{"channel", "planning"}, {"message", text}});
  }

  static std::unique_ptr<agent> start(const std::string& url, variables with,
                                      std::vector<std::string> launcher = {}) {
    with.try_emplace("LOG_LEVEL", "DEBUG");
    auto started =
      std::make_unique<agent>(agent::options{url, "demo", std::move(with), std::move(launcher)});
    started->call("set_handle", {{"handle", "ann"}});
    return started;
  }

  /// Sends and reads back.
  static void expect_conversation(agent& one, const std::string& text) {
    const auto sent = send(one, text);
    EXPECT_FALSE(sent.is_error) << sent.text;
    const auto read = one.call("read_messages", {{"channel", "planning"}});
    EXPECT_NE(read.text.find(text), std::string::npos) << read.text;
  }

  /// The agents talk, and `doctor` finds nothing wrong.
  void expect_admitted(const std::vector<admission>& all) const {
    std::vector<running_command> doctors;
    for (const auto& one : all) {
      doctors.push_back(doctor(one.url, one.with, {}));
    }
    for (std::size_t i = 0; i < all.size(); ++i) {
      SCOPED_TRACE(all[i].what);
      const auto talks = start(all[i].url, all[i].with);
      expect_conversation(*talks, "by " + all[i].what);
      const auto examined = doctors[i].outcome();
      EXPECT_EQ(examined.exit_code, 0) << examined.said;
      expect_no_secret(examined.said + talks->process().standard_error());
    }
  }

  /// The agent is told why, its session lives on, and `doctor` says the same.
  void expect_refused(const std::vector<refusal>& all) const {
    std::vector<running_command> doctors;
    for (const auto& one : all) {
      doctors.push_back(doctor(one.url, one.with, one.launcher));
    }
    for (std::size_t i = 0; i < all.size(); ++i) {
      SCOPED_TRACE(all[i].what);
      const auto one = start(all[i].url, all[i].with, all[i].launcher);
      const auto sent = send(*one);
      EXPECT_TRUE(sent.is_error);
      for (const auto& part : all[i].says) {
        EXPECT_NE(sent.text.find(part), std::string::npos) << part << "\nin\n" << sent.text;
      }
      const auto handle = one->call("get_my_handle", json::value::object());
      EXPECT_NE(handle.text.find("ann"), std::string::npos) << handle.text;
      const auto examined = doctors[i].outcome();
      EXPECT_EQ(examined.exit_code, 1);
      EXPECT_NE(examined.said.find(sent.text), std::string::npos) << sent.text << "\nis not in\n"
                                                                  << examined.said;
      expect_no_secret(sent.text + examined.said + one->process().standard_error());
    }
  }

  void expect_no_secret(const std::string& text) const {
    for (const auto& secret : secrets_) {
      EXPECT_EQ(text.find(secret), std::string::npos) << secret << "\nin\n" << text;
    }
  }

  temporary_directory folder_;
  /// What may be shown nowhere.
  std::vector<std::string> secrets_;

private:
  running_command doctor(const std::string& url, const variables& with,
                         const std::vector<std::string>& launcher) const {
    auto words = launcher;
    words.insert(words.end(), {NATS_MCP_SERVER_BINARY, "doctor"});
    std::vector<std::string> environment{"NATS_URL=" + url};
    for (const auto& [name, text] : with) {
      environment.push_back(name + "=" + text);
    }
    return {words, std::move(environment), folder_.path()};
  }
};

} // namespace nats_mcp::testing
