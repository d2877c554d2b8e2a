// SPDX-License-Identifier: MIT
// One look through the lanes of an agent for what is dead and lies there unclaimed: items out of
// attempts, past their deadline or unreadable. What is free goes straight back. Lanes somebody else
// has pulled from since the last look are left alone: whoever takes work from a lane meets what is
// dead in it, and two who sweep one lane need not both do it. Part of the dead letters actor's
// state, or of the sweeper's, who looks through all lanes there are; all calls and callbacks happen
// inside that actor.
#pragma once

#include "protocol/error.hpp"
#include "protocol/jetstream/command.hpp"
#include "protocol/time.hpp"
#include "protocol/work/delivery_handling.hpp"
#include "protocol/work/lanes.hpp"

#include "actors/agent_messages.hpp"
#include "actors/streams/api_caller.hpp"
#include "actors/streams/pull_caller.hpp"
#include "actors/work/lane_keeper.hpp"
#include "actors/work/server_time_keeper.hpp"
#include "actors/work/work_reach.hpp"
#include "actors/work/work_scripts.hpp"
#include "actors/work/work_streams.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <string>
#include <utility>

namespace nats_mcp {

class lane_sweep {
public:
  struct surroundings {
    api_caller api;
    pull_caller pull;
    work_scripts* scripts = nullptr;
    server_time_keeper* time = nullptr;
    /// Asked for only when there is something to look at.
    work_streams* streams = nullptr;
    lane_keeper::terms lanes;
    work_reach reach = work_reach::own;
    /// Besides `public`, whose work is looked through.
    std::string project_id;
    /// The actor's clock, on which deadlines are.
    std::function<monotonic_time()> now;
  };
  using ended = std::function<void()>;

  explicit lane_sweep(surroundings around);

  /// Begins in the name of `who`, who is registered; only while none is under way. It ends early,
  /// and calls `done` all the same, when NATS does not answer.
  void begin(const agent_identity& who, ended done);
  /// Ends the one under way, if there is one, without calling `done`. Deliveries on their way are
  /// still dealt with.
  void abandon() noexcept;
  [[nodiscard]] bool under_way() const noexcept { return static_cast<bool>(done_); }

private:
  /// Where lanes are asked for: a scope and a token.
  using place = std::pair<std::string, std::string>;

  void go_on();
  void ask_for_lanes(const place& where);
  /// Before the first lane with something in it.
  void prepare();
  void learn_time();
  void open(const work::lane& where);
  void opened(const open_lane& lane);
  enum class portion : bool { batch, one };
  void pull(const open_lane& lane, portion how_much);
  void pulled(const open_lane& lane, portion how_much, const jetstream::pull_result& got);
  /// @param asked_at it cannot have been delivered earlier.
  void handle(const open_lane& lane, monotonic_time asked_at, jetstream::delivery delivery);
  /// The batch is: more of the lane, or the next one.
  void dealt_with(const open_lane& lane);
  /// The next lane, or the end if it is NATS that fails.
  void failed(const error& why);
  void finish();
  [[nodiscard]] monotonic_time soon() const;
  /// `then`, if the sweep that asks is still the one under way when the answer comes.
  template <class Answer>
  [[nodiscard]] std::function<void(Answer)> if_current(std::function<void(Answer)> then) const;

  surroundings around_;
  lane_keeper lanes_;
  agent_identity who_;
  ended done_;
  std::deque<place> places_;
  std::deque<work::lane> waiting_;
  bool prepared_ = false;
  /// Deliveries under way.
  std::size_t open_ = 0;
  /// Of the batch: those that are out of the queue now. Of the lane: what was pulled this time.
  std::size_t removed_ = 0;
  std::size_t pulled_ = 0;
  /// Of the lanes looked through this time, and the last time: the consumer's newest delivery.
  std::map<work::lane, std::uint64_t> seen_;
  std::map<work::lane, std::uint64_t> seen_before_;
  /// Of the sweep: answers to questions of an earlier one mean nothing.
  std::uint64_t number_ = 0;
};

} // namespace nats_mcp
