// SPDX-License-Identifier: MIT
#include "actors/main/watchdog.hpp"

#include <gtest/gtest.h>

#include <unistd.h>

namespace nats_mcp {
namespace {

using namespace std::chrono_literals;

/// What a process that is not ended in time exits with here.
constexpr int still_alive = 7;

class watchdogs : public ::testing::Test {
protected:
  void SetUp() override { GTEST_FLAG_SET(death_test_style, "threadsafe"); }

  [[noreturn]] static void hang() {
    for (;;) {
      ::pause();
    }
  }
};

TEST_F(watchdogs, end_a_process_that_hangs) {
  EXPECT_EXIT(
    {
      watchdog last_resort;
      last_resort.arm(10ms);
      hang();
    },
    ::testing::ExitedWithCode(0), "");
}

TEST_F(watchdogs, keep_to_the_earlier_of_two_ends) {
  EXPECT_EXIT(
    {
      watchdog last_resort;
      last_resort.arm(1h);
      last_resort.arm(10ms);
      last_resort.arm(1h);
      hang();
    },
    ::testing::ExitedWithCode(0), "");
}

TEST_F(watchdogs, let_go_of_a_process_that_ends_by_itself) {
  EXPECT_EXIT(
    {
      {
        watchdog last_resort;
        last_resort.arm(1h);
      }
      ::_exit(still_alive); // the watchdog's thread has ended, and at once
    },
    ::testing::ExitedWithCode(still_alive), "");
}

TEST_F(watchdogs, do_nothing_until_they_are_armed) {
  EXPECT_EXIT(
    {
      { watchdog last_resort; }
      ::_exit(still_alive);
    },
    ::testing::ExitedWithCode(still_alive), "");
}

} // namespace
} // namespace nats_mcp
