// SPDX-License-Identifier: MIT
#include "tests/support/deterministic.hpp"

#include <caf/actor_registry.hpp>
#include <caf/exit_reason.hpp>
#include <caf/monitorable_actor.hpp>
#include <caf/system_messages.hpp>

namespace nats_mcp::testing {

deterministic::deterministic() {
  config_.set("scheduler.policy", caf::atom("testing"));
  system_ = std::make_unique<caf::actor_system>(config_);
  scheduler_ = &dynamic_cast<caf::scheduler::test_coordinator&>(system_->scheduler());
  scheduler_->clock().current_time += std::chrono::hours{1}; // zero means "never" to the clock
  began_ = now();
}

void deterministic::TearDown() {
  for (const auto& actor : adopted_) {
    caf::anon_send<caf::message_priority::high>(
      caf::actor_cast<caf::actor>(actor), caf::exit_msg{caf::actor_addr{}, caf::exit_reason::kill});
  }
  run();
  adopted_.clear();
  if (const auto left = system_->registry().running(); left != 0) {
    ADD_FAILURE() << left << " actors are still running; the test has to adopt() or end them";
    system_->await_actors_before_shutdown(false); // else the destructor waits for them for ever
  }
  system_.reset();
}

std::chrono::milliseconds deterministic::elapsed() const noexcept {
  return std::chrono::duration_cast<std::chrono::milliseconds>(now() - began_);
}

void deterministic::run() {
  while (scheduler_->run() > 0) {
    // nop
  }
}

void deterministic::advance(std::chrono::nanoseconds duration) {
  auto& clock = scheduler_->clock();
  const auto end = clock.current_time + duration;
  run();
  while (!clock.schedule().empty() && clock.schedule().begin()->first <= end) {
    clock.trigger_timeout();
    run();
  }
  clock.current_time = end;
}

std::string deterministic::name_of(const caf::strong_actor_ptr& actor) {
  const auto* named = dynamic_cast<const caf::monitorable_actor*>(actor->get());
  return named != nullptr ? named->name() : "actor";
}

void deterministic::send_now(const caf::actor& asker) {
  adopt(asker);
  scheduler_->prioritize(asker);
  scheduler_->run_once();
}

} // namespace nats_mcp::testing
