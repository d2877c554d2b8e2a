// SPDX-License-Identifier: MIT
// Takes requests from their stream and sees to each item (protocol/coordination/
// request_handling.hpp), some at once; and to items nobody delivered a request for. Only while the
// coordinator may act. Part of the coordinator's state; all calls and callbacks happen inside that
// actor.
#pragma once

#include "protocol/coordination/request_handling.hpp"
#include "protocol/coordination/unplaced_items.hpp"
#include "protocol/jetstream/command.hpp"
#include "protocol/time.hpp"
#include "protocol/work/work_item.hpp"

#include "actors/coordination/worker_pool.hpp"
#include "actors/streams/pull_caller.hpp"
#include "actors/work/work_scripts.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>

namespace nats_mcp {

class request_desk {
public:
  struct surroundings {
    pull_caller pull;
    /// Whose commands are refused while this coordinator may not act.
    work_scripts* scripts = nullptr;
    worker_pool* workers = nullptr;
    const everybody* agents = nullptr;
    std::function<bool()> may_act;
    std::function<std::uint64_t()> term;
    std::function<void(std::uint64_t by_term)> outranked;
    /// The requests or their consumer are gone.
    std::function<void()> lost;
    /// Nothing is in hand any more.
    std::function<void()> idle;
    /// The actor's clock, on which deadlines are.
    std::function<monotonic_time()> now;
    /// In whose name workers and offerers are told.
    work::party self;
    std::chrono::milliseconds assign_timeout{0};
  };
  struct counts {
    std::uint64_t assignments = 0;
    std::uint64_t reassignments = 0;
  };

  explicit request_desk(surroundings around);

  /// Pulls requests while this coordinator may act and has room, and looks again at items there was
  /// no worker for while there is one. To be called again now and then, and when agents or items
  /// are different: while nobody can be given anything it rests.
  void go_on();
  /// Looks at an item without a request, unless it is in hand. @returns whether there was room.
  bool look_at(const std::string& item_id);
  /// When an item was looked at last; the beginning of time: never.
  [[nodiscard]] monotonic_time looked_at(const std::string& item_id) const;
  /// Forgets when the others were. @param is_open whether an item may still be looked at.
  void forget_unless(const std::function<bool(const std::string& item_id)>& is_open);
  /// Another one may lead meanwhile.
  void forget();

  [[nodiscard]] std::size_t in_hand() const noexcept { return in_hand_; }
  [[nodiscard]] const counts& done() const noexcept { return done_; }
  /// Why requests could not be asked for when that was tried last; empty: they could.
  [[nodiscard]] const std::string& problem() const noexcept { return problem_; }
  /// Items for which there was no worker, or no other one.
  [[nodiscard]] std::size_t unplaced() const noexcept { return unplaced_.size(); }
  [[nodiscard]] bool is_unplaced(const std::string& item_id) const {
    return unplaced_.contains(item_id);
  }

private:
  /// One request when there is one, or as many as are there and fit.
  enum class portion : std::uint8_t { one_awaited, one, all_there };

  [[nodiscard]] bool has_room() const noexcept;
  void look_at_unplaced();
  void pull_more();
  void pull(portion how_much);
  void pulled(portion how_much, const result<jetstream::pull_result>& got);
  void take(jetstream::delivery delivery, monotonic_time asked_at);
  void run(coordination::request_handling::request what);
  void decided(const coordination::request_handling& script);
  void over(const coordination::request_handling& script);

  surroundings around_;
  std::size_t in_hand_ = 0;
  bool pulling_ = false;
  std::string problem_;
  /// How often each is in hand.
  std::map<std::string, unsigned> items_in_hand_;
  std::unordered_map<std::string, monotonic_time> looked_at_;
  coordination::unplaced_items unplaced_;
  monotonic_time looked_for_room_at_{};
  /// Requests in a row for which there was no worker.
  std::size_t unplaced_in_a_row_ = 0;
  counts done_;
};

} // namespace nats_mcp
