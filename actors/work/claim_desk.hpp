// SPDX-License-Identifier: MIT
// The open claims: each looks for work until it has some, its time is over, or its caller withdrew.
// Part of the work queue's state; all calls and callbacks happen inside that actor.
#pragma once

#include "protocol/error.hpp"
#include "protocol/identifiers.hpp"
#include "protocol/time.hpp"
#include "protocol/work/lanes.hpp"

#include "actors/interfaces.hpp"
#include "actors/request.hpp"
#include "actors/runtime.hpp"
#include "actors/supervision/guarded_promise.hpp"
#include "actors/work/held_leases.hpp"
#include "actors/work/lane_hints.hpp"
#include "actors/work/lane_search.hpp"
#include "actors/work/server_time_keeper.hpp"
#include "actors/work/unwanted_claims.hpp"
#include "actors/work/work_streams.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace nats_mcp {

class claim_desk {
public:
  struct surroundings {
    asking_actor<work_queue_actor>* owner = nullptr;
    registry_actor registry;
    std::string part;
    const agent_identity* who = nullptr;
    /// The registry has just said that this is it.
    std::function<void(const agent_identity&)> identified;
    work_streams* streams = nullptr;
    server_time_keeper* time = nullptr;
    lane_keeper* lanes = nullptr;
    lane_search* search = nullptr;
    lane_hints* hints = nullptr;
    held_leases* held = nullptr;
    unwanted_claims* unwanted = nullptr;
    work_scripts* scripts = nullptr;
    /// The longest an item is held without a report.
    std::chrono::milliseconds hold{0};
    random_source random;
  };

  explicit claim_desk(surroundings around);

  caf::result<tools::claim_work_result> claim(claim_work request);
  void cancel(call_id call);
  /// Every open claim ends with this.
  void fail_all(const error& why);

  /// Something was offered.
  void hint(const work::lane& where);
  /// Hints may have been missed, or come from now on.
  void look_again();
  void hints_changed();
  /// A timer of ours is due.
  void timer(const work_timer& due);

private:
  enum class claim_id : std::uint64_t {};
  enum class stage : std::uint8_t {
    /// Looks, or gets ready to.
    looking,
    /// Found nothing; looks again as soon as it would hear of what is offered.
    listening,
    /// Waits for a hint or its next turn.
    waiting,
  };
  struct open_claim {
    call_id call{};
    guarded_promise<tools::claim_work_result> promise;
    /// As it was asked for; absent: whatever the agent can do.
    std::optional<std::string> capability;
    stage at = stage::looking;
    monotonic_time since;
    std::chrono::milliseconds timeout{0};
    /// Of the look under way; each has as much time as the first.
    monotonic_time deadline;
    std::chrono::nanoseconds look_time{0};
    /// A look has found out something, be it that there is nothing.
    bool looked = false;
    /// During this look every offer was heard of.
    bool listened = false;
    /// A stream was found missing once, and made again.
    bool repeated = false;
    /// Its time to wait is over: the next look is the last.
    bool time_over = false;
    /// It has waited, be it that it looks again.
    bool waits = false;
    std::uint64_t poll = 0;
    /// Announced, and not looked for since.
    std::optional<work::lane> announced;
  };

  [[nodiscard]] open_claim* find(claim_id id);
  [[nodiscard]] std::vector<std::string> capabilities_of(const open_claim& claim) const;
  [[nodiscard]] std::set<std::string> patterns_of(const open_claim& claim) const;

  // -- one look
  void begin(claim_id id);
  void prepare(claim_id id);
  void look(claim_id id);
  void looked(claim_id id, result<lane_search::finding> found);
  void took(claim_id id, lane_search::taken item);
  void found_nothing(claim_id id);
  /// The look gave up before it came to an end.
  void look_further(claim_id id);
  void failed(claim_id id, const error& why);

  // -- waiting (claim_waits.cpp)
  enum class after_look : std::uint8_t { found_nothing, failed };
  /// Looks again at once if there is news, unless it failed.
  void keep_waiting(claim_id id, after_look how_it_went);
  void arm_poll(claim_id id);
  void look_again(claim_id id);
  /// For all that wait.
  void listen();

  // -- the end
  void answer(claim_id id, std::optional<tools::claimed_work> work);
  void fail(claim_id id, const error& why);
  [[nodiscard]] monotonic_time now() const;

  surroundings around_;
  std::map<claim_id, open_claim> claims_;
  std::uint64_t numbers_ = 0;
};

} // namespace nats_mcp
