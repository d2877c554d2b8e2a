// SPDX-License-Identifier: MIT
// `nats-mcp-server local …` as a human uses it: sentences and exit codes.
#include "tests/integration/engine_fixture.hpp"
#include "tests/support/eventually.hpp"

#include <gtest/gtest.h>

#include <signal.h>
#include <unistd.h>

using namespace nats_mcp;
using namespace nats_mcp::transport;
using namespace std::chrono_literals;
using nats_mcp::testing::eventually;
using nats_mcp::testing::observation;

namespace {

class local_commands : public nats_mcp::testing::engine_fixture {
protected:
  bool says(const std::string& part) const { return said_.find(part) != std::string::npos; }

  std::string said_;
};

} // namespace

TEST_F(local_commands, find_no_engine_before_the_first_use) {
  EXPECT_EQ(local({"status"}, said_), 3);
  EXPECT_TRUE(says("No local NATS engine runs")) << said_;
  EXPECT_EQ(local({"stop"}, said_), 0);
  EXPECT_EQ(said_, "No local NATS engine runs.\n");
  EXPECT_FALSE(std::filesystem::exists(options_.directory));
}

TEST_F(local_commands, start_show_and_stop_the_engine) {
  EXPECT_EQ(local({"start"}, said_), 0);
  const auto engine = record();
  EXPECT_TRUE(says("The local NATS engine runs at nats://127.0.0.1:" + std::to_string(engine.port)))
    << said_;
  EXPECT_TRUE(says("It ends when nobody has used it for 60 s.")) << said_;
  EXPECT_EQ(local({"start"}, said_), 0);
  EXPECT_EQ(record(), engine) << "the second start finds the first one's engine";
  EXPECT_EQ(local({"status"}, said_), 0);
  EXPECT_TRUE(says("Nobody uses it.")) << said_;
  EXPECT_EQ(local({"stop"}, said_), 0);
  EXPECT_TRUE(says("has ended; its messages are kept in " + options_.directory.string())) << said_;
  EXPECT_TRUE(ends_within(1s));
  EXPECT_EQ(local({"status"}, said_), 3);
}

TEST_F(local_commands, live_below_the_home_directory_when_xdg_data_home_is_unset) {
  child_options command;
  command.executable = options_.own_binary;
  command.arguments = {"local", "start", "--idle-end-ms", "50"};
  command.environment = {"HOME=" + folder_.path().string()};
  auto child = child_process::start(command);
  ASSERT_TRUE(child.has_value());
  EXPECT_EQ(child->wait_until(std::chrono::steady_clock::now() + 20s), (exit_status{0, {}}));
  const auto directory = folder_.path() / ".local/share/nats-mcp";
  EXPECT_TRUE(std::filesystem::exists(directory / "store"));
  EXPECT_TRUE(eventually(10s, [&] {
    const auto left = nats_mcp::testing::processes_that_mention(directory.string());
    return observation{left.empty(), std::to_string(left.size()) + " processes"};
  }));
}

TEST_F(local_commands, do_not_take_the_engine_from_its_users_unless_forced) {
  auto client = user();
  ASSERT_FALSE(ask(client).contains("error"));
  const auto name = "engine_user (process " + std::to_string(client.pid()) + ")";
  EXPECT_EQ(local({"status"}, said_), 0);
  EXPECT_TRUE(says("Used by:\n  process " + std::to_string(client.pid()) + ", engine_user\n"))
    << said_;
  EXPECT_EQ(local({"stop"}, said_), 5);
  EXPECT_TRUE(says("was not ended: 1 process uses it: " + name)) << said_;
  EXPECT_EQ(local({"stop", "--force"}, said_), 0);
  EXPECT_TRUE(says("has ended")) << said_;
  EXPECT_FALSE(ask(client).contains("error")) << "its next request starts the engine again";
}

TEST_F(local_commands, tell_a_suspended_engine_and_end_it) {
  ASSERT_EQ(local({"start"}, said_), 0);
  const auto engine = record();
  ASSERT_TRUE(signal_process(engine.server, SIGSTOP));
  ASSERT_TRUE(eventually(5s, [&] {
    return observation{condition_of(engine.server) == process_condition::stopped, "running"};
  }));
  EXPECT_EQ(local({"status"}, said_), 4);
  EXPECT_TRUE(says("is suspended (nats-server, process " + std::to_string(engine.server.pid)))
    << said_;
  EXPECT_EQ(local({"stop", "--force"}, said_), 0);
  EXPECT_TRUE(ends_within(1s));
}

TEST_F(local_commands, end_an_engine_whose_parent_and_server_are_suspended) {
  ASSERT_EQ(local({"start"}, said_), 0);
  const auto engine = record();
  ASSERT_TRUE(signal_process(engine.server, SIGSTOP));
  ASSERT_TRUE(signal_process(engine.parent, SIGSTOP));
  EXPECT_EQ(local({"stop"}, said_), 0) << said_;
  EXPECT_TRUE(ends_within(1s));
}

TEST_F(local_commands, run_one_engine_in_the_foreground_until_a_signal) {
  auto pipe = make_pipe();
  child_options command;
  command.executable = options_.own_binary;
  command.arguments = {"local", "run", "--directory", options_.directory.string()};
  command.environment.emplace();
  command.descriptors = {{pipe->write.number(), STDOUT_FILENO}};
  auto first = child_process::start(command);
  ASSERT_TRUE(first.has_value());
  std::array<char, 1024> block{};
  const auto count = ::read(pipe->read.number(), block.data(), block.size());
  ASSERT_GT(count, 0);
  const std::string greeting{block.data(), static_cast<std::size_t>(count)};
  EXPECT_EQ(greeting.find("The local NATS engine answers at nats://127.0.0.1:"), 0U) << greeting;
  EXPECT_EQ(local({"run"}, said_), 3);
  EXPECT_TRUE(says("Another local NATS engine has the store")) << said_;
  first->signal(SIGINT);
  EXPECT_EQ(first->wait_until(std::chrono::steady_clock::now() + 10s), (exit_status{0, {}}));
}

TEST_F(local_commands, explain_a_failure_on_standard_error) {
  EXPECT_EQ(local({"start", "--directory", "/proc/nats-mcp"}, said_), 1);
  EXPECT_TRUE(says("Cannot make the local NATS engine's directory /proc/nats-mcp")) << said_;
  EXPECT_EQ(local({"run", "--server-binary", "/nonexistent/nats-server"}, said_), 1);
  EXPECT_TRUE(says("Cannot start the program /nonexistent/nats-server")) << said_;
}

TEST_F(local_commands, list_their_exit_codes) {
  EXPECT_EQ(local({"--help"}, said_), 0);
  EXPECT_TRUE(says("Exit codes: 0 done")) << said_;
}
