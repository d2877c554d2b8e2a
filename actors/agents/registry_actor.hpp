// SPDX-License-Identifier: MIT
// The registry part: who this process is for other agents (own_entry), and who they are
// (agent_view). Runs as one actor under the supervisor; see docs/wire.md, "Agents". What it holds
// is its checkpoint; the view is rebuilt from NATS.
#pragma once

#include "actors/agents/agent_finder.hpp"
#include "actors/agents/agent_view.hpp"
#include "actors/agents/own_entry.hpp"
#include "actors/interfaces.hpp"
#include "actors/request.hpp"
#include "actors/runtime.hpp"
#include "actors/streams/stream_keeper.hpp"
#include "actors/supervision/guarded_promise.hpp"

#include <caf/typed_response_promise.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace nats_mcp {

/// What the registry actor is given once and keeps.
struct registry_options {
  /// The id under which the supervisor keeps its checkpoint; also its name.
  std::string child_id;
  process_identity process;
  std::chrono::milliseconds heartbeat_interval{0};
  std::uint32_t replicas = 1;
  gateway_actor gateway;
  /// Who is told of the identity; null in tests.
  session_actor session;
  heartbeat_actor heartbeat;
  inbox_actor inbox;
  work_queue_actor work_queue;
  dead_letters_actor dead_letters;
  /// The stable handle of this actor, to which watches deliver; null: this incarnation itself.
  gateway_listener_actor listener;
  /// Null in tests without a supervisor.
  supervisor_actor supervisor;
  runtime world;
};

class registry_state {
public:
  /// @param last holds `own_entry::memory`, or nothing on the first start.
  registry_state(asking_actor<registry_actor>* self, registry_options options, checkpoint last);

  [[nodiscard]] registry_actor::behavior_type make_behavior();

private:
  /// What answers `promise` once, and breaks it if the actor dies before.
  template <class T>
  [[nodiscard]] finished<T> keep(caf::typed_response_promise<T> promise) const;
  /// Runs `start` with what answers the request.
  template <class T, class Start>
  caf::result<T> answer_later(Start start);

  [[nodiscard]] own_entry::surroundings entry_surroundings();
  void entry_changed();
  void announce();
  void discover_agents(const discover& request, finished<tools::discover_agents_result> done);
  void find_recipient_of(const find_recipient& request, finished<recipient_found> done);
  void view_used();
  void tell_agents_changed();
  void observe(bool wanted);
  void open_observed_view();
  /// While it is observed: who falls silent is told of as well, though nobody writes anything then.
  void look_for_silence_in(std::chrono::milliseconds wait);
  void look_for_silence();
  void timer(const registry_timer& due);
  [[nodiscard]] monotonic_time soon() const;

  asking_actor<registry_actor>* self_;
  registry_options options_;
  key_caller keys_;
  stream_keeper streams_;
  agents::server_clock server_time_;
  own_entry entry_;
  agent_view view_;
  agent_finder finder_;
  identity_changed announced_;
  monotonic_time view_used_at_{};
  std::uint64_t timers_ = 0;
  std::uint64_t idle_timer_ = 0;
  std::uint64_t rewrite_timer_ = 0;
  std::uint64_t silence_timer_ = 0;
  /// When it is due; nothing while it is not armed.
  std::optional<monotonic_time> silence_looked_for_at_;
  bool observed_ = false;
  bool connected_ = false;
  bool missing_timer_armed_ = false;
};

/// Starts the registry actor; a child start function of the supervisor calls it.
[[nodiscard]] registry_actor spawn_registry(caf::local_actor* parent, registry_options options,
                                            checkpoint last);

} // namespace nats_mcp
