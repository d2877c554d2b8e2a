// SPDX-License-Identifier: MIT
// The sweeper: while its coordinator leads it looks now and then through all lanes, and on through
// all records, of whatever scope and capability (actors/work/lane_sweep.hpp, record_sweep.hpp).
// What a coordinator has assigned is left to that one; consumers of lanes are never deleted, since
// that would hand out what is held. It keeps nothing that a restart could lose. Runs as one actor
// under the supervisor.
#pragma once

#include "protocol/work/streams.hpp"
#include "protocol/work/work_item.hpp"

#include "actors/coordinator_messages.hpp"
#include "actors/interfaces.hpp"
#include "actors/request.hpp"
#include "actors/runtime.hpp"
#include "actors/streams/api_caller.hpp"
#include "actors/work/lane_keeper.hpp"
#include "actors/work/lane_sweep.hpp"
#include "actors/work/page_reader.hpp"
#include "actors/work/record_sweep.hpp"
#include "actors/work/server_time_keeper.hpp"
#include "actors/work/work_scripts.hpp"
#include "actors/work/work_streams.hpp"

#include <cstdint>
#include <string>

namespace nats_mcp {

/// What the sweeper is given once and keeps.
struct sweeper_options {
  /// Its name, also in errors.
  std::string child_id;
  gateway_actor gateway;
  coordinator_actor coordinator;
  /// In whose name offerers are told.
  work::party self;
  /// Of streams that are made here.
  work::retention retention;
  /// Of lanes' consumers that are made here.
  lane_keeper::terms lanes;
  runtime world;
};

class sweeper_state {
public:
  sweeper_state(asking_actor<sweeper_actor>* self, sweeper_options options);

  [[nodiscard]] sweeper_actor::behavior_type make_behavior();

private:
  void schedule();
  /// If the coordinator leads.
  void begin();
  /// First the lanes, then some records.
  void sweep();
  [[nodiscard]] monotonic_time now() const { return self_->clock().now(); }

  asking_actor<sweeper_actor>* self_;
  sweeper_options options_;
  api_caller api_;
  server_time_keeper time_;
  work_scripts scripts_;
  work_streams streams_;
  page_reader pages_;
  lane_sweep lanes_;
  record_sweep records_;
  std::uint64_t timer_ = 0;
};

/// Starts the sweeper; a child start function of the supervisor calls it.
[[nodiscard]] sweeper_actor spawn_sweeper(caf::local_actor* parent, sweeper_options options);

} // namespace nats_mcp
