// SPDX-License-Identifier: MIT
// The messages of the actor interfaces that are not plain protocol values: they name handles, calls
// or timers. All of them stay inside one process.
#pragma once

#include "protocol/error.hpp"
#include "protocol/identifiers.hpp"
#include "protocol/jetstream/command.hpp"
#include "protocol/time.hpp"

#include "actors/channel_messages.hpp"

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>

#include <any>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace nats_mcp {

// -- supervision -------------------------------------------------------------------------------

/// What one incarnation of an actor leaves to the next: a small value of the actor's own type.
/// Empty on the first start.
struct checkpoint {
  std::any value;

  /// The value if it is a `T`, else null.
  template <class T>
  [[nodiscard]] const T* as() const noexcept {
    return std::any_cast<T>(&value);
  }
};

struct save_checkpoint {
  /// The child's id in its supervisor.
  std::string child;
  checkpoint state;
};

enum class child_state : std::uint8_t { starting, running, restarting, given_up, stopped };

struct child_status {
  std::string id;
  child_state state = child_state::starting;
  std::uint64_t restarts = 0;
  /// Why the last incarnation ended; empty when none did.
  std::string last_failure;
};

struct tree_status_query {};
struct tree_status {
  std::vector<child_status> children;
};

struct stop_tree {};
struct tree_stopped {
  /// Children that had to be killed after their grace period.
  std::size_t killed = 0;
};

/// INTERNAL: which timer of which incarnation; one of an earlier incarnation is ignored.
struct supervision_timer {
  std::size_t child_index = 0;
  std::uint64_t generation = 0;
};

// -- gateway -----------------------------------------------------------------------------------

using gateway_listener_actor =
  caf::typed_actor<caf::reacts_to<jetstream::core_message>, caf::reacts_to<jetstream::kv_change>,
                   caf::reacts_to<jetstream::kv_watch_event>,
                   caf::reacts_to<jetstream::connection_event>>;

struct core_subscribe {
  jetstream::subscription_id id{};
  std::string subject;
  /// Empty = every subscriber gets every message.
  std::string queue_group;
  gateway_listener_actor listener;
  monotonic_time deadline;
};

struct kv_watch {
  jetstream::subscription_id id{};
  std::string bucket;
  /// A subject pattern over keys, such as `public.>`.
  std::string filter;
  gateway_listener_actor listener;
  monotonic_time deadline;
};

struct subscribed {};

/// Waits until a watch has seen what is there now.
struct await_watch {
  jetstream::subscription_id id{};
  monotonic_time deadline;
};
struct watch_is_current {};

struct unsubscribe {
  jetstream::subscription_id id{};
};

struct observe_connection {
  gateway_listener_actor listener;
};

struct gateway_status_query {};
struct ping_server {
  monotonic_time deadline;
};

struct close_gateway {
  monotonic_time deadline;
};
struct gateway_closed {};

/// INTERNAL: something happened on the connection (a message, a change). What it carries is defined
/// beside the transport and opaque here.
struct transport_events {
  std::shared_ptr<const void> batch;
};
struct gateway_tick {
  std::uint64_t generation = 0;
};
/// INTERNAL: everything that was ready to be written when this was sent has been: send it.
struct gateway_flush {};

// -- session -----------------------------------------------------------------------------------

struct input_waiting {};
struct output_drained {};
/// INTERNAL: every answer that was ready when this was sent has been written: push them.
struct output_ready {};
struct finish_session {
  monotonic_time deadline;
};
struct session_finished {};
struct session_timer {
  std::uint64_t generation = 0;
};

} // namespace nats_mcp

// These types never leave the process, so CAF needs no way to serialize them.
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::save_checkpoint)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::tree_status_query)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::tree_status)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::stop_tree)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::tree_stopped)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::supervision_timer)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::core_subscribe)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::kv_watch)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::subscribed)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::await_watch)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::watch_is_current)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::unsubscribe)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::observe_connection)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::gateway_status_query)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::ping_server)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::close_gateway)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::gateway_closed)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::transport_events)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::gateway_tick)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::gateway_flush)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::input_waiting)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::output_drained)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::output_ready)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::finish_session)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::session_finished)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::session_timer)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::jetstream::publish)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::jetstream::publish_receipt)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::jetstream::api_request)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::jetstream::api_reply)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::jetstream::get_last)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::jetstream::stored_message)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::jetstream::pull)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::jetstream::pull_result)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::jetstream::settle)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::jetstream::settled)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::jetstream::kv_get)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::jetstream::kv_lookup)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::jetstream::kv_put)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::jetstream::kv_delete)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::jetstream::kv_revision)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::jetstream::core_message)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::jetstream::kv_change)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::jetstream::kv_watch_event)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::jetstream::connection_event)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::jetstream::gateway_status)
