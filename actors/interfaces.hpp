// SPDX-License-Identifier: MIT
// Every actor of the program, as a typed interface: who may be told what, and what comes back. To
// understand the system, read this file; including it includes no implementation.
//
// Conventions: a message is one struct named after what it asks; a request is answered exactly
// once, with the value named here or with an `ec` (actors/error_bridge.hpp). "INTERNAL" marks
// messages an actor sends to itself.
#pragma once

#include "protocol/jetstream/command.hpp"

#include "actors/messages.hpp"

#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>

namespace nats_mcp {

// -- supervision -------------------------------------------------------------------------------

/// SUPERVISOR: starts children in order, restarts them by OTP's rules, keeps each child's last
/// checkpoint, stops them in reverse. Implementation: actors/supervision/supervisor.hpp.
using supervisor_actor = caf::typed_actor<
  /// A child hands over what its next incarnation needs. Kept until replaced.
  caf::reacts_to<save_checkpoint>,
  /// Every child: running, restarting or given up, with its restarts and its last failure.
  caf::replies_to<tree_status_query>::with<tree_status>,
  /// Stops all children in reverse order, with grace and then kill; answers when all are gone.
  caf::replies_to<stop_tree>::with<tree_stopped>,
  /// INTERNAL: a restart delay, a grace period or a retry of a child given up is over.
  caf::reacts_to<supervision_timer>>;

// -- the door to NATS --------------------------------------------------------------------------

/// GATEWAY: the only door to NATS. Owns the connection, the requests in flight and their deadlines.
/// Connects on the first message that needs NATS, never earlier. Implementations: `nats_gateway`
/// (actors/gateway), and a model of JetStream under tests/.
using gateway_actor = caf::typed_actor<
  caf::replies_to<jetstream::publish>::with<jetstream::publish_receipt>,
  caf::replies_to<jetstream::api_request>::with<jetstream::api_reply>,
  caf::replies_to<jetstream::get_last>::with<jetstream::stored_message>,
  caf::replies_to<jetstream::pull>::with<jetstream::pull_result>,
  caf::replies_to<jetstream::settle>::with<jetstream::settled>,
  caf::replies_to<jetstream::kv_get>::with<jetstream::kv_lookup>,
  caf::replies_to<jetstream::kv_put>::with<jetstream::kv_revision>,
  caf::replies_to<jetstream::kv_delete>::with<jetstream::kv_revision>,
  /// Delivers every message of `subject` (one member of `queue_group`, if set) to the listener
  /// until `unsubscribe`. Survives reconnects and restarts of the gateway. Answered when the server
  /// has read it; an error answer means that there is no subscription.
  caf::replies_to<core_subscribe>::with<subscribed>,
  /// Watches the keys of a bucket that match `filter`. Answered when the server follows them; an
  /// error answer means that there is no watch.
  caf::replies_to<kv_watch>::with<subscribed>,
  /// Ends a subscription or a watch; unknown ids are ignored.
  caf::reacts_to<unsubscribe>,
  /// The listener is told of every change of the connection from now on, starting with the current.
  caf::reacts_to<observe_connection>,
  /// How the connection is; never connects.
  caf::replies_to<gateway_status_query>::with<jetstream::gateway_status>,
  /// Measures a round trip to the server; connects if need be.
  caf::replies_to<ping_server>::with<jetstream::gateway_status>,
  /// Flushes what is written, closes the connection; nothing connects again afterwards.
  caf::replies_to<close_gateway>::with<gateway_closed>,
  /// INTERNAL: what the library's threads report, one message per callback.
  caf::reacts_to<transport_events>,
  /// INTERNAL: deadlines and repetitions are due.
  caf::reacts_to<gateway_tick>,
  /// INTERNAL: comes behind what was ready, so that all of it leaves with one system call.
  caf::reacts_to<gateway_flush>>;

// -- channels ----------------------------------------------------------------------------------

/// CHANNELS: stream configuration and read positions. Creates a channel's stream on first use.
using channels_actor =
  caf::typed_actor<caf::replies_to<send_to_channel>::with<tools::send_message_result>,
                   caf::replies_to<read_channel>::with<tools::read_messages_result>,
                   /// The answer to a read with `unread` is with the client: the read position is
                   /// here now. An answer that never got there moves nothing.
                   caf::reacts_to<messages_shown>,
                   caf::replies_to<wait_for_channels>::with<tools::wait_for_messages_result>,
                   /// Ends a wait whose caller withdrew; its request is answered `cancelled`.
                   caf::reacts_to<cancel_wait>,
                   /// Counts what is unread; one look at each stream there is a position for.
                   caf::replies_to<unread_query>::with<unread_channels>,
                   /// INTERNAL: a wait's time is over, or its hint is to be checked.
                   caf::reacts_to<wait_timer>, caf::reacts_to<jetstream::core_message>,
                   caf::reacts_to<jetstream::kv_change>, caf::reacts_to<jetstream::kv_watch_event>,
                   caf::reacts_to<jetstream::connection_event>>;

// -- the client --------------------------------------------------------------------------------

/// SESSION: speaks MCP with this process's client; turns lines into tool calls and answers into
/// lines.
using session_actor = caf::typed_actor<
  /// Lines wait in the client link (transport/stdio): take them. Losing this message loses nothing.
  caf::reacts_to<input_waiting>,
  /// The client reads again after its output had piled up.
  caf::reacts_to<output_drained>, caf::reacts_to<output_ready>,
  /// Answer or cancel what is in flight by the deadline, then answer this.
  caf::replies_to<finish_session>::with<session_finished>,
  /// INTERNAL: a deadline of the session core is due.
  caf::reacts_to<session_timer>>;

} // namespace nats_mcp
