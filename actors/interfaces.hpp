// SPDX-License-Identifier: MIT
// Every actor of the program, as a typed interface: who may be told what, and what comes back. To
// understand the system, read this file; including it includes no implementation.
//
// Conventions: a message is one struct named after what it asks; a request is answered exactly
// once, with the value named here or with an `ec` (actors/error_bridge.hpp). "INTERNAL" marks
// messages an actor sends to itself.
#pragma once

#include "protocol/jetstream/command.hpp"

#include "actors/agent_messages.hpp"
#include "actors/dead_letter_messages.hpp"
#include "actors/inbox_messages.hpp"
#include "actors/messages.hpp"
#include "actors/observation_messages.hpp"
#include "actors/work_messages.hpp"

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
  caf::reacts_to<gateway_flush>,
  /// Answers when the listener of a watch has been sent everything that was in the bucket when this
  /// was asked. Errors: `not_found` (no such watch), those of a request.
  caf::replies_to<await_watch>::with<watch_is_current>>;

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
                   /// From now on the session is sent `channel_changed` for these channels.
                   caf::reacts_to<observe_channels>,
                   /// INTERNAL: a wait's time is over, or its hint is to be checked.
                   caf::reacts_to<wait_timer>, caf::reacts_to<jetstream::core_message>,
                   caf::reacts_to<jetstream::kv_change>, caf::reacts_to<jetstream::kv_watch_event>,
                   caf::reacts_to<jetstream::connection_event>>;

// -- agents ------------------------------------------------------------------------------------

/// REGISTRY: who this process is for others, and who the others are, as far as they may be seen.
/// Owns the agent's record and its right to it (the anchor, docs/wire.md), and the view of the
/// others.
using registry_actor =
  caf::typed_actor<caf::replies_to<register_as>::with<tools::register_agent_result>,
                   caf::replies_to<discover>::with<tools::discover_agents_result>,
                   caf::replies_to<look_up_agent>::with<tools::get_agent_info_result>,
                   caf::replies_to<change_presence>::with<tools::update_presence_result>,
                   caf::replies_to<change_handle>::with<tools::set_handle_result>,
                   caf::replies_to<deregister>::with<tools::deregister_agent_result>,
                   /// Whom a direct message goes to, and who sends it.
                   caf::replies_to<find_recipient>::with<recipient_found>,
                   caf::reacts_to<send_over>,
                   caf::replies_to<confirm_identity>::with<agent_identity>,
                   /// Session, heartbeat and inbox are told again who this process is.
                   caf::reacts_to<identity_wanted>, caf::reacts_to<beat_report>,
                   /// From now on the session is sent `agents_changed`, or no longer.
                   caf::reacts_to<observe_agents>,
                   /// The process ends: offline, at once.
                   caf::replies_to<say_goodbye>::with<goodbye_said>,
                   /// INTERNAL: the view was not used for long, or something is to be tried again.
                   caf::reacts_to<registry_timer>, caf::reacts_to<jetstream::core_message>,
                   caf::reacts_to<jetstream::kv_change>, caf::reacts_to<jetstream::kv_watch_event>,
                   caf::reacts_to<jetstream::connection_event>>;

/// HEARTBEAT: owns the timer. Each beat is a sign of life, and a look whether this process still is
/// the agent it says it is.
using heartbeat_actor = caf::typed_actor<caf::reacts_to<identity_changed>,
                                         /// INTERNAL
                                         caf::reacts_to<heartbeat_due>>;

/// INBOX: sends direct messages, reads this agent's own, knows how many are unread.
using inbox_actor =
  caf::typed_actor<caf::replies_to<send_direct>::with<tools::send_direct_message_result>,
                   caf::replies_to<read_inbox>::with<tools::read_direct_messages_result>,
                   caf::reacts_to<direct_messages_shown>, caf::reacts_to<direct_messages_not_shown>,
                   caf::reacts_to<inbox_readers_gone>,
                   caf::replies_to<wait_for_mail>::with<mail_news>,
                   caf::reacts_to<cancel_mail_wait>, caf::reacts_to<identity_changed>,
                   /// INTERNAL
                   caf::reacts_to<inbox_timer>, caf::reacts_to<jetstream::core_message>,
                   caf::reacts_to<jetstream::kv_change>, caf::reacts_to<jetstream::kv_watch_event>,
                   caf::reacts_to<jetstream::connection_event>>;

// -- work --------------------------------------------------------------------------------------

/// WORK QUEUE: offers work, claims it, holds leases and renews them, finishes what is held. What it
/// holds is its checkpoint; everything else is in NATS.
using work_queue_actor = caf::typed_actor<
  caf::replies_to<offer_work>::with<tools::broadcast_work_offer_result>,
  caf::replies_to<claim_work>::with<tools::claim_work_result>, caf::reacts_to<work_shown>,
  caf::reacts_to<work_not_shown>, caf::reacts_to<cancel_claim>, caf::reacts_to<work_claimers_gone>,
  caf::replies_to<report_on_work>::with<tools::report_progress_result>,
  caf::replies_to<complete_held_work>::with<tools::complete_work_result>,
  caf::replies_to<fail_held_work>::with<tools::fail_work_result>,
  caf::replies_to<release_held_work>::with<tools::release_work_result>,
  caf::replies_to<cancel_offered_work>::with<tools::cancel_work_result>,
  caf::replies_to<look_up_work>::with<tools::get_work_status_result>,
  caf::replies_to<list_known_work>::with<tools::list_work_result>,
  caf::replies_to<held_work_query>::with<held_work>, caf::reacts_to<identity_changed>,
  /// INTERNAL
  caf::reacts_to<work_timer>, caf::reacts_to<jetstream::core_message>,
  caf::reacts_to<jetstream::kv_change>, caf::reacts_to<jetstream::kv_watch_event>,
  caf::reacts_to<jetstream::connection_event>>;

/// DEAD LETTERS: lists, retries and discards what nobody could do; while registered, looks through
/// the lanes of its capabilities now and then for what is dead and lies there unclaimed.
using dead_letters_actor = caf::typed_actor<
  caf::replies_to<list_dead_letters>::with<tools::list_dead_letter_items_result>,
  caf::replies_to<retry_dead_letters>::with<tools::retry_dead_letter_item_result>,
  caf::replies_to<discard_dead_letter>::with<tools::discard_dead_letter_item_result>,
  caf::reacts_to<identity_changed>,
  /// INTERNAL
  caf::reacts_to<sweep_due>>;

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
  /// Who this agent is now for others.
  caf::reacts_to<identity_changed>, caf::reacts_to<unread_mail>,
  /// What a resource shows is different now.
  caf::reacts_to<channel_changed>, caf::reacts_to<agents_changed>,
  /// Says again which channels and whether agents are observed.
  caf::reacts_to<observation_wanted>,
  /// Says again which claims are with the client.
  caf::reacts_to<claims_in_doubt>,
  /// INTERNAL: a deadline of the session core is due.
  caf::reacts_to<session_timer>>;

} // namespace nats_mcp
