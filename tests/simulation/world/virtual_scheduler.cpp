// SPDX-License-Identifier: MIT
#include "tests/simulation/world/virtual_scheduler.hpp"

#include <caf/atom.hpp>
#include <caf/local_actor.hpp>
#include <caf/resumable.hpp>

#include <algorithm>

namespace nats_mcp::simulation {

namespace {

/// The longest an actor is held up while it could go on.
constexpr auto held_up_max = std::chrono::milliseconds{50};

} // namespace

virtual_scheduler::virtual_scheduler(options choice, trace& seen)
  : choice_{choice}
  , seen_{seen} {
  config_.set("scheduler.policy", caf::atom("testing"));
  system_ = std::make_unique<caf::actor_system>(config_);
  coordinator_ = &dynamic_cast<caf::scheduler::test_coordinator&>(system_->scheduler());
  coordinator_->clock().current_time += std::chrono::hours{1}; // zero means "never" to the clock
}

virtual_scheduler::~virtual_scheduler() {
  agenda_.clear();
  // Everybody was told to end; whom that did not reach must not hold the run up for ever.
  system_->await_actors_before_shutdown(false);
}

void virtual_scheduler::at(monotonic_time when, std::function<void()> what) {
  agenda_.emplace(std::pair{std::max(when, now()), ++asked_}, std::move(what));
}

bool virtual_scheduler::step(monotonic_time end) {
  const auto due = next_due();
  if (!coordinator_->jobs.empty()) {
    const bool held_up =
      due <= std::min(end, now() + held_up_max) && choice_.chance.chance(choice_.slow_actors);
    if (!held_up) {
      run_somebody();
      return true;
    }
  }
  if (due > end) {
    coordinator_->clock().current_time = std::max(end, now());
    return false;
  }
  let_time_pass();
  return true;
}

void virtual_scheduler::run_somebody() {
  auto& jobs = coordinator_->jobs;
  if (jobs.size() > 1) {
    std::swap(jobs.front(), jobs[choice_.chance.below(jobs.size())]);
  }
  if (const auto* actor = dynamic_cast<const caf::local_actor*>(jobs.front())) {
    seen_.turn(now(), actor->id(), actor->name());
  }
  coordinator_->run_once();
}

monotonic_time virtual_scheduler::next_due() const {
  auto due = monotonic_time::max();
  if (!agenda_.empty()) {
    due = agenda_.begin()->first.first;
  }
  if (const auto& timers = coordinator_->clock().schedule(); !timers.empty()) {
    due = std::min(due, timers.begin()->first);
  }
  return due;
}

void virtual_scheduler::let_time_pass() {
  auto& clock = coordinator_->clock();
  const auto& timers = clock.schedule();
  if (agenda_.empty()
      || (!timers.empty() && timers.begin()->first < agenda_.begin()->first.first)) {
    clock.trigger_timeout();
    return;
  }
  const auto next = agenda_.extract(agenda_.begin());
  clock.current_time = std::max(next.key().first, now());
  next.mapped()();
}

} // namespace nats_mcp::simulation
