// SPDX-License-Identifier: MIT
// The state of one incarnation of the NATS gateway: puts requests, subscriptions and the
// connection's reports together. Private to actors/gateway.
#pragma once

#include "protocol/jetstream/server_identity.hpp"
#include "protocol/jetstream/wire_message.hpp"
#include "protocol/time.hpp"

#include "transport/nats/server_link.hpp"

#include "actors/gateway/gateway_subscriptions.hpp"
#include "actors/gateway/nats_gateway.hpp"
#include "actors/gateway/pending_requests.hpp"
#include "actors/interfaces.hpp"

#include <optional>
#include <string>
#include <vector>

namespace nats_mcp {

class gateway_state {
public:
  using pointer = gateway_actor::pointer;

  gateway_state(pointer self, nats_gateway_options choice, checkpoint last,
                supervisor_actor supervisor);
  gateway_state(const gateway_state&) = delete;
  gateway_state& operator=(const gateway_state&) = delete;
  ~gateway_state();

  gateway_actor::behavior_type make_behavior();

private:
  // -- commands (nats_gateway.cpp) -------------------------------------------------------------

  template <class T>
  caf::result<T> accept(jetstream::exchange conversation);
  /// Begins a subscription or a watch. @param what names it when it cannot be.
  template <class Begin>
  caf::result<subscribed> follow(const std::string& what, Begin begin);
  caf::result<jetstream::gateway_status> ping(const ping_server& command);
  caf::result<gateway_closed> close(const close_gateway& command);
  void finish_close();
  [[nodiscard]] jetstream::gateway_status status() const;
  /// Asks for a connection if there is none: after the request that needs it was taken, so that the
  /// attempt counts for it.
  void need_connection();

  // -- events (gateway_events.cpp) -------------------------------------------------------------

  void take_events();
  void on(transport::message_received&& event);
  void on(transport::connection_made&& event);
  void on(transport::connection_lost&& event);
  void on(transport::connection_failed&& event);
  void on(transport::subject_refused&& event);
  void on_inbox_message(jetstream::incoming&& message);
  void check_jetstream();
  void on_jetstream_checked(jetstream::incoming&& reply);
  void announce_ready();
  void change_state(jetstream::connection_state state, error reason);
  [[nodiscard]] jetstream::connection_event current_event() const {
    return {state_, made_.epoch, reason_, made_.server};
  }

  // -- the end of every turn (gateway_events.cpp) ----------------------------------------------

  void end_turn();
  void handle_finished();
  void on_measured(std::uint64_t step, const finished_purpose& over);
  void forget_answered_pings();
  void on_identified(std::uint64_t step, const result<jetstream::answer>& outcome);
  void arm_tick();
  [[nodiscard]] monotonic_time now() const { return self_->clock().now(); }

  pointer self_;
  nats_gateway_options options_;
  supervisor_actor supervisor_;
  std::uint64_t receiver_;
  pending_requests requests_;
  gateway_subscriptions subscriptions_;

  jetstream::connection_state state_ = jetstream::connection_state::idle;
  error reason_;
  transport::connection_made made_;
  jetstream::server_facts facts_;
  std::optional<std::chrono::microseconds> round_trip_;
  /// While the check for JetStream holds the requests of a new connection back.
  std::optional<monotonic_time> check_ends_;

  struct waiting_ping {
    guarded_promise<jetstream::gateway_status> promise;
    monotonic_time deadline;
  };
  std::vector<waiting_ping> pings_;
  jetstream::server_identity identity_;
  /// The connection that was asked for it.
  std::uint64_t identified_epoch_ = 0;
  guarded_promise<gateway_closed> closed_;
  bool closing_ = false;

  std::uint64_t tick_generation_ = 0;
  std::optional<monotonic_time> tick_at_;
  bool flush_sent_ = false;
};

} // namespace nats_mcp
