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
/// Tool calls that may run at once; the next one is answered "busy".
inline constexpr std::size_t calls_in_flight_max = 4096;
/// Lines read and not yet taken by the session; then the reader waits, and so does the client.
inline constexpr std::size_t lines_queued_max = 8192;
/// Bytes of those lines.
inline constexpr std::size_t line_bytes_queued_max = 4 * line_bytes_max;
/// Open `subscriptions/listen` streams of one client.
inline constexpr std::size_t listen_streams_max = 1024;
/// Answers waiting for a client that does not read, in bytes; then no further line is taken.
inline constexpr std::size_t output_bytes_queued_max = 64 * 1024 * 1024;

// -- the NATS side -----------------------------------------------------------------------------

/// Requests written to NATS and not answered; further ones wait in the gateway.
inline constexpr std::size_t nats_window_max = 256;
/// Requests waiting in the gateway for the window or the connection; then "busy".
inline constexpr std::size_t nats_queue_max = 8192;
/// Wait before the first and the longest wait before any later attempt to connect again.
inline constexpr auto reconnect_delay_min = 100ms;
inline constexpr auto reconnect_delay_max = 5000ms;
/// How long a publish or a compare-and-set waits for its acknowledgement before it is repeated.
inline constexpr auto publish_repeat_after = 1000ms;
/// Most bytes of stored messages one read brings: with JSON's escapes the answer stays one line.
inline constexpr std::size_t read_bytes_max = 4 * 1024 * 1024;
/// How often deadlines are looked at.
inline constexpr auto deadline_tick = 50ms;

// -- supervision -------------------------------------------------------------------------------

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
/// Longest message of a channel, in characters; the NATS server's `max_payload` may be smaller.
inline constexpr std::size_t message_characters_max = 8 * 1024 * 1024;
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

// -- life cycle --------------------------------------------------------------------------------

/// After the end of input: what is in flight may finish within this.
inline constexpr auto drain_max = 1000ms;
/// After the end of input: the process is gone within this, whatever hangs.
inline constexpr auto shutdown_max = 2000ms;
/// After SIGINT or SIGTERM: time to flush the goodbye.
inline constexpr auto signal_flush_max = 80ms;

// -- the local engine --------------------------------------------------------------------------

/// The local engine's log, in bytes; when it is full, one older log of this size is kept.
inline constexpr std::size_t engine_log_bytes_max = 1024 * 1024;

static_assert(calls_in_flight_max <= nats_queue_max, "a call must find room in the gateway");
static_assert(restart_delay_max < restart_period, "else the limit of restarts is never reached");

static_assert(message_characters_max < line_bytes_max, "a message fits its line");
static_assert(drain_max < shutdown_max, "the answers go out before the process does");

} // namespace nats_mcp::limits
