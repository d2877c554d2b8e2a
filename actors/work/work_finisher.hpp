// SPDX-License-Identifier: MIT
// What becomes of items that were claimed or offered: reports, completions, failures, releases,
// cancellations. Who holds an item is decided by its record alone; an agent that came back takes up
// what its record still says it holds. Part of the work queue's state; all callbacks happen inside
// that actor.
#pragma once

#include "protocol/error.hpp"
#include "protocol/time.hpp"
#include "protocol/work/item_update.hpp"

#include "actors/interfaces.hpp"
#include "actors/request.hpp"
#include "actors/supervision/guarded_promise.hpp"
#include "actors/work/held_leases.hpp"
#include "actors/work/server_time_keeper.hpp"
#include "actors/work/work_scripts.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace nats_mcp {

class work_finisher {
public:
  struct surroundings {
    asking_actor<work_queue_actor>* owner = nullptr;
    registry_actor registry;
    std::string part;
    const agent_identity* who = nullptr;
    /// The registry has just said that this is it.
    std::function<void(const agent_identity&)> identified;
    server_time_keeper* time = nullptr;
    held_leases* held = nullptr;
    work_scripts* scripts = nullptr;
    /// The longest an item is held without a report.
    std::chrono::milliseconds hold{0};
    /// The lease of an item whose delivery was another process's.
    std::chrono::milliseconds adopted_lease{0};
    std::function<wall_time()> wall_clock;
  };

  explicit work_finisher(surroundings around);

  caf::result<tools::report_progress_result> report(report_on_work request);
  caf::result<tools::complete_work_result> complete(complete_held_work request);
  caf::result<tools::fail_work_result> fail(fail_held_work request);
  caf::result<tools::release_work_result> release(const release_held_work& request);
  caf::result<tools::cancel_work_result> cancel(const cancel_offered_work& request);

private:
  using outcome = work::item_update::outcome;
  /// A change that whoever has the claim may make.
  using holder_change = std::function<result<work::item_record>(
    const work::item_record& before, std::string_view claim_id, wall_time server_now)>;
  /// What was changed, under which claim.
  struct changed {
    const outcome& result;
    std::string claim_id;
    /// It was held here, as this says; null: it was taken up from its record.
    std::shared_ptr<const held_lease> lease;
  };
  struct order {
    std::string item_id;
    monotonic_time deadline;
    holder_change apply;
    std::function<void(const changed&)> done;
    std::function<void(const error&)> failed;
  };

  /// An order whose promise is broken if the actor dies before.
  template <class Result, class Make>
  caf::result<Result> answer_later(order what, Make make);

  using cancel_promise = std::shared_ptr<guarded_promise<tools::cancel_work_result>>;

  void carry_out(order what);
  void change_held(const order& what, const std::shared_ptr<const held_lease>& lease);
  void change_taken_up(const order& what);
  /// Calls `then` once this process is known to be an agent, and what time it is at the server.
  void prepare(monotonic_time deadline, std::function<void()> then,
               std::function<void(const error&)> failed);
  void reported(const changed& what, monotonic_time asked_at);
  void cancel_as_offerer(const cancel_offered_work& request, const cancel_promise& promise);
  [[nodiscard]] work::party self() const;

  surroundings around_;
};

} // namespace nats_mcp
