// SPDX-License-Identifier: MIT
// `nats-mcp-simulate` as its user meets it: exit codes, and what it prints.
#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <string>
#include <sys/wait.h>

namespace nats_mcp::simulation {
namespace {

struct outcome {
  int exit_code = -1;
  std::string output;
};

/// Runs the program with both streams in one.
outcome simulate(const std::string& arguments) {
  outcome ended;
  auto* stream = ::popen((NATS_MCP_SIMULATE " " + arguments + " 2>&1").c_str(), "r");
  std::array<char, 4096> chunk{};
  for (auto got = std::fread(chunk.data(), 1, chunk.size(), stream); got > 0;
       got = std::fread(chunk.data(), 1, chunk.size(), stream)) {
    ended.output.append(chunk.data(), got);
  }
  ended.exit_code = WEXITSTATUS(::pclose(stream));
  return ended;
}

TEST(simulate, says_how_many_seeds_passed) {
  const auto ended = simulate("--seeds 1..4 --jobs 2");
  EXPECT_EQ(ended.exit_code, 0) << ended.output;
  EXPECT_NE(ended.output.find("4 seeds, 0 failed"), std::string::npos) << ended.output;
}

TEST(simulate, takes_the_same_course_in_another_process) {
  const auto course = [](const outcome& ended) {
    const auto begin = ended.output.find("course ");
    return ended.output.substr(begin, ended.output.find('\n', begin) - begin);
  };
  const auto first = course(simulate("--seeds 8"));
  EXPECT_EQ(first.size(), std::string_view{"course "}.size() + 16) << first;
  EXPECT_EQ(course(simulate("--seeds 8")), first) << "whatever the addresses are";
}

TEST(simulate, explains_all_its_options_and_exit_codes) {
  const auto ended = simulate("--help");
  EXPECT_EQ(ended.exit_code, 0);
  for (const auto* word :
       {"--seeds", "--workload", "--faults", "--agents", "--steps", "--jobs", "--break", "--twice",
        "--trace", "Exit codes", "crash-gateway", "acknowledge-early", "channels"}) {
    EXPECT_NE(ended.output.find(word), std::string::npos) << word;
  }
}

TEST(simulate, refuses_what_it_does_not_know) {
  EXPECT_EQ(simulate("--seeds 9..1").exit_code, 1);
  EXPECT_EQ(simulate("--faults earthquake").exit_code, 1);
  EXPECT_EQ(simulate("--workload theft").exit_code, 1);
  EXPECT_EQ(simulate("--break everything").exit_code, 1);
  EXPECT_EQ(simulate("--agents 0").exit_code, 1);
  EXPECT_EQ(simulate("--wrong").exit_code, 1);
}

TEST(simulate, prints_the_plan_of_a_failing_seed_and_the_command_that_repeats_it) {
  const auto ended = simulate("--seeds 1..50 --break acknowledge-early");
  EXPECT_EQ(ended.exit_code, 2) << ended.output;
  EXPECT_NE(ended.output.find("no acknowledged message is lost"), std::string::npos);
  const auto command = ended.output.find("again: nats-mcp-simulate ");
  ASSERT_NE(command, std::string::npos) << ended.output;
  const auto begin = ended.output.find("--seeds", command);
  const auto again = simulate(ended.output.substr(begin, ended.output.find('\n', begin) - begin));
  EXPECT_EQ(again.exit_code, 2) << "the same seed fails again";
  EXPECT_NE(again.output.find(" says: {\"jsonrpc\""), std::string::npos) << "and tells its story";
}

} // namespace
} // namespace nats_mcp::simulation
