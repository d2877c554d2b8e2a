// SPDX-License-Identifier: MIT
// One child as its supervisor sees it. Private to actors/supervision/supervisor.cpp.
#pragma once

#include "protocol/supervision/restart_policy.hpp"

#include "actors/messages.hpp"
#include "actors/supervision/supervisor.hpp"

#include <caf/actor_control_block.hpp>

#include <cstdint>
#include <string>
#include <utility>

namespace nats_mcp {

/// How far the ordered end of a child has come.
enum class stop_phase : std::uint8_t { none, wanted, asked, killed };

/// The account a supervisor keeps of one child over all its incarnations.
struct supervised_child {
  explicit supervised_child(child_spec choice)
    : spec{std::move(choice)}
    , policy{spec.policy} {
    // nop
  }

  child_spec spec;
  supervision::restart_policy policy;
  /// The current incarnation, null while there is none.
  caf::strong_actor_ptr actor;
  child_state state = child_state::starting;
  stop_phase stopping = stop_phase::none;
  /// Its delay is over: it may start as soon as those it builds on run.
  bool due = true;
  bool ever_started = false;
  /// Of the one timer that counts for this child now.
  std::uint64_t timer_generation = 0;
  std::uint64_t restarts = 0;
  std::string last_failure;
  /// What the last incarnation saved.
  checkpoint last;

  /// It has no incarnation and is to get one.
  [[nodiscard]] bool wants_to_run() const noexcept {
    return state == child_state::starting || state == child_state::restarting
           || state == child_state::given_up;
  }
};

} // namespace nats_mcp
