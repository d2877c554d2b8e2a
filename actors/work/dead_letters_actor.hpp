// SPDX-License-Identifier: MIT
// The dead letters part: lists them, puts items back into their queue, discards them; for whoever
// may see their scope, registered or not. While this process is an agent, a sweep looks through the
// lanes of its capabilities now and then, so that what nobody claims any more does not lie there
// for ever (docs/delivery-semantics.md, "Work"); a coordinator has a sweeper for that. It keeps
// nothing that a restart could lose. Runs as one actor under the supervisor.
#pragma once

#include "protocol/work/dead_letter_scripts.hpp"
#include "protocol/work/streams.hpp"

#include "actors/interfaces.hpp"
#include "actors/request.hpp"
#include "actors/runtime.hpp"
#include "actors/streams/api_caller.hpp"
#include "actors/streams/stream_keeper.hpp"
#include "actors/work/lane_keeper.hpp"
#include "actors/work/lane_sweep.hpp"
#include "actors/work/letter_retries.hpp"
#include "actors/work/page_reader.hpp"
#include "actors/work/record_sweep.hpp"
#include "actors/work/server_time_keeper.hpp"
#include "actors/work/work_reach.hpp"
#include "actors/work/work_scripts.hpp"
#include "actors/work/work_streams.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace nats_mcp {

/// What the dead letters actor is given once and keeps.
struct dead_letters_options {
  /// Its name, also in errors.
  std::string child_id;
  gateway_actor gateway;
  /// Who this process is; none in a process that is no agent.
  registry_actor registry;
  work_reach reach = work_reach::own;
  /// Whose scoped work is seen besides what is public.
  std::string project_id;
  /// Of streams that are made here.
  work::retention retention;
  /// Of lanes' consumers that are made here.
  lane_keeper::terms lanes;
  runtime world;
};

class dead_letters_state {
public:
  dead_letters_state(asking_actor<dead_letters_actor>* self, dead_letters_options options);

  [[nodiscard]] dead_letters_actor::behavior_type make_behavior();

private:
  template <class T>
  using finished = std::function<void(const result<T>&)>;
  /// Runs `start` with what answers the request once, and breaks the promise if the actor dies
  /// before.
  template <class T, class Start>
  caf::result<T> answer_later(Start start);

  // -- tools
  void list(const list_dead_letters& request, finished<tools::list_dead_letter_items_result> done);
  void retry(const retry_dead_letters& request,
             finished<tools::retry_dead_letter_item_result> done);
  void discard(const discard_dead_letter& request,
               finished<tools::discard_dead_letter_item_result> done);
  /// Calls back when everything a change writes to exists. On a server where there never was any
  /// work nothing is made.
  void prepare(monotonic_time deadline, stream_keeper::ready then);
  /// Letters of a capability, or all, that may be seen from here.
  [[nodiscard]] std::vector<std::string> patterns(const std::string* capability) const;
  [[nodiscard]] work::visibility_rule visible() const;

  // -- the sweep
  void identity_is(const agent_identity& now);
  void schedule();
  void sweep();
  /// First the lanes, then some records.
  void sweep_as(const agent_identity& who, std::function<void()> done);
  [[nodiscard]] bool registered() const noexcept { return !who_.guid.empty(); }
  [[nodiscard]] monotonic_time now() const { return self_->clock().now(); }

  asking_actor<dead_letters_actor>* self_;
  dead_letters_options options_;
  api_caller api_;
  server_time_keeper time_;
  work_scripts scripts_;
  work_streams streams_;
  page_reader pages_;
  letter_retries retries_;
  lane_sweep sweep_;
  record_sweep records_;
  agent_identity who_;
  std::uint64_t timer_ = 0;
};

/// Starts the dead letters actor; a child start function of the supervisor calls it.
[[nodiscard]] dead_letters_actor spawn_dead_letters(caf::local_actor* parent,
                                                    dead_letters_options options);

} // namespace nats_mcp
