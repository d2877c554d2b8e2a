// SPDX-License-Identifier: MIT
// Supervision on the real scheduler with real threads: whatever the timing, every request is
// answered.
#include "tests/unit/actors/supervision/counter.hpp"

#include <caf/actor_system_config.hpp>
#include <caf/scoped_actor.hpp>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <thread>

namespace nats_mcp::counting::stress_test {

namespace {

using namespace std::chrono_literals;

struct tally {
  int answered = 0;
  int crashed = 0;
  int unavailable = 0;
  int unexpected = 0;

  void count(const caf::error& failure) {
    const auto code = from_caf(failure, "counter").code;
    crashed += code == ec::crashed ? 1 : 0;
    unavailable += code == ec::unavailable && failure != caf::sec::request_timeout ? 1 : 0;
    unexpected +=
      (code != ec::crashed && code != ec::unavailable) || failure == caf::sec::request_timeout ? 1
                                                                                               : 0;
  }
};

supervisor_actor supervise_impatiently(caf::actor_system& system,
                                       const stable_slot<counter_actor>& slot,
                                       std::atomic<int>& starts) {
  auto spec = counter_child("counter", slot.ref, when_told_to_end::ends);
  spec.policy.intensity = {.restarts_max = 1'000'000, .period = 10s};
  spec.policy.restart_delay = {0ms, 0ms, 0};
  supervisor_options choice;
  choice.random = [] { return std::uint64_t{0}; };
  choice.on_event = [&starts](const supervision_event& event) {
    starts += event.what == supervision_event::kind::started ? 1 : 0;
  };
  return spawn_supervisor(system, std::move(choice), {spec});
}

} // namespace

TEST(supervision_stress, answers_every_request_to_a_part_that_crashes_all_the_time) {
  // Enough of each, however the threads are scheduled; the time is a bound, not a measure.
  constexpr int requests_min = 20'000;
  constexpr int crashes_min = 50;
  const auto give_up_at = std::chrono::steady_clock::now() + 20s;
  int requests = 0;
  tally seen;
  std::atomic<int> starts{0};
  caf::actor_system_config config;
  config.set("scheduler.policy", caf::atom("sharing"));
  config.set("scheduler.max-threads", std::size_t{2});
  {
    caf::actor_system system{config};
    auto slot = make_stable_slot<counter_actor>(system, "counter");
    auto supervisor = supervise_impatiently(system, slot, starts);
    caf::scoped_actor self{system};
    while ((requests < requests_min || seen.crashed < crashes_min)
           && std::chrono::steady_clock::now() < give_up_at) {
      for (int i = 0; i < 10; ++i, ++requests) {
        self->request(slot.handle, 5s, add{1})
          .receive([&](const total&) { ++seen.answered; },
                   [&](const caf::error& e) { seen.count(e); });
      }
      auto held = self->request(slot.handle, 5s, hold{});
      auto behind = self->request(slot.handle, 5s, add{1});
      caf::anon_send(slot.handle, fail_now{"again"});
      auto late = self->request(slot.handle, 5s, add{1});
      held.receive([&](const total&) { ++seen.unexpected; },
                   [&](const caf::error& e) { seen.count(e); });
      behind.receive([&](const total&) { ++seen.answered; },
                     [&](const caf::error& e) { seen.count(e); });
      late.receive([&](const total&) { ++seen.answered; },
                   [&](const caf::error& e) { seen.count(e); });
      requests += 3;
    }
    self->request(supervisor, 5s, stop_tree{})
      .receive([](const tree_stopped&) {}, [&](const caf::error&) { ++seen.unexpected; });
  }
  EXPECT_EQ(seen.unexpected, 0);
  EXPECT_EQ(seen.answered + seen.crashed + seen.unavailable, requests);
  EXPECT_GE(requests, requests_min);
  EXPECT_GE(seen.crashed, crashes_min);
  EXPECT_GT(seen.answered, 0);
  RecordProperty("starts", starts.load());
}

} // namespace nats_mcp::counting::stress_test
