// SPDX-License-Identifier: MIT
#include "tests/simulation/world/virtual_scheduler.hpp"

#include <caf/atom.hpp>
#include <caf/local_actor.hpp>
#include <caf/resumable.hpp>

#include <algorithm>
#include <vector>

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
  if (anybody_can_go_on()) {
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

bool virtual_scheduler::can_go_on(const caf::resumable* job) const {
  const auto* actor = dynamic_cast<const caf::local_actor*>(job);
  const auto found = actor == nullptr ? process_of_.end() : process_of_.find(actor->id());
  return found == process_of_.end() || !frozen_.contains(found->second);
}

bool virtual_scheduler::anybody_can_go_on() const {
  const auto& jobs = coordinator_->jobs;
  return frozen_.empty() ? !jobs.empty()
                         : std::any_of(jobs.begin(), jobs.end(),
                                       [this](const auto* job) { return can_go_on(job); });
}

void virtual_scheduler::run_somebody() {
  auto& jobs = coordinator_->jobs;
  std::vector<std::size_t> ready;
  for (std::size_t place = 0; place < jobs.size(); ++place) {
    if (frozen_.empty() || can_go_on(jobs[place])) {
      ready.push_back(place);
    }
  }
  const auto chosen = ready.size() > 1 ? choice_.chance.below(ready.size()) : 0;
  std::swap(jobs.front(), jobs[ready[chosen]]);
  const auto* actor = dynamic_cast<const caf::local_actor*>(jobs.front());
  if (actor == nullptr) {
    coordinator_->run_once();
    return;
  }
  seen_.turn(now(), actor->id(), actor->name());
  const auto process = process_of_.find(actor->id());
  const auto whose = process == process_of_.end() ? 0 : process->second;
  coordinator_->run_once();
  note_spawned(whose);
}

void virtual_scheduler::within(std::uint64_t process, const std::function<void()>& what) {
  note_spawned(0);
  what();
  note_spawned(process);
}

void virtual_scheduler::note_spawned(std::uint64_t process) {
  const auto latest = system_->latest_actor_id();
  for (auto id = noted_ + 1; id <= latest && process != 0; ++id) {
    process_of_[id] = process;
  }
  noted_ = latest;
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
