// SPDX-License-Identifier: MIT
// One look for work: which lanes have something in them, then the most urgent of those, one
// delivery after another, until one of them is taken or nothing is left. Several looks may be under
// way at once. Part of the work queue's state; all calls and callbacks happen inside that actor.
#pragma once

#include "protocol/error.hpp"
#include "protocol/time.hpp"
#include "protocol/work/delivery_handling.hpp"
#include "protocol/work/lanes.hpp"
#include "protocol/work/work_item.hpp"

#include "actors/streams/api_caller.hpp"
#include "actors/streams/pull_caller.hpp"
#include "actors/work/lane_keeper.hpp"
#include "actors/work/work_scripts.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace nats_mcp {

class lane_search {
public:
  struct surroundings {
    api_caller api;
    pull_caller pull;
    lane_keeper* lanes = nullptr;
    work_scripts* scripts = nullptr;
    std::function<monotonic_time()> now;
    random_source random;
  };

  struct request {
    /// This agent's own; asked first.
    std::string personal_token;
    std::vector<std::string> tokens;
    /// Those whose work it may take.
    std::vector<std::string> scopes;
    work::party worker;
    std::string session_id;
    /// No lease is longer.
    std::chrono::milliseconds hold{0};
    /// Something is said to be on its way there.
    std::optional<work::lane> announced;
    monotonic_time deadline;
    /// Whether somebody still waits for what is found.
    std::function<bool()> wanted;
  };

  struct nothing {
    /// It passed on more deliveries than one look may: there may be more behind them.
    bool gave_up = false;
  };
  /// The item is held under the claim's id now.
  struct taken {
    work::found_record found;
    work::open_delivery handle;
    std::string claim_id;
  };
  /// An item may be held under this claim's id.
  struct doubtful {
    std::string item_id;
    std::string claim_id;
    work::open_delivery handle;
    error why;
  };
  using finding = std::variant<nothing, taken, doubtful>;
  /// Called once. Errors: those of the requests; `not_found` when a stream is gone.
  using searched = std::function<void(result<finding>)>;

  explicit lane_search(surroundings around);

  void look(request what, searched done);

private:
  struct operation;
  using operation_ptr = std::shared_ptr<operation>;
  struct candidate;

  // -- which lanes
  void ask_for_lanes(const operation_ptr& looking, std::string_view token);
  void lanes_known(const operation_ptr& looking);
  /// What is left of the most urgent lanes.
  void go_on(const operation_ptr& looking);
  void wait_for_announced(const operation_ptr& looking);

  // -- deliveries
  struct pull_terms {
    std::chrono::milliseconds expires{0};
    /// The consumer was found missing once.
    bool again = false;
  };
  void ask_lane(const operation_ptr& looking, const work::lane& where, pull_terms how);
  void pull(const operation_ptr& looking, const open_lane& from, pull_terms how);
  void pulled(const operation_ptr& looking, const open_lane& from, pull_terms how,
              monotonic_time asked_at, result<jetstream::pull_result> got);
  /// One of the lanes that were asked has said what it has.
  void lane_done(const operation_ptr& looking);

  // -- taking
  void take(const operation_ptr& looking, candidate what);
  void decided(const operation_ptr& looking, const std::string& claim_id,
               const work::open_delivery& handle,
               const result<work::delivery_handling::outcome>& end);
  static void finish(operation& looking, result<finding> outcome);

  static constexpr auto unknown = std::numeric_limits<std::uint64_t>::max();

  surroundings around_;
  /// Of anybody, as of the last answer: decides how the next question is asked, not what comes of
  /// it.
  std::uint64_t lanes_in_all_ = unknown;
};

} // namespace nats_mcp
