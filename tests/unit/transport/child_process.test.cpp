// SPDX-License-Identifier: MIT
#include "transport/process/child_process.hpp"

#include "transport/process/process_table.hpp"

#include "tests/support/eventually.hpp"
#include "tests/support/temporary_directory.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstdlib>
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <thread>
#include <unistd.h>

using namespace nats_mcp;
using namespace nats_mcp::transport;
using namespace std::chrono_literals;
using nats_mcp::testing::eventually;
using nats_mcp::testing::observation;

namespace {

monotonic_time in(std::chrono::milliseconds duration) {
  return std::chrono::steady_clock::now() + duration;
}

child_options shell(const std::string& script) {
  child_options options;
  options.executable = "/bin/sh";
  options.arguments = {"-c", script};
  return options;
}

/// Runs a script with its standard output caught.
std::string output_of(child_options options) {
  auto pipe = make_pipe();
  options.descriptors.push_back({pipe->write.number(), STDOUT_FILENO});
  auto child = child_process::start(options);
  EXPECT_TRUE(child.has_value());
  pipe->write.reset();
  std::string text;
  std::array<char, 4096> block{};
  for (;;) {
    const auto count = ::read(pipe->read.number(), block.data(), block.size());
    if (count <= 0) {
      break;
    }
    text.append(block.data(), static_cast<std::size_t>(count));
  }
  EXPECT_TRUE(child->wait_until(in(5s)).has_value());
  return text;
}

} // namespace

TEST(child_process, reports_the_exit_code) {
  auto child = child_process::start(shell("exit 7"));
  ASSERT_TRUE(child.has_value());
  EXPECT_EQ(child->wait_until(in(5s)), (exit_status{7, std::nullopt}));
}

TEST(child_process, reports_the_signal_that_ended_it) {
  auto child = child_process::start(shell("kill -9 $$"));
  ASSERT_TRUE(child.has_value());
  const auto status = child->wait_until(in(5s));
  EXPECT_EQ(status, (exit_status{std::nullopt, SIGKILL}));
  EXPECT_EQ(to_string(*status), "was ended by signal 9 (Killed)");
}

TEST(child_process, still_runs_at_the_deadline) {
  auto child = child_process::start(shell("exec sleep 60"));
  ASSERT_TRUE(child.has_value());
  EXPECT_EQ(child->wait_until(in(10ms)), std::nullopt);
}

TEST(child_process, names_a_program_that_does_not_exist) {
  child_options options;
  options.executable = "/nonexistent/program";
  const auto child = child_process::start(options);
  ASSERT_FALSE(child.has_value());
  EXPECT_EQ(child.error().code, ec::system_error);
  EXPECT_EQ(child.error().message, "Cannot start the program /nonexistent/program: No such file or "
                                   "directory (errno 2).");
}

TEST(child_process, hands_arguments_over_without_a_shell) {
  child_options options;
  options.executable = "/bin/echo";
  options.arguments = {"a b", "$HOME", "*", "'"};
  EXPECT_EQ(output_of(options), "a b $HOME * '\n");
}

TEST(child_process, gives_the_child_exactly_the_environment_it_is_told) {
  child_options options;
  options.executable = "/usr/bin/env";
  options.environment = {"ONE=1", "TWO=2"};
  EXPECT_EQ(output_of(options), "ONE=1\nTWO=2\n");
  options.environment.emplace();
  EXPECT_EQ(output_of(options), "");
}

TEST(child_process, starts_in_the_working_directory) {
  auto options = shell("pwd");
  options.working_directory = "/usr";
  EXPECT_EQ(output_of(options), "/usr\n");
}

TEST(child_process, closes_every_descriptor_that_is_not_listed) {
  // Not marked close-on-exec on purpose: somebody else's library opened it.
  const descriptor leaking{::open("/dev/zero", O_RDONLY)};
  ASSERT_GT(leaking.number(), 2);
  child_options options;
  options.executable = "/bin/ls";
  options.arguments = {"/proc/self/fd"};
  // 3 is the directory that ls itself reads.
  EXPECT_EQ(output_of(options), "0\n1\n2\n3\n");
}

TEST(child_process, places_descriptors_whose_numbers_cross) {
  const descriptor first{::memfd_create("first", MFD_CLOEXEC)};
  const descriptor second{::memfd_create("second", MFD_CLOEXEC)};
  auto options = shell("readlink /proc/$$/fd/" + std::to_string(first.number())
                       + "; readlink /proc/$$/fd/" + std::to_string(second.number()));
  options.descriptors = {{first.number(), second.number()}, {second.number(), first.number()}};
  EXPECT_EQ(output_of(options), "/memfd:second (deleted)\n/memfd:first (deleted)\n");
}

TEST(child_process, starts_with_no_signal_blocked_or_ignored) {
  ::signal(SIGPIPE, SIG_IGN);
  sigset_t blocked;
  sigemptyset(&blocked);
  sigaddset(&blocked, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &blocked, nullptr);
  child_options options;
  options.executable = "/bin/grep";
  options.arguments = {"-E", "^Sig(Blk|Ign)", "/proc/self/status"};
  EXPECT_EQ(output_of(options), "SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n");
  pthread_sigmask(SIG_UNBLOCK, &blocked, nullptr);
}

TEST(child_process, leads_a_session_of_its_own_when_asked) {
  auto options = shell("echo $$; ps -o sid= -p $$ | tr -d ' '");
  options.session = child_session::own;
  const auto text = output_of(options);
  const auto end = text.find('\n');
  EXPECT_EQ(text.substr(0, end + 1), text.substr(end + 1));
}

TEST(child_process, ends_with_the_signal_when_the_child_obeys) {
  auto child = child_process::start(shell("exec sleep 60"));
  ASSERT_TRUE(child.has_value());
  EXPECT_EQ(child->end(SIGTERM, 5s), (exit_status{std::nullopt, SIGTERM}));
}

TEST(child_process, kills_a_child_that_does_not_obey_in_time) {
  auto pipe = make_pipe();
  auto options = shell("trap '' TERM; echo ready; while :; do sleep 60; done");
  options.descriptors = {{pipe->write.number(), STDOUT_FILENO}};
  options.session = child_session::own;
  auto child = child_process::start(options);
  ASSERT_TRUE(child.has_value());
  char letter = 0;
  ASSERT_EQ(::read(pipe->read.number(), &letter, 1), 1);
  EXPECT_EQ(child->end(SIGTERM, 20ms), (exit_status{std::nullopt, SIGKILL}));
  ::kill(-child->pid(), SIGKILL); // the shell's sleep
}

TEST(child_process, ends_a_suspended_child_in_order) {
  auto child = child_process::start(shell("exec sleep 60"));
  ASSERT_TRUE(child.has_value());
  child->signal(SIGSTOP);
  ASSERT_TRUE(eventually(5s, [&] {
    return observation{look_up(child->pid())->condition == process_condition::stopped, "running"};
  }));
  EXPECT_EQ(child->end(SIGTERM, 5s), (exit_status{std::nullopt, SIGTERM}));
}

TEST(child_process, does_not_outlive_its_owner) {
  pid_t pid = 0;
  {
    auto child = child_process::start(shell("exec sleep 60"));
    ASSERT_TRUE(child.has_value());
    pid = child->pid();
  }
  EXPECT_EQ(::kill(pid, 0), -1);
}

TEST(child_process, gets_the_death_signal_when_the_starting_thread_ends) {
  std::optional<child_process> child;
  std::thread{[&] {
    auto options = shell("exec sleep 60");
    options.parent_death_signal = SIGTERM;
    auto started = child_process::start(options);
    ASSERT_TRUE(started.has_value());
    child.emplace(std::move(*started));
  }}.join();
  ASSERT_TRUE(child.has_value());
  EXPECT_EQ(child->wait_until(in(5s)), (exit_status{std::nullopt, SIGTERM}));
}

TEST(child_process, starts_while_other_threads_allocate) {
  std::atomic<bool> done{false};
  std::vector<std::thread> noise;
  for (int index = 0; index < 3; ++index) {
    noise.emplace_back([&done, length = std::size_t{0}]() mutable {
      while (!done) {
        std::string text(++length % 5000, 'x');
        ASSERT_NE(text.data(), nullptr);
      }
    });
  }
  for (int round = 0; round < 100; ++round) {
    auto child = child_process::start(shell("exit 0"));
    ASSERT_TRUE(child.has_value());
    EXPECT_EQ(child->wait_until(in(10s)), (exit_status{0, std::nullopt}));
  }
  done = true;
  for (auto& thread : noise) {
    thread.join();
  }
}

TEST(detached_process, is_nobodys_child_and_in_a_session_of_its_own) {
  const auto started = start_detached(shell("exec sleep 60"));
  ASSERT_TRUE(started.has_value());
  const auto facts = look_up(*started);
  ASSERT_TRUE(facts.has_value());
  EXPECT_NE(::getsid(*started), ::getsid(0));
  EXPECT_EQ(::waitpid(*started, nullptr, WNOHANG), -1);
  EXPECT_TRUE(signal_process(facts->identity, SIGKILL));
  EXPECT_TRUE(eventually(5s, [&] {
    return observation{condition_of(facts->identity) == process_condition::gone, "alive"};
  }));
}

TEST(detached_process, names_a_program_that_does_not_exist) {
  child_options options;
  options.executable = "/nonexistent/program";
  const auto started = start_detached(options);
  ASSERT_FALSE(started.has_value());
  EXPECT_EQ(started.error().code, ec::system_error);
}
