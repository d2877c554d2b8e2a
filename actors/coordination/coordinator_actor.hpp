// SPDX-License-Identifier: MIT
// The coordinator: leads, or waits until it may; while it leads it sees who is there and what is to
// be done, and gives coordinated items to workers. It keeps nothing that is not in NATS: the next
// incarnation, or the next leader, goes on from there. Runs as one actor under the supervisor.
#pragma once

#include "protocol/coordination/leader_ability.hpp"
#include "protocol/coordination/work_view.hpp"
#include "protocol/limits/coordination.hpp"
#include "protocol/logging/event.hpp"
#include "protocol/work/streams.hpp"

#include "actors/coordination/bucket_watch.hpp"
#include "actors/coordination/coordination_stores.hpp"
#include "actors/coordination/everybody.hpp"
#include "actors/coordination/leader_seat.hpp"
#include "actors/coordination/record_age.hpp"
#include "actors/coordination/request_desk.hpp"
#include "actors/coordination/worker_pool.hpp"
#include "actors/coordinator_messages.hpp"
#include "actors/interfaces.hpp"
#include "actors/request.hpp"
#include "actors/runtime.hpp"
#include "actors/supervision/guarded_promise.hpp"
#include "actors/work/server_time_keeper.hpp"
#include "actors/work/work_scripts.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace nats_mcp {

/// What the coordinator is given once and keeps.
struct coordinator_options {
  /// Its name, also in errors.
  std::string child_id;
  gateway_actor gateway;
  /// Its own stable handle.
  coordinator_actor listener;
  /// Who it is, for rivals, workers and offerers; the GUID is random for each start of the process.
  work::party self;
  std::string host;
  /// Of streams that are made here.
  work::retention retention;
  std::chrono::milliseconds assign_timeout{0};
  runtime world;
  /// Told that it leads, or no longer; may be empty. Must neither block nor throw.
  std::function<void(const logging::event&)> on_event;
  /// Told of the term whenever it asks NATS something as the leader; empty in production.
  std::function<void(std::uint64_t term)> on_act;
};

class coordinator_state {
public:
  coordinator_state(asking_actor<coordinator_actor>* self, coordinator_options options);

  [[nodiscard]] coordinator_actor::behavior_type make_behavior();

private:
  using purpose = coordinator_purpose;

  [[nodiscard]] work_caller gated_commands();
  [[nodiscard]] leader_seat::surroundings seat_part();
  [[nodiscard]] bucket_watch::surroundings watch_part();
  [[nodiscard]] bucket_watch::surroundings work_part();
  [[nodiscard]] everybody::surroundings agents_part();
  [[nodiscard]] request_desk::surroundings desk_part();

  /// To be looked at before each round of commands.
  [[nodiscard]] bool may_act() const { return !leaving_ && seat_.may_act(); }
  [[nodiscard]] bool sees_all() const {
    return prepared_ && work_watch_.is_complete()
           && agents_.is_known_since(limits::workers_sight_max) && time_.time().known();
  }
  [[nodiscard]] monotonic_time now() const { return self_->clock().now(); }
  [[nodiscard]] monotonic_time soon() const;
  [[nodiscard]] coordinator_status status() const;

  void plan(purpose what, std::chrono::nanoseconds wait);
  void due(purpose what);

  /// Who leads may be different now.
  void told();
  void report(logging::level level, const char* id, const std::string& message);
  /// Goes on with whatever a leader does.
  void round();
  void prepare();
  /// It leads and cannot make what it needs.
  void unable(const error& why);
  void stop_leading();
  /// Items whose worker has left, at once; those nobody delivered a request for, now and then.
  void look_at_items();
  [[nodiscard]] bool has_left(const std::string& id, const coordination::seen_item& item) const;
  [[nodiscard]] bool is_left_alone(const std::string& id,
                                   const coordination::seen_item& item) const;

  caf::result<handed_over> leave();
  void resign();
  void connection_changed(const jetstream::connection_event& event);

  asking_actor<coordinator_actor>* self_;
  coordinator_options options_;
  api_caller api_;
  server_time_keeper time_;
  work_scripts scripts_;
  coordination_stores stores_;
  leader_seat seat_;
  coordination::work_view work_;
  bucket_watch work_watch_;
  record_age age_;
  everybody agents_;
  worker_pool workers_;
  request_desk desk_;
  std::array<std::uint64_t, 3> timers_{};
  /// In which it was said that it leads; 0: it does not.
  std::uint64_t told_term_ = 0;
  coordination::leader_ability ability_;
  bool prepared_ = false;
  bool preparing_ = false;
  /// Of the newest connection; 0 before the first.
  std::uint64_t epoch_ = 0;
  /// When it saw all it needs for the first time since it leads.
  std::optional<monotonic_time> led_since_;
  monotonic_time looked_at_all_{};
  /// Where the next look at items begins; empty: with the first one.
  std::string next_item_;
  bool leaving_ = false;
  bool resigning_ = false;
  bool resigned_ = false;
  std::vector<guarded_promise<handed_over>> leavers_;
};

/// Starts the coordinator; a child start function of the supervisor calls it.
[[nodiscard]] coordinator_actor spawn_coordinator(caf::local_actor* parent,
                                                  coordinator_options options);

} // namespace nats_mcp
