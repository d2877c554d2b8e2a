// SPDX-License-Identifier: MIT
// The local engine when nothing goes wrong: who gets which server, who may see what, and when it
// ends.
#include "tests/integration/engine_fixture.hpp"
#include "tests/integration/raw_nats.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/loopback_listener.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <set>
#include <signal.h>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

using namespace nats_mcp;
using namespace nats_mcp::transport;
using namespace std::chrono_literals;
using nats_mcp::testing::eventually;
using nats_mcp::testing::loopback_listener;
using nats_mcp::testing::observation;
using nats_mcp::testing::processes_that_mention;
using nats_mcp::testing::raw_nats;
using nats_mcp::testing::server_process;

namespace {

class local_engine : public nats_mcp::testing::engine_fixture {};

} // namespace

TEST_F(local_engine, starts_for_the_first_client_and_lets_in_who_has_the_token) {
  engine_client client{options_};
  const auto endpoint = client.endpoint(wanted());
  ASSERT_TRUE(endpoint.has_value()) << endpoint.error().message;
  EXPECT_TRUE(endpoint->local_engine);
  EXPECT_EQ(endpoint->url, "nats://127.0.0.1:" + std::to_string(endpoint->port));
  EXPECT_TRUE(may_send_token(*endpoint));
  raw_nats connection{endpoint->port, endpoint->token};
  EXPECT_TRUE(contains(connection.request("$JS.API.INFO", ""), "\"streams\":0"));
  EXPECT_THROW((raw_nats{endpoint->port, "wrong"}), std::runtime_error);
}

TEST_F(local_engine, is_one_for_twenty_clients_that_start_at_once) {
  std::vector<std::unique_ptr<server_process>> users;
  for (int index = 0; index < 20; ++index) {
    users.push_back(std::make_unique<server_process>(user()));
  }
  for (auto& each : users) {
    each->send("endpoint");
  }
  std::set<std::string> answers;
  for (auto& each : users) {
    const auto answer = each->read_line(30s);
    ASSERT_TRUE(answer.has_value()) << each->standard_error();
    ASSERT_FALSE(answer->contains("error")) << answer->dump();
    answers.insert(answer->dump());
  }
  EXPECT_EQ(answers.size(), 1U) << "all got the same port, token and process";
  // The parents that lost the race may still be on their way out.
  EXPECT_TRUE(eventually(5s, [&] {
    const auto holders = processes_with_open(files().engine_lock());
    const auto engine = processes_that_mention(files().server_configuration().string());
    return observation{holders.size() == 1 && engine.size() == 1,
                       std::to_string(holders.size()) + " holders, " + std::to_string(engine.size())
                         + " servers"};
  }));
}

TEST_F(local_engine, keeps_everything_from_other_users) {
  engine_client client{options_};
  ASSERT_TRUE(client.endpoint(wanted()).has_value());
  struct stat facts {};
  ASSERT_EQ(::stat(options_.directory.c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 07777U, 0700U);
  int seen = 0;
  for (const auto& entry : std::filesystem::directory_iterator{options_.directory}) {
    ASSERT_EQ(::stat(entry.path().c_str(), &facts), 0);
    EXPECT_EQ(facts.st_mode & 07777U, entry.is_directory() ? 0700U : 0600U) << entry.path();
    ++seen;
  }
  EXPECT_GE(seen, 6);
}

TEST_F(local_engine, shows_its_token_on_no_command_line_in_no_environment_and_in_no_log) {
  engine_client client{options_};
  const auto endpoint = client.endpoint(wanted());
  ASSERT_TRUE(endpoint.has_value());
  ASSERT_EQ(endpoint->token.size(), 64U);
  EXPECT_TRUE(processes_that_mention(endpoint->token).empty());
  for (const auto pid : processes_that_mention(options_.directory.string())) {
    const auto environment =
      read_small_file("/proc/" + std::to_string(pid) + "/environ", 1024 * 1024);
    ASSERT_TRUE(environment.has_value());
    EXPECT_FALSE(contains(*environment, endpoint->token));
  }
  const auto log = read_small_file(files().log(), 10 * 1024 * 1024);
  ASSERT_TRUE(log.has_value());
  EXPECT_FALSE(contains(*log, endpoint->token));
}

TEST_F(local_engine, is_nobodys_child_and_out_of_reach_of_the_clients_terminal) {
  engine_client client{options_};
  ASSERT_TRUE(client.endpoint(wanted()).has_value());
  const auto engine = record();
  EXPECT_NE(::getsid(engine.parent.pid), ::getsid(0));
  EXPECT_NE(::getsid(engine.server.pid), ::getsid(0));
  EXPECT_EQ(std::filesystem::read_symlink("/proc/" + std::to_string(engine.parent.pid) + "/cwd"),
            options_.directory);
  EXPECT_EQ(read_small_file("/proc/" + std::to_string(engine.parent.pid) + "/environ", 1000), "");
}

TEST_F(local_engine, ends_after_its_only_client_was_killed) {
  auto client = user();
  ASSERT_FALSE(ask(client).contains("error"));
  client.signal(SIGKILL);
  ASSERT_TRUE(client.wait_exit().has_value());
  EXPECT_TRUE(ends_within(10s));
  EXPECT_FALSE(std::filesystem::exists(files().record()));
}

TEST_F(local_engine, goes_on_while_one_client_uses_it) {
  auto first = user();
  auto second = user();
  const auto answer = ask(first);
  ASSERT_EQ(ask(second), answer);
  first.signal(SIGKILL);
  ASSERT_TRUE(first.wait_exit().has_value());
  // The engine looks for users far more often than it ends: after three idle times it would be
  // gone.
  const auto later = std::chrono::steady_clock::now() + 3 * options_.idle_end;
  EXPECT_TRUE(eventually(10s, [&] {
    return observation{std::chrono::steady_clock::now() > later, "too early"};
  }));
  EXPECT_EQ(ask(second), answer);
}

TEST_F(local_engine, starts_again_with_its_messages_after_it_ended) {
  {
    engine_client client{options_};
    const auto endpoint = client.endpoint(wanted());
    ASSERT_TRUE(endpoint.has_value());
    raw_nats connection{endpoint->port, endpoint->token};
    connection.request("$JS.API.STREAM.CREATE.KEPT", R"({"name":"KEPT","subjects":["kept"]})");
    ASSERT_TRUE(contains(connection.request("kept", "hello"), "\"seq\":1"));
  }
  ASSERT_TRUE(ends_within(10s));
  engine_client client{options_};
  const auto endpoint = client.endpoint(wanted());
  ASSERT_TRUE(endpoint.has_value()) << endpoint.error().message;
  raw_nats connection{endpoint->port, endpoint->token};
  EXPECT_TRUE(contains(connection.request("$JS.API.STREAM.INFO.KEPT", ""), "\"messages\":1"));
}

TEST_F(local_engine, leaves_the_way_to_a_server_on_the_default_port) {
  const loopback_listener server{"INFO {\"jetstream\":true}\r\n"};
  options_.default_port = server.port();
  engine_client client{options_};
  const auto endpoint = client.endpoint(wanted());
  ASSERT_TRUE(endpoint.has_value());
  EXPECT_EQ(endpoint->url, "nats://127.0.0.1:" + std::to_string(server.port()));
  EXPECT_FALSE(endpoint->local_engine);
  EXPECT_EQ(endpoint->token, "");
  EXPECT_EQ(server.heard(), "");
  EXPECT_FALSE(std::filesystem::exists(options_.directory));
}

TEST_F(local_engine, is_preferred_to_the_default_port_when_it_runs_already) {
  engine_client first{options_};
  const auto endpoint = first.endpoint(wanted());
  ASSERT_TRUE(endpoint.has_value());
  const loopback_listener server{"INFO {\"jetstream\":true}\r\n"};
  options_.default_port = server.port();
  engine_client second{options_};
  EXPECT_EQ(second.endpoint(wanted())->url, endpoint->url);
  EXPECT_EQ(server.connections(), 0);
}

TEST_F(local_engine, starts_when_the_server_on_the_default_port_is_of_no_use) {
  for (const auto* greeting :
       {"INFO {}\r\n", "INFO {\"jetstream\":true,\"auth_required\":true}\r\n",
        "INFO {\"jetstream\":true,\"tls_required\":true}\r\n", "SSH-2.0-x\r\n"}) {
    const loopback_listener server{greeting};
    options_.default_port = server.port();
    engine_client client{options_};
    const auto endpoint = client.endpoint(wanted());
    ASSERT_TRUE(endpoint.has_value()) << endpoint.error().message;
    EXPECT_TRUE(endpoint->local_engine) << greeting;
  }
}

TEST_F(local_engine, is_not_started_by_a_look_that_may_not_start_it) {
  engine_client client{options_};
  const auto endpoint = client.endpoint(wanted(start_policy::only_if_running));
  ASSERT_FALSE(endpoint.has_value());
  EXPECT_EQ(endpoint.error().code, ec::nats_unreachable);
  EXPECT_TRUE(contains(endpoint.error().message, "The local NATS engine does not run"));
  EXPECT_FALSE(std::filesystem::exists(options_.directory));
}

TEST_F(local_engine, is_neither_used_nor_started_when_the_user_says_never) {
  engine_client running{options_};
  ASSERT_TRUE(running.endpoint(wanted()).has_value());
  options_.use = local_engine_use::never;
  engine_client client{options_};
  const auto endpoint = client.endpoint(wanted());
  ASSERT_FALSE(endpoint.has_value());
  EXPECT_EQ(endpoint.error().code, ec::nats_unreachable);
  EXPECT_TRUE(contains(endpoint.error().message, "NATS_MCP_LOCAL=never"))
    << endpoint.error().message;
}

TEST_F(local_engine, says_what_to_install_when_there_is_no_nats_server) {
  options_.server_binary.clear();
  engine_client client{options_};
  const auto endpoint = client.endpoint(wanted());
  ASSERT_FALSE(endpoint.has_value());
  EXPECT_EQ(endpoint.error().code, ec::nats_unreachable);
  EXPECT_TRUE(contains(endpoint.error().message, "apt-get install nats-server"));
  EXPECT_FALSE(std::filesystem::exists(options_.directory));
}

TEST_F(local_engine, costs_nothing_before_the_first_request) {
  const engine_client client{options_};
  EXPECT_FALSE(std::filesystem::exists(options_.directory));
}
