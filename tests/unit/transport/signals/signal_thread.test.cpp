// SPDX-License-Identifier: MIT
#include "transport/signals/signal_thread.hpp"

#include "transport/process/descriptor.hpp"

#include <gtest/gtest.h>

#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <csignal>
#include <mutex>
#include <unistd.h>
#include <vector>

namespace nats_mcp::transport::signal_thread_test {

namespace {

class signal_thread_test : public ::testing::Test {
protected:
  signal_thread_test() { prepare_signals(); }

  void note(termination_signal arrived) {
    {
      std::lock_guard lock{mutex_};
      seen_.push_back(arrived);
    }
    changed_.notify_all();
  }

  /// What arrived, as soon as `count` signals have.
  std::vector<termination_signal> wait_for(std::size_t count) {
    std::unique_lock lock{mutex_};
    changed_.wait_for(lock, std::chrono::seconds{10}, [&] { return seen_.size() >= count; });
    return seen_;
  }

private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<termination_signal> seen_;
};

using signals = std::vector<termination_signal>;

} // namespace

TEST_F(signal_thread_test, calls_back_once_for_each_signal) {
  signal_thread thread{[this](termination_signal arrived) { note(arrived); }};
  ::kill(::getpid(), SIGINT);
  EXPECT_EQ(wait_for(1), (signals{termination_signal::interrupt}));
  ::kill(::getpid(), SIGTERM);
  EXPECT_EQ(wait_for(2), (signals{termination_signal::interrupt, termination_signal::terminate}));
  ::kill(::getpid(), SIGHUP);
  EXPECT_EQ(wait_for(3).back(), termination_signal::hang_up);
}

TEST_F(signal_thread_test, sees_a_signal_that_came_before_it_existed) {
  ::kill(::getpid(), SIGTERM);
  signal_thread thread{[this](termination_signal arrived) { note(arrived); }};
  EXPECT_EQ(wait_for(1), (signals{termination_signal::terminate}));
}

TEST_F(signal_thread_test, can_be_ended_and_started_again) {
  for (std::size_t i = 1; i <= 20; ++i) {
    signal_thread thread{[this](termination_signal arrived) { note(arrived); }};
    ::kill(::getpid(), SIGTERM);
    EXPECT_EQ(wait_for(i).size(), i);
  }
}

TEST_F(signal_thread_test, ignores_a_broken_pipe) {
  auto ends = make_pipe();
  ASSERT_TRUE(ends);
  ends->read.reset();
  EXPECT_EQ(::write(ends->write.number(), "x", 1), -1);
  EXPECT_EQ(errno, EPIPE);
}

TEST(termination_signals, have_their_usual_names) {
  EXPECT_EQ(to_string(termination_signal::interrupt), "SIGINT");
  EXPECT_EQ(to_string(termination_signal::terminate), "SIGTERM");
  EXPECT_EQ(to_string(termination_signal::hang_up), "SIGHUP");
}

} // namespace nats_mcp::transport::signal_thread_test
