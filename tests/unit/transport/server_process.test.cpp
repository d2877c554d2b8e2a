// SPDX-License-Identifier: MIT
// The fixture that judges the shipped binary is judged here, with programs whose behaviour is
// known.
#include "tests/support/server_process.hpp"

#include <gtest/gtest.h>

#include <signal.h>
#include <stdexcept>

using namespace nats_mcp;
using namespace std::chrono_literals;
using nats_mcp::testing::server_options;
using nats_mcp::testing::server_process;
using transport::exit_status;

namespace {

/// Not a server at all: answers every line with the same line.
server_options echo() {
  server_options options;
  options.binary = "/bin/cat";
  return options;
}

server_options shell_process(const std::string& script) {
  server_options options;
  options.binary = "/bin/sh";
  options.arguments = {"-c", script};
  return options;
}

} // namespace

TEST(server_process, reads_the_lines_in_order) {
  server_process server{echo()};
  EXPECT_TRUE(server.send(R"({"a":1})"));
  EXPECT_TRUE(server.send("[2]"));
  EXPECT_EQ(server.read_line()->dump(), R"({"a":1})");
  EXPECT_EQ(server.read_line()->dump(), "[2]");
}

TEST(server_process, has_no_line_at_the_deadline) {
  server_process server{echo()};
  EXPECT_EQ(server.read_line(10ms), std::nullopt);
}

TEST(server_process, finds_the_response_among_other_lines_and_keeps_those) {
  server_process server{
    shell_process(R"(read line; echo '{"method":"note"}'; echo '{"id":2,"result":2}'; )"
                  R"(echo '{"id":1,"result":1}'; cat >/dev/null)")};
  EXPECT_EQ(server.request("ping").at("result"), 1);
  EXPECT_EQ(server.read_line()->dump(), R"({"method":"note"})");
  EXPECT_EQ(server.read_line()->dump(), R"({"id":2,"result":2})");
}

TEST(server_process, throws_at_a_line_that_is_no_json) {
  server_process server{shell_process("echo 'Server started'; cat >/dev/null")};
  EXPECT_THROW(server.read_line(), std::runtime_error);
}

TEST(server_process, throws_when_a_response_does_not_come) {
  server_process server{shell_process("cat >/dev/null")};
  EXPECT_THROW(server.request("ping", json::value::object(), 20ms), std::runtime_error);
}

TEST(server_process, throws_when_the_output_ends_within_a_line) {
  server_process server{shell_process("printf '{\"id\":1'")};
  EXPECT_THROW(server.wait_exit(), std::runtime_error);
}

TEST(server_process, sees_the_exit_code_and_standard_error_after_the_end_of_input) {
  server_process server{shell_process("cat; echo trouble >&2; exit 3")};
  server.close_input();
  EXPECT_EQ(server.wait_exit(), (exit_status{3, std::nullopt}));
  EXPECT_EQ(server.standard_error(), "trouble\n");
  EXPECT_TRUE(server.at_end());
  EXPECT_FALSE(server.send("{}"));
}

TEST(server_process, sees_the_signal_that_ended_it) {
  server_process server{echo()};
  server.signal(SIGKILL);
  EXPECT_EQ(server.wait_exit(), (exit_status{std::nullopt, SIGKILL}));
}

TEST(server_process, moves_more_than_both_pipes_hold) {
  server_process server{echo()};
  const std::string line = "\"" + std::string(200'000, 'x') + "\"";
  for (int index = 0; index < 20; ++index) {
    ASSERT_TRUE(server.send(line));
  }
  for (int index = 0; index < 20; ++index) {
    ASSERT_EQ(server.read_line()->get_ref<const std::string&>().size(), 200'000U);
  }
}

TEST(server_process, keeps_the_users_own_engine_out_of_reach) {
  server_process server{shell_process(R"(echo "\"$HOME $NATS_MCP_LOCAL $EXTRA\"")")};
  EXPECT_EQ(server.read_line()->dump(), "\"/nonexistent never \"");
  auto options = shell_process(R"(echo "\"$HOME $EXTRA\"")");
  options.environment = {{"HOME", "/tmp"}, {"EXTRA", "yes"}};
  server_process told{options};
  EXPECT_EQ(told.read_line()->dump(), "\"/tmp yes\"");
}
