// SPDX-License-Identifier: MIT
// Bounds: agents and their mail. Include protocol/limits.hpp.
#pragma once

#include "protocol/limits/nats.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace nats_mcp::limits {

using namespace std::chrono_literals;

// -- agents ---------------------------------------------------------------------------------------

/// Longest name of a computer that is shown, in characters (RFC 1035).
inline constexpr std::size_t hostname_characters_max = 255;
/// What intervals between signs of life make sense: the longest so that three fit into the time
/// for which signs of life are kept, and one more in which somebody who was killed comes back.
inline constexpr std::chrono::milliseconds heartbeat_interval_min = 1'000ms;
inline constexpr std::chrono::milliseconds heartbeat_interval_max = 900'000ms;
/// How long an agent that does nothing more is known, and can return; as long as its mail is kept
/// and a day longer.
inline constexpr auto agent_kept_for = std::chrono::days{8};
inline constexpr auto presence_kept_for = std::chrono::hours{1};
/// How long the way back to a GUID and its anchor are kept: mail that came on the last day of an
/// agent is there until it expires, and a day longer.
inline constexpr auto way_back_kept_for = agent_kept_for + std::chrono::days{8};
/// Most GUIDs that agents of one name, user, computer and project have or had beside the one that
/// is returned to; the next one has to wait or to choose another handle. About 10 kB of text.
inline constexpr std::size_t guids_of_a_name_max = 256;
/// How long a GUID that was given up stays on the list after nobody can find it any more: work it
/// offered may be reported that late. Beyond so many it goes earlier, when nobody can still be
/// sending to it. Both only when its inbox is empty.
inline constexpr auto former_guid_kept_for = agent_kept_for;
inline constexpr std::size_t former_guids_kept = 32;
inline constexpr std::chrono::milliseconds former_guid_settled = std::chrono::minutes{30};
/// How many former inboxes are read at once; the others when these are empty.
inline constexpr std::size_t former_inboxes_open_max = 16;
/// How many listed GUIDs are looked at together: the anchors of so many, the records and signs of
/// life of so many, and the mail of so many.
inline constexpr std::size_t former_anchors_at_once = 64;
inline constexpr std::size_t former_guids_at_once = 8;
inline constexpr std::size_t former_inboxes_counted_at_once = 16;
/// After how many heartbeats who has no former GUID with mail looks whether it has one by now.
inline constexpr unsigned beats_between_looks = 3;
/// How long a goodbye may have been under way: one that comes later was a living process's.
inline constexpr std::chrono::milliseconds goodbye_under_way_max = 10s;
/// How often a registered agent writes again what would expire.
inline constexpr auto agent_rewritten_every = std::chrono::days{1};
/// From how long on a sleep of the computer is one: the two clocks are never read at once.
inline constexpr auto sleep_noticed = std::chrono::seconds{1};
/// Which part of a heartbeat interval after `sure_until` what is sent as an agent may still be
/// under way: long before anybody can take over.
inline constexpr int send_slack_divisor = 2;
/// How often more is looked for mail that was announced and did not come.
inline constexpr unsigned mail_recounts_max = 3;
/// How long after a failure an agent does not try again to register itself.
inline constexpr auto registration_retry = std::chrono::seconds{30};
/// Within how long the same message id is the same message.
inline constexpr auto duplicate_window = std::chrono::minutes{2};
/// How long the view of other agents is kept up when nobody asks for it.
inline constexpr auto view_idle_max = std::chrono::minutes{10};
/// How old the signs of life may be by which agents are judged.
inline constexpr auto presence_age_max = std::chrono::seconds{5};
/// How long a look at the agents waits for the newest changes.
inline constexpr auto view_catch_up_max = 250ms;
/// Most agents one process keeps in view; those beyond are not shown.
inline constexpr std::size_t agents_in_view_max = 20'000;
/// Most signs of life one pull brings.
inline constexpr std::uint64_t presence_batch_max = 5'000;
/// How many agents of one handle an answer names.
inline constexpr std::size_t candidates_shown_max = 10;
/// Most requests to change this agent's own entry that wait for their turn.
inline constexpr std::size_t registry_changes_waiting_max = 64;

// -- direct messages ------------------------------------------------------------------------------

/// How long NATS waits for a reader of an inbox before it counts a delivery as lost; renewed at a
/// third of it while the message is held.
inline constexpr std::chrono::milliseconds inbox_ack_wait = std::chrono::minutes{5};
/// Deliveries of one inbox that may be under way; at this many a pull would get no answer at all.
inline constexpr std::int64_t inbox_ack_pending_max = 100'000;
/// An inbox nobody looked into for so long loses its reader: a day more than its messages live.
inline constexpr std::chrono::milliseconds inbox_reader_idle_max = std::chrono::days{8};
/// Messages fetched and not read, and their bytes; a read looks no further then.
inline constexpr std::size_t mail_held_max = 1000;
inline constexpr std::size_t mail_held_bytes_max = 2 * read_bytes_max;
/// Messages fetched at once by a read that does not know how many of them it wants.
inline constexpr std::size_t mail_batch_max = 256;
/// Messages remembered as read, in case NATS delivers them again.
inline constexpr std::size_t mail_read_remembered_max = 10'000;
/// How long a message that was announced may take to be in the stream.
inline constexpr auto mail_announced_max = 250ms;
/// Silence of a consumer after which it is looked at: one that is gone says nothing (2.9).
inline constexpr auto mail_silence_max = 500ms;
/// Times a round of requests to one inbox begins again because its consumer did not answer.
inline constexpr unsigned mail_troubles_max = 8;
/// How long what the inbox does by itself may take.
inline constexpr auto mail_request_max = 5000ms;
/// How soon after a hint the unread messages are counted, and how often at most.
inline constexpr auto mail_count_delay = 50ms;
inline constexpr auto mail_count_interval = 1000ms;
/// Wait before an acknowledgement that failed is sent again.
inline constexpr auto mail_acknowledge_again = 1000ms;

// -- inboxes --------------------------------------------------------------------------------------

/// How long an unread direct message is kept.
inline constexpr auto inbox_age_max = 7 * 24h;
/// All inboxes together, in bytes; then senders are told.
inline constexpr std::int64_t inbox_stream_bytes_max = 1024LL * 1024 * 1024;
/// Unread messages of one sender to one recipient; then this sender is told, and nobody else.
inline constexpr std::int64_t inbox_messages_per_sender_max = 1000;
/// How long a message sent twice under one id is noticed.
inline constexpr auto inbox_duplicates_remembered = 1h;

static_assert(way_back_kept_for > agent_kept_for + inbox_age_max,
              "mail that was accepted can be found as long as it is kept");

} // namespace nats_mcp::limits
