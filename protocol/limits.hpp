// SPDX-License-Identifier: MIT
// Every bound of the program, with its unit and its reason. What happens at a bound is an error
// somebody can read; nothing grows without one.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace nats_mcp::limits {

using namespace std::chrono_literals;

// -- the client's side -------------------------------------------------------------------------

/// Longest line read from or written to the client, in bytes: the official clients cut there.
inline constexpr std::size_t line_bytes_max = 10 * 1024 * 1024;
/// Deepest nesting of a JSON text; real messages stay below 20.
inline constexpr std::size_t json_depth_max = 128;
/// Most members of one JSON object: looking a key up is linear.
inline constexpr std::size_t json_object_members_max = 4096;
/// Longest request id or progress token, in bytes: every answer repeats it, and it is kept
/// meanwhile.
inline constexpr std::size_t request_id_bytes_max = 1024;
/// Most messages in one JSON-RPC batch (2025-03-26 only): each may be answered with an error longer
/// than itself.
inline constexpr std::size_t batch_members_max = 256;
/// Longest piece of a client's own text repeated in an error message, in bytes.
inline constexpr std::size_t quoted_bytes_max = 256;
/// Shortest time between two progress notifications of one call.
inline constexpr auto progress_interval_min = 100ms;
/// Tool calls that may run at once; the next one is answered "busy".
inline constexpr std::size_t calls_in_flight_max = 4096;
/// Lines read and not yet taken by the session; then the reader waits, and so does the client.
inline constexpr std::size_t lines_queued_max = 8192;
/// Bytes of those lines.
inline constexpr std::size_t line_bytes_queued_max = 4 * line_bytes_max;
/// What a thread that waits for input runs of the actors it woke before it waits again; others take
/// over the rest.
inline constexpr std::size_t io_worker_jobs_max = 256;
/// Messages an actor handles there before the next one has its turn.
inline constexpr std::size_t io_worker_messages_max = 256;
/// Open `subscriptions/listen` streams of one client.
inline constexpr std::size_t listen_streams_max = 1024;
/// Answers waiting for a client that does not read, in bytes; then no further line is taken.
inline constexpr std::size_t output_bytes_queued_max = 64 * 1024 * 1024;
/// From here on no further line is taken, so that the answers of the calls in flight still find
/// room …
inline constexpr std::size_t output_congested_bytes = output_bytes_queued_max / 2;
/// … and from here on lines are taken again.
inline constexpr std::size_t output_drained_bytes = output_bytes_queued_max / 8;
/// Bytes read from the client at once.
inline constexpr std::size_t read_chunk_bytes = 64 * 1024;

// -- the NATS side -----------------------------------------------------------------------------

/// Requests written to NATS and not answered; further ones wait in the gateway.
inline constexpr std::size_t nats_window_max = 256;
/// Messages of nats.c we are done with and have not destroyed yet, and the bytes they hold.
inline constexpr std::size_t nats_spent_messages_max = 64;
inline constexpr std::size_t nats_spent_bytes_max = 64 * 1024;
/// Requests waiting in the gateway for the window, for other pulls or for the connection; then
/// "busy".
inline constexpr std::size_t nats_queue_max = 8192;
/// Bytes of those; then "busy" as well.
inline constexpr std::size_t nats_queue_bytes_max = 64 * 1024 * 1024;
/// Received and not yet taken by the gateway, in bytes; then nothing more is read from the server.
inline constexpr std::size_t nats_input_bytes_queued_max = 64 * 1024 * 1024;
/// Pulls that may run at once; further ones wait in the gateway, and are answered "busy" at their
/// deadline. Each needs a subscription of its own.
inline constexpr std::size_t nats_pulls_max = 256;
/// Core subscriptions and watches of one process; the next one is answered "busy".
inline constexpr std::size_t nats_subscriptions_max = 1024;
/// Addresses remembered of the servers a cluster tells us about; further ones are not.
inline constexpr std::size_t nats_servers_learnt_max = 64;
/// Refusals of subjects reported by the server and not yet looked at; the next one is dropped.
inline constexpr std::size_t nats_refusals_queued_max = nats_queue_max;
/// How long the messages of a read with a refusal in it wait for the library's report of it, which
/// comes from another of its threads: microseconds.
inline constexpr auto refusal_report_max = 50ms;
/// Observers of the connection; the next one is ignored.
inline constexpr std::size_t nats_observers_max = 64;
/// Wait before the first and the longest wait before any later attempt to connect again.
inline constexpr auto reconnect_delay_min = 100ms;
inline constexpr auto reconnect_delay_max = 5000ms;
/// How long one attempt to connect to one server may take.
inline constexpr auto connect_timeout = 2000ms;
/// Longest pause between attempts to connect while somebody waits for the connection.
inline constexpr auto reconnect_delay_wanted_max = 250ms;
/// How long somebody who asked for the connection is taken to wait for it.
inline constexpr auto reconnect_wanted_for = 10'000ms;
/// How often the server is pinged, and after how long a silence the connection counts as lost.
inline constexpr auto nats_ping_interval = 8000ms;
inline constexpr auto nats_silence_max = 2 * nats_ping_interval + 1000ms;
/// How long the check for JetStream may hold back the first requests of a connection.
inline constexpr auto jetstream_check_max = 1000ms;
/// How long a round trip that was asked for may wait for the server to say which one it is.
inline constexpr auto identity_max = 250ms;
/// How long `server_status` waits for the unread counts; then it leaves them out.
inline constexpr auto status_count_max = 500ms;
/// How long one step of making a watch may take before it is tried again.
inline constexpr auto watch_step_max = 5000ms;
/// How often a watch hears from the server when nothing changes, and when it counts as broken.
inline constexpr auto watch_heartbeat = 15000ms;
inline constexpr auto watch_silence_max = 3 * watch_heartbeat;
/// How long a publish or a compare-and-set waits for its acknowledgement before it is repeated.
inline constexpr auto publish_repeat_after = 1000ms;
/// Most bytes of stored messages one read brings: with JSON's escapes the answer stays one line.
inline constexpr std::size_t read_bytes_max = 4 * 1024 * 1024;
/// How long a direct get waits before the stream is asked in the other way: a server without direct
/// get for the stream may say nothing at all (2.9).
inline constexpr auto direct_get_patience = 300ms;
/// How long a hint of news is held back because own sends are under way, of one of which it may
/// tell; then the stream is looked at all the same.
inline constexpr auto hint_held_back_max = 250ms;
/// How often deadlines are looked at.
inline constexpr auto deadline_tick = 50ms;

// -- supervision -------------------------------------------------------------------------------

/// Messages to a part that is being started, until they can be passed on to it.
inline constexpr std::size_t messages_held_while_starting_max = 1024;
/// Restarts of one part within `restart_period`; the next failure gives it up.
inline constexpr std::size_t restarts_max = 5;
inline constexpr auto restart_period = 10'000ms;
/// Wait before the first and the longest wait before any later restart of a part.
inline constexpr auto restart_delay_min = 100ms;
inline constexpr auto restart_delay_max = 5000ms;
/// The same for a part that was given up: rare enough not to matter, often enough to heal
/// unattended.
inline constexpr auto retry_delay_min = 5000ms;
inline constexpr auto retry_delay_max = 300'000ms;
/// How long a stopped part may finish what it does before it is killed.
inline constexpr auto stop_grace = 500ms;
/// How long a killed part may take to notice; then its supervisor goes on without it.
inline constexpr auto kill_wait = 100ms;
/// Longest description of a failure kept in a status or an error, in bytes.
inline constexpr std::size_t failure_bytes_max = 1000;

// -- what users write --------------------------------------------------------------------------

/// Longest name of a namespace, a channel or a handle, in characters: they become NATS subjects.
inline constexpr std::size_t name_characters_max = 64;
/// Most messages one `read_messages` brings.
inline constexpr std::int64_t messages_read_max = 1000;
/// Longest wait of `wait_for_messages`.
inline constexpr std::chrono::milliseconds wait_max = 600'000ms;
/// Most channels of one configuration; each is a stream.
inline constexpr std::size_t channels_max = 256;
/// Largest configuration file, in bytes.
inline constexpr std::size_t configuration_bytes_max = 1024 * 1024;
/// Longest duration anybody may configure: ten thousand years of nanoseconds would not fit 64 bits.
inline constexpr std::chrono::milliseconds duration_max = std::chrono::days{36'500};
/// How much of a wrong value an error sentence repeats, in characters.
inline constexpr std::size_t quoted_characters_max = 60;
/// Bytes of a payload that is no channel message of ours that are shown instead.
inline constexpr std::size_t foreign_payload_shown_max = 2000;

// -- the log -----------------------------------------------------------------------------------

/// Longest text of one member of a log event, in bytes; the rest is cut off.
inline constexpr std::size_t log_text_bytes_max = 4096;
/// How long one line may wait for whoever reads standard error; then it is dropped and counted.
inline constexpr auto log_wait_max = 20ms;

// -- life cycle --------------------------------------------------------------------------------

/// After the client has gone: the session may take its last lines within this.
inline constexpr auto end_of_input_patience = 300ms;
/// After the end of input: what is in flight may finish within this.
inline constexpr auto drain_max = 1000ms;
/// After the end of input: the process is gone within this, whatever hangs.
inline constexpr auto shutdown_max = 2000ms;
/// After SIGINT or SIGTERM: time to flush the goodbye.
inline constexpr auto signal_flush_max = 80ms;
/// After SIGINT or SIGTERM: the process is gone within this; clients kill it soon after.
inline constexpr auto signal_exit_max = 200ms;

// -- the local engine --------------------------------------------------------------------------

/// The local engine's log, in bytes; when it is full, one older log of this size is kept.
inline constexpr std::size_t engine_log_bytes_max = 1024 * 1024;

static_assert(batch_members_max * (6 * (request_id_bytes_max + quoted_bytes_max) + 1024)
                < line_bytes_max / 4,
              "the answers of a batch that carry no tool's text fit into its line");
static_assert(calls_in_flight_max <= nats_queue_max, "a call must find room in the gateway");
static_assert(output_drained_bytes < output_congested_bytes,
              "else reading stops and starts at every line");
static_assert(line_bytes_max <= line_bytes_queued_max, "the longest line must find room");
static_assert(restart_delay_max < restart_period, "else the limit of restarts is never reached");

static_assert(drain_max < shutdown_max, "the answers go out before the process does");

} // namespace nats_mcp::limits
