// SPDX-License-Identifier: MIT
// The items this process holds: renews their leases as long as it may, forgets what it has lost
// (docs/wire.md, "Work"). Part of the work queue's state; all callbacks happen inside that actor.
#pragma once

#include "protocol/error.hpp"
#include "protocol/identifiers.hpp"
#include "protocol/time.hpp"

#include "actors/interfaces.hpp"
#include "actors/request.hpp"
#include "actors/work/held_lease.hpp"
#include "actors/work/work_scripts.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nats_mcp {

class held_leases {
public:
  using table = std::map<std::uint64_t, std::shared_ptr<const held_lease>>;

  struct surroundings {
    asking_actor<work_queue_actor>* owner = nullptr;
    work_scripts* scripts = nullptr;
    /// What is held changed: the next incarnation has to know.
    std::function<void()> changed;
  };

  /// @param last what an earlier incarnation held.
  held_leases(surroundings around, const table& last);

  // -- what is held
  /// One whose claim is held already counts as renewed.
  void hold(held_lease what);
  /// Null when it is not held here.
  [[nodiscard]] std::shared_ptr<const held_lease> find(std::string_view item_id) const;
  /// The lease was written anew by its holder.
  void renewed(const std::string& claim_id, work::found_record found, monotonic_time leased_at,
               monotonic_time hold_end);
  /// Its delivery was extended, or can no longer be settled.
  void settled(const std::string& claim_id, const std::optional<work::open_delivery>& handle);
  /// It is finished, or lost.
  void drop(const std::string& claim_id);
  void forget_all();

  // -- whether the agent knows
  void shown(call_id call);
  /// What was never shown: not held here any more. @param call absent: of all calls.
  [[nodiscard]] std::vector<std::shared_ptr<const held_lease>>
  take_unshown(std::optional<call_id> call);
  /// Calls whose answers are on their way.
  [[nodiscard]] std::vector<call_id> unshown() const;

  [[nodiscard]] std::size_t size() const noexcept { return held_.size(); }
  /// Ids, the one held for the longest first.
  [[nodiscard]] std::vector<std::string> items() const;
  [[nodiscard]] table remembered() const;

  /// A timer of ours is due.
  void timer(const work_timer& due);

private:
  struct entry {
    std::shared_ptr<const held_lease> lease;
    /// Of the timer under way.
    std::uint64_t timer = 0;
  };
  using position = std::map<std::uint64_t, entry>::iterator;

  [[nodiscard]] position by_claim(std::string_view claim_id);
  /// Sets the timer for what comes next: a renewal, or the end.
  void arm(position of);
  void arm(position of, monotonic_time at);
  void renew(position of);
  void renewal_failed(const std::string& claim_id, const error& why);

  surroundings around_;
  std::map<std::uint64_t, entry> held_;
  std::uint64_t numbers_ = 0;
  std::uint64_t timers_ = 0;
};

} // namespace nats_mcp
