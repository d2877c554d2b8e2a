// SPDX-License-Identifier: MIT
// The local engine when processes are killed, suspended or not who they claim to be.
#include "tests/integration/engine_fixture.hpp"
#include "tests/integration/raw_nats.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/loopback_listener.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <signal.h>
#include <sys/stat.h>
#include <thread>

using namespace nats_mcp;
using namespace nats_mcp::transport;
using namespace std::chrono_literals;
using nats_mcp::testing::eventually;
using nats_mcp::testing::loopback_listener;
using nats_mcp::testing::observation;
using nats_mcp::testing::raw_nats;

namespace {

class local_engine_faults : public nats_mcp::testing::engine_fixture {
protected:
  /// A program that stands in for nats-server.
  std::filesystem::path script(const std::string& text) const {
    const auto file = folder_.path() / "nats-server";
    std::ofstream{file} << "#!/bin/sh\n" << text << '\n';
    ::chmod(file.c_str(), 0755);
    return file;
  }

  /// Suspends a process and waits until it is.
  static void suspend(const process_identity& process) {
    ASSERT_TRUE(signal_process(process, SIGSTOP));
    ASSERT_TRUE(eventually(5s, [&] {
      return observation{condition_of(process) == process_condition::stopped, "not suspended"};
    }));
  }
};

} // namespace

TEST_F(local_engine_faults, a_killed_nats_server_is_started_again_with_its_messages) {
  engine_client client{options_};
  const auto before = client.endpoint(wanted());
  ASSERT_TRUE(before.has_value());
  {
    raw_nats connection{before->port, before->token};
    connection.request("$JS.API.STREAM.CREATE.KEPT", R"({"name":"KEPT","subjects":["kept"]})");
    for (int index = 1; index <= 100; ++index) {
      ASSERT_TRUE(
        contains(connection.request("kept", "hello"), "\"seq\":" + std::to_string(index)));
    }
  }
  ASSERT_TRUE(signal_process(before->server, SIGKILL));
  ASSERT_TRUE(eventually(5s, [&] {
    return observation{condition_of(before->server) == process_condition::gone, "alive"};
  }));
  EXPECT_FALSE(may_send_token(*before));
  const auto after = client.endpoint(wanted());
  ASSERT_TRUE(after.has_value()) << after.error().message;
  EXPECT_NE(after->server, before->server);
  EXPECT_NE(after->token, before->token);
  raw_nats connection{after->port, after->token};
  EXPECT_TRUE(contains(connection.request("$JS.API.STREAM.INFO.KEPT", ""), "\"messages\":100"));
}

TEST_F(local_engine_faults, a_killed_parent_takes_its_nats_server_along) {
  engine_client client{options_};
  const auto before = client.endpoint(wanted());
  ASSERT_TRUE(before.has_value());
  ASSERT_TRUE(signal_process(record().parent, SIGKILL));
  ASSERT_TRUE(eventually(10s, [&] {
    return observation{condition_of(before->server) == process_condition::gone, "alive"};
  }));
  const auto after = client.endpoint(wanted());
  ASSERT_TRUE(after.has_value()) << after.error().message;
  EXPECT_TRUE(may_send_token(*after));
}

TEST_F(local_engine_faults, a_client_that_comes_right_after_the_parents_death_gets_a_new_engine) {
  engine_client client{options_};
  const auto before = client.endpoint(wanted());
  ASSERT_TRUE(before.has_value());
  for (int round = 0; round < 5; ++round) {
    const auto parent = record().parent;
    ASSERT_TRUE(signal_process(parent, SIGKILL));
    // Its nats-server may still be on its way out, and holds the store.
    ASSERT_TRUE(eventually(5s, [&] {
      return observation{condition_of(parent) == process_condition::gone, "alive"};
    }));
    const auto after = client.endpoint(wanted());
    ASSERT_TRUE(after.has_value()) << after.error().message;
    EXPECT_NO_THROW((raw_nats{after->port, after->token}));
  }
}

TEST_F(local_engine_faults, a_suspended_nats_server_is_told_apart) {
  engine_client client{options_};
  const auto endpoint = client.endpoint(wanted());
  ASSERT_TRUE(endpoint.has_value());
  suspend(endpoint->server);
  const auto pid = std::to_string(endpoint->server.pid);
  const auto again = client.endpoint(wanted());
  ASSERT_FALSE(again.has_value());
  EXPECT_EQ(again.error().code, ec::nats_unreachable);
  EXPECT_EQ(
    again.error().message,
    "The local NATS engine is stopped: nats-server, process " + pid
      + ", exists but was suspended, as by SIGSTOP or Ctrl-Z. Let it go on with `kill -CONT " + pid
      + "`, or end it with `nats-mcp-server local stop --force`.");
  ASSERT_TRUE(signal_process(endpoint->server, SIGCONT));
  EXPECT_TRUE(client.endpoint(wanted()).has_value());
}

TEST_F(local_engine_faults, a_suspended_parent_does_not_take_nats_from_its_clients) {
  engine_client client{options_};
  const auto endpoint = client.endpoint(wanted());
  ASSERT_TRUE(endpoint.has_value());
  suspend(record().parent);
  EXPECT_EQ(client.endpoint(wanted())->url, endpoint->url);
  ASSERT_TRUE(signal_process(record().parent, SIGCONT));
}

TEST_F(local_engine_faults, a_suspended_server_whose_parent_died_is_named) {
  engine_client client{options_};
  const auto before = client.endpoint(wanted());
  ASSERT_TRUE(before.has_value());
  suspend(before->server);
  ASSERT_TRUE(signal_process(record().parent, SIGKILL));
  const auto again = client.endpoint(
    {start_policy::start_if_needed, {std::chrono::steady_clock::now() + 500ms, {}}});
  ASSERT_FALSE(again.has_value());
  EXPECT_TRUE(contains(again.error().message, "The local NATS engine is stopped: nats-server"))
    << again.error().message;
  // The signal of its parent's death waits for it.
  ASSERT_TRUE(signal_process(before->server, SIGCONT));
  const auto after = client.endpoint(wanted());
  EXPECT_TRUE(after.has_value()) << after.error().message;
}

TEST_F(local_engine_faults, another_process_on_the_recorded_port_never_hears_the_token) {
  const loopback_listener stranger{"INFO {\"jetstream\":true}\r\n"};
  child_options sleeper;
  sleeper.executable = "/bin/sleep";
  sleeper.arguments = {"60"};
  auto other = child_process::start(sleeper);
  ASSERT_TRUE(other.has_value());
  const auto living = look_up(other->pid())->identity;
  ASSERT_TRUE(files().prepare().has_value());
  const engine_record claim{stranger.port(), "secret", living, living};
  ASSERT_TRUE(replace_file(files().record(), write_record(claim)).has_value());
  EXPECT_FALSE(may_send_token({"", "secret", true, stranger.port(), living}));
  engine_client client{options_};
  const auto endpoint = client.endpoint(wanted());
  ASSERT_TRUE(endpoint.has_value()) << endpoint.error().message;
  EXPECT_NE(endpoint->port, stranger.port());
  EXPECT_EQ(stranger.connections(), 0);
  EXPECT_EQ(stranger.heard(), "");
}

TEST_F(local_engine_faults, a_record_that_makes_no_sense_is_replaced) {
  ASSERT_TRUE(files().prepare().has_value());
  ASSERT_TRUE(replace_file(files().record(), "{\"port\":").has_value());
  engine_client client{options_};
  EXPECT_TRUE(client.endpoint(wanted()).has_value());
}

TEST_F(local_engine_faults, an_engine_whose_directory_was_removed_ends) {
  engine_client client{options_};
  const auto before = client.endpoint(wanted());
  ASSERT_TRUE(before.has_value());
  ASSERT_TRUE(eventually(10s, [this] { // nats-server may write while it is removed
    std::error_code failure;
    std::filesystem::remove_all(options_.directory, failure);
    return observation{!failure, failure.message()};
  }));
  EXPECT_TRUE(ends_within(10s));
  const auto after = client.endpoint(wanted());
  ASSERT_TRUE(after.has_value()) << after.error().message;
  EXPECT_NO_THROW((raw_nats{after->port, after->token}));
  EXPECT_FALSE(take_lock(files().users_lock(), lock_kind::exclusive).has_value())
    << "the client counts as a user of the new engine";
}

TEST_F(local_engine_faults, a_nats_server_that_does_not_start_is_quoted) {
  options_.server_binary = script("echo 'disk is on fire' >&2; exit 1");
  engine_client client{options_};
  const auto endpoint = client.endpoint(wanted());
  ASSERT_FALSE(endpoint.has_value());
  EXPECT_EQ(endpoint.error().code, ec::nats_unreachable);
  EXPECT_TRUE(contains(endpoint.error().message,
                       "nats-server exited with code 1; its last words: disk is on fire."))
    << endpoint.error().message;
}

TEST_F(local_engine_faults, a_nats_server_that_never_answers_is_ended) {
  options_.server_binary = script("exec sleep 60");
  options_.start_timeout = 100ms;
  engine_client client{options_};
  const auto endpoint = client.endpoint(wanted());
  ASSERT_FALSE(endpoint.has_value());
  EXPECT_TRUE(contains(endpoint.error().message, "did not answer within 100 ms"))
    << endpoint.error().message;
}

TEST_F(local_engine_faults, a_store_held_by_a_stranger_is_said) {
  ASSERT_TRUE(files().prepare().has_value());
  const auto lock = take_lock(files().engine_lock(), lock_kind::exclusive);
  ASSERT_TRUE(lock.has_value());
  engine_client client{options_};
  const auto endpoint = client.endpoint(
    {start_policy::start_if_needed, {std::chrono::steady_clock::now() + 300ms, {}}});
  ASSERT_FALSE(endpoint.has_value());
  EXPECT_EQ(endpoint.error().code, ec::nats_unreachable);
  EXPECT_TRUE(contains(endpoint.error().message, options_.directory.string()));
}

TEST_F(local_engine_faults, a_wait_is_called_off) {
  ASSERT_TRUE(files().prepare().has_value());
  const auto lock = take_lock(files().engine_lock(), lock_kind::exclusive);
  ASSERT_TRUE(lock.has_value());
  std::stop_source stop;
  engine_client client{options_};
  std::jthread later{[&] { stop.request_stop(); }};
  const auto endpoint = client.endpoint(
    {start_policy::start_if_needed, {std::chrono::steady_clock::now() + 60s, stop.get_token()}});
  ASSERT_FALSE(endpoint.has_value());
  EXPECT_EQ(endpoint.error().code, ec::cancelled);
}

TEST_F(local_engine_faults, a_client_that_dies_while_it_starts_the_engine_harms_nobody) {
  for (int round = 0; round < 5; ++round) {
    auto hasty = user();
    hasty.send("endpoint");
    ASSERT_TRUE(eventually(5s, [&] {
      return observation{std::filesystem::exists(files().users_lock()), "has not begun"};
    }));
    hasty.signal(SIGKILL);
    ASSERT_TRUE(hasty.wait_exit().has_value());
  }
  engine_client client{options_};
  const auto endpoint = client.endpoint(wanted());
  ASSERT_TRUE(endpoint.has_value()) << endpoint.error().message;
  EXPECT_NO_THROW((raw_nats{endpoint->port, endpoint->token}));
}

TEST_F(local_engine_faults, clients_that_come_while_it_ends_are_served_by_the_next) {
  options_.idle_end = 10ms;
  for (int round = 0; round < 15; ++round) {
    engine_client client{options_};
    const auto endpoint = client.endpoint(wanted());
    ASSERT_TRUE(endpoint.has_value()) << "round " << round << ": " << endpoint.error().message;
    ASSERT_NO_THROW((raw_nats{endpoint->port, endpoint->token})) << "round " << round;
  }
}
