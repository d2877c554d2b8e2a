// SPDX-License-Identifier: MIT
// Carries the questions of coordination::leadership to NATS and the answers back: who leads. Part
// of the coordinator's state; all calls and callbacks happen inside that actor.
#pragma once

#include "protocol/coordination/leadership.hpp"
#include "protocol/error.hpp"
#include "protocol/time.hpp"

#include "actors/streams/script_runner.hpp"
#include "actors/streams/stream_keeper.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <variant>

namespace nats_mcp {

class leader_seat {
public:
  /// What is asked, for `make_command_caller`.
  struct questions {
    using command_type = coordination::leadership::command;
    using answer_type = std::variant<jetstream::kv_lookup, jetstream::kv_revision>;
  };
  struct surroundings {
    command_caller<questions::command_type, questions::answer_type> commands;
    /// Runs while the computer sleeps: a leader that slept leads no more.
    std::function<monotonic_time()> clock;
    /// The actor's clock, on which deadlines are.
    std::function<monotonic_time()> now;
    /// Makes sure that the bucket is there.
    std::function<void(monotonic_time deadline, stream_keeper::ready)> prepare;
    /// The bucket turned out to be gone.
    std::function<void()> forget;
    /// Has `step` called after that time, and not earlier for an earlier call.
    std::function<void(std::chrono::nanoseconds)> wake_after;
    /// An answer came: who leads may be different now.
    std::function<void()> told;
    /// The leader's entry, written by nobody who coordinates.
    std::function<void(const jetstream::kv_entry&)> unreadable;
  };

  leader_seat(coordination::leadership::identity self, surroundings around);

  /// Asks what is due.
  void step();

  /// To be looked at before each round of commands.
  [[nodiscard]] bool may_act() const { return core_.may_act(around_.clock()); }
  [[nodiscard]] std::uint64_t term() const noexcept { return core_.term(); }
  [[nodiscard]] const std::string& leader() const noexcept { return core_.seen_leader(); }
  /// Why it is not known who leads, in words; empty while it is.
  [[nodiscard]] const std::string& problem() const noexcept { return problem_; }

  /// See `leadership::outranked`.
  void outranked(std::uint64_t by_term);

  /// See `leadership::stand_down`.
  void stand_down();

  /// Hands over. @pre what was begun is over @param done called once, when it is handed over or
  /// was tried in vain
  void resign(std::function<void()> done);

private:
  using answer = questions::answer_type;

  void prepare();
  void look_at(const jetstream::kv_lookup& found);
  void ask(coordination::leadership::command what);
  void answered(bool is_lookup, const result<answer>& got);
  void plan();

  coordination::leadership core_;
  surroundings around_;
  bool prepared_ = false;
  bool preparing_ = false;
  std::string problem_;
  std::function<void()> resigned_;
};

} // namespace nats_mcp
