// SPDX-License-Identifier: MIT
#include "actors/main/exit_latch.hpp"

#include <gtest/gtest.h>

#include <thread>

namespace nats_mcp {
namespace {

using namespace std::chrono_literals;

TEST(exit_latch, waits_for_a_reason) {
  exit_latch latch;
  std::thread other{[&] { latch.post(exit_reason::signal); }};
  EXPECT_EQ(latch.wait(1h), exit_reason::signal);
  other.join();
}

TEST(exit_latch, keeps_the_strongest_reason) {
  exit_latch latch;
  latch.post(exit_reason::signal);
  latch.post(exit_reason::end_of_input);
  latch.post(exit_reason::client_gone);
  EXPECT_EQ(latch.wait(1h), exit_reason::signal);
}

TEST(exit_latch, lets_the_session_take_its_last_lines_after_the_client_has_gone) {
  exit_latch latch;
  latch.post(exit_reason::client_gone);
  std::thread session{[&] { latch.post(exit_reason::end_of_input); }};
  EXPECT_EQ(latch.wait(1h), exit_reason::end_of_input);
  session.join();
}

TEST(exit_latch, does_not_wait_for_ever_for_a_session_that_is_down) {
  exit_latch latch;
  latch.post(exit_reason::client_gone);
  EXPECT_EQ(latch.wait(10ms), exit_reason::client_gone);
}

} // namespace
} // namespace nats_mcp
