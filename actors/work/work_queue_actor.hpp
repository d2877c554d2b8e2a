// SPDX-License-Identifier: MIT
// The work queue part: offers work, claims it, holds leases and renews them, finishes what is held
// (docs/wire.md, "Work"). What it holds is its checkpoint, so that a restarted part goes on with
// the same fencing tokens and the same deliveries; everything else is in NATS. Runs as one actor
// under the supervisor.
#pragma once

#include "protocol/work/streams.hpp"

#include "actors/interfaces.hpp"
#include "actors/request.hpp"
#include "actors/runtime.hpp"
#include "actors/work/claim_desk.hpp"
#include "actors/work/held_leases.hpp"
#include "actors/work/lane_hints.hpp"
#include "actors/work/lane_keeper.hpp"
#include "actors/work/lane_search.hpp"
#include "actors/work/page_reader.hpp"
#include "actors/work/server_time_keeper.hpp"
#include "actors/work/unwanted_claims.hpp"
#include "actors/work/work_finisher.hpp"
#include "actors/work/work_lookups.hpp"
#include "actors/work/work_offers.hpp"
#include "actors/work/work_scripts.hpp"
#include "actors/work/work_streams.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace nats_mcp {

/// What the work queue actor is given once and keeps.
struct work_queue_options {
  /// The id under which the supervisor keeps its checkpoint; also its name.
  std::string child_id;
  gateway_actor gateway;
  registry_actor registry;
  /// Asked which claims are with the client; null in tests without one.
  session_actor session;
  /// The stable handle of this actor, to which hints are delivered; null: this incarnation itself.
  gateway_listener_actor listener;
  /// Null in tests without a supervisor.
  supervisor_actor supervisor;
  /// Whose scoped work is seen besides what is public.
  std::string project_id;
  /// Of streams that are made here.
  work::retention retention;
  /// Of lanes' consumers that are made here, and of everything that is held.
  lane_keeper::terms lanes;
  /// Of items that are offered here.
  std::uint32_t attempts_max = 3;
  runtime world;
};

class work_queue_state {
public:
  /// @param last holds `work_memory`, or nothing on the first start.
  work_queue_state(asking_actor<work_queue_actor>* self, work_queue_options options,
                   const checkpoint& last);

  [[nodiscard]] work_queue_actor::behavior_type make_behavior();

private:
  [[nodiscard]] claim_desk::surroundings around_claims();
  [[nodiscard]] work_finisher::surroundings around_finisher();
  [[nodiscard]] work_offers::surroundings around_offers();

  void identity_is(const agent_identity& now, const std::string& lost_because);
  void save();
  /// The answers of these calls never got to the client. @param call absent: of all calls.
  void give_back_unshown(std::optional<call_id> call);
  void hint(const jetstream::core_message& message);
  void connection_changed(const jetstream::connection_event& event);
  void timer(const work_timer& due);
  [[nodiscard]] std::chrono::milliseconds hold() const;

  asking_actor<work_queue_actor>* self_;
  work_queue_options options_;
  gateway_listener_actor listener_;
  agent_identity who_;
  api_caller api_;
  work_caller commands_;
  server_time_keeper time_;
  work_scripts scripts_;
  work_streams streams_;
  lane_keeper lanes_;
  lane_search search_;
  lane_hints hints_;
  page_reader pages_;
  held_leases held_;
  unwanted_claims unwanted_;
  claim_desk claims_;
  work_finisher finisher_;
  work_offers offers_;
  work_lookups lookups_;
  /// Of the last connection heard of.
  std::optional<std::uint64_t> epoch_;
};

/// Starts the work queue actor; a child start function of the supervisor calls it.
[[nodiscard]] work_queue_actor spawn_work_queue(caf::local_actor* parent,
                                                work_queue_options options, checkpoint last);

} // namespace nats_mcp
