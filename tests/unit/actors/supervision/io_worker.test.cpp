// SPDX-License-Identifier: MIT
#include "actors/io_worker.hpp"

#include "protocol/limits.hpp"

#include "tests/support/eventually.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <thread>

namespace nats_mcp::io_worker_test {

namespace {

using namespace std::chrono_literals;
using witness_actor = caf::typed_actor<caf::reacts_to<int>>;

/// Where the actor handled its last message, and how many it has handled.
struct testimony {
  std::atomic<std::thread::id> thread;
  std::atomic<int> handled{0};
};

class io_worker_test : public ::testing::Test {
protected:
  ~io_worker_test() override { worker.stop(); }

  bool handled(int count) {
    return static_cast<bool>(testing::eventually(5s, [&] {
      return testing::observation{seen.handled == count, {}};
    }));
  }

  caf::actor_system_config config;
  caf::actor_system system{config};
  testimony seen;
  io_worker worker{system};
  /// Not begun before its first message comes.
  witness_actor witness = system.spawn<caf::lazy_init>([this]() -> witness_actor::behavior_type {
    return {[this](int) {
      seen.thread = std::this_thread::get_id();
      ++seen.handled;
    }};
  });
};

} // namespace

TEST_F(io_worker_test, runs_what_one_report_woke_on_the_thread_that_woke_it) {
  worker.run(0); // the thread belongs to it from now on
  send_from_outside(witness, 1);
  EXPECT_EQ(seen.handled, 0);
  worker.run(1);
  EXPECT_EQ(seen.handled, 1);
  EXPECT_EQ(seen.thread, std::this_thread::get_id());
}

TEST_F(io_worker_test, leaves_what_many_reports_woke_to_the_workers) {
  worker.run(0);
  send_from_outside(witness, 1);
  worker.run(2);
  ASSERT_TRUE(handled(1));
  EXPECT_NE(seen.thread, std::this_thread::get_id());
}

TEST_F(io_worker_test, is_not_used_by_other_threads) {
  worker.run(0);
  std::thread{[this] { send_from_outside(witness, 1); }}.join();
  ASSERT_TRUE(handled(1));
  EXPECT_NE(seen.thread, std::this_thread::get_id());
}

TEST_F(io_worker_test, hands_over_what_waits_when_it_is_stopped) {
  worker.run(0);
  send_from_outside(witness, 1);
  worker.stop();
  ASSERT_TRUE(handled(1));
  EXPECT_NE(seen.thread, std::this_thread::get_id());
  send_from_outside(witness, 1);
  worker.run(1);
  ASSERT_TRUE(handled(2));
  EXPECT_NE(seen.thread, std::this_thread::get_id());
}

TEST_F(io_worker_test, runs_no_more_than_its_bound_before_it_looks_for_input_again) {
  worker.run(0);
  const auto many =
    2 * static_cast<int>(limits::io_worker_jobs_max * limits::io_worker_messages_max);
  for (int i = 0; i < many; ++i) {
    send_from_outside(witness, 1);
  }
  worker.run(1);
  ASSERT_TRUE(handled(many));
  EXPECT_NE(seen.thread, std::this_thread::get_id());
}

} // namespace nats_mcp::io_worker_test
