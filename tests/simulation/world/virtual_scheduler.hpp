// SPDX-License-Identifier: MIT
// The actor system of a world: every actor of every process runs in the one thread there is, on a
// clock that moves only when nothing is left to do, and the dice choose whose turn is next. Between
// a sender and a receiver messages keep their order, as CAF promises; everything else may happen.
#pragma once

#include "protocol/time.hpp"

#include "tests/simulation/world/dice.hpp"
#include "tests/simulation/world/trace.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/scheduler/test_coordinator.hpp>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <utility>

namespace nats_mcp::simulation {

class virtual_scheduler {
public:
  struct options {
    dice chance{0};
    /// Of a turn, in ten thousandths: time passes although somebody could go on.
    std::uint64_t slow_actors = 0;
  };

  virtual_scheduler(options choice, trace& seen);
  virtual_scheduler(const virtual_scheduler&) = delete;
  virtual_scheduler& operator=(const virtual_scheduler&) = delete;
  ~virtual_scheduler();

  [[nodiscard]] caf::actor_system& system() noexcept { return *system_; }
  [[nodiscard]] monotonic_time now() const noexcept { return coordinator_->clock().now(); }

  /// Calls `what` when it is `when`, outside of all actors.
  void at(monotonic_time when, std::function<void()> what);

  /// Nothing that was asked for with `at` happens any more.
  void forget_agenda() noexcept { agenda_.clear(); }

  /// One turn of one actor, or one step of time. @returns false when nothing happens any more until
  /// `end`; it is `end` then.
  bool step(monotonic_time end);

  /// From now on whoever can go on does so at once.
  void calm() noexcept { choice_.slow_actors = 0; }

  // -- processes -------------------------------------------------------------------------------

  /// Actors that are spawned while `what` runs, and those that these spawn later, are of `process`.
  /// @param process any number but 0.
  void within(std::uint64_t process, const std::function<void()>& what);
  /// As SIGSTOP: no actor of the process has a turn. What reaches it meanwhile waits: messages and
  /// its own timers.
  void freeze(std::uint64_t process) { frozen_.insert(process); }
  /// As SIGCONT.
  void thaw(std::uint64_t process) { frozen_.erase(process); }
  void thaw_all() noexcept { frozen_.clear(); }

private:
  [[nodiscard]] bool anybody_can_go_on() const;
  [[nodiscard]] bool can_go_on(const caf::resumable* job) const;
  void run_somebody();
  /// Whoever was spawned since the last call is of `process`.
  void note_spawned(std::uint64_t process);
  [[nodiscard]] monotonic_time next_due() const;
  void let_time_pass();

  options choice_;
  trace& seen_;
  caf::actor_system_config config_;
  std::unique_ptr<caf::actor_system> system_;
  caf::scheduler::test_coordinator* coordinator_ = nullptr;
  /// By time, then in order of asking.
  std::map<std::pair<monotonic_time, std::uint64_t>, std::function<void()>> agenda_;
  std::uint64_t asked_ = 0;
  /// By actor; none for those of no process.
  std::map<caf::actor_id, std::uint64_t> process_of_;
  caf::actor_id noted_ = 0;
  std::set<std::uint64_t> frozen_;
};

} // namespace nats_mcp::simulation
