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
/// Bytes of those; then "busy" as well.
inline constexpr std::size_t nats_queue_bytes_max = 64 * 1024 * 1024;
/// Received and not yet taken by the gateway, in bytes; then nothing more is read from the server.
inline constexpr std::size_t nats_input_bytes_queued_max = 64 * 1024 * 1024;
/// Pulls that may run at once; the next one is answered "busy". Each needs a subscription of its
/// own.
inline constexpr std::size_t nats_pulls_max = 256;
/// Core subscriptions and watches of one process; the next one is answered "busy".
inline constexpr std::size_t nats_subscriptions_max = 1024;
/// Addresses remembered of the servers a cluster tells us about; further ones are not.
inline constexpr std::size_t nats_servers_learnt_max = 64;
/// Observers of the connection; the next one is ignored.
inline constexpr std::size_t nats_observers_max = 64;
/// Wait before the first and the longest wait before any later attempt to connect again.
inline constexpr auto reconnect_delay_min = 100ms;
inline constexpr auto reconnect_delay_max = 5000ms;
/// How long one attempt to connect to one server may take.
inline constexpr auto connect_timeout = 2000ms;
/// How long a lost connection is waited for silently; after that a failed attempt ends what waits.
inline constexpr auto outage_patience = 5000ms;
/// How often the server is pinged, and after how long a silence the connection counts as lost.
inline constexpr auto nats_ping_interval = 8000ms;
inline constexpr auto nats_silence_max = 2 * nats_ping_interval + 1000ms;
/// How long the check for JetStream may hold back the first requests of a connection.
inline constexpr auto jetstream_check_max = 1000ms;
/// How long one step of making a watch may take before it is tried again.
inline constexpr auto watch_step_max = 5000ms;
/// How often a watch hears from the server when nothing changes, and when it counts as broken.
inline constexpr auto watch_heartbeat = 15000ms;
inline constexpr auto watch_silence_max = 3 * watch_heartbeat;
/// How long a publish or a compare-and-set waits for its acknowledgement before it is repeated.
inline constexpr auto publish_repeat_after = 1000ms;
/// How long a direct get waits before the stream is asked in the other way: a server without direct
/// get for the stream may say nothing at all (2.9).
inline constexpr auto direct_get_patience = 300ms;
/// How often deadlines are looked at.
inline constexpr auto deadline_tick = 50ms;

// -- life cycle --------------------------------------------------------------------------------

/// After the end of input: what is in flight may finish within this.
inline constexpr auto drain_max = 1000ms;
/// After the end of input: the process is gone within this, whatever hangs.
inline constexpr auto shutdown_max = 2000ms;
/// After SIGINT or SIGTERM: time to flush the goodbye.
inline constexpr auto signal_flush_max = 80ms;

static_assert(calls_in_flight_max <= nats_queue_max, "a call must find room in the gateway");
static_assert(drain_max < shutdown_max, "the answers go out before the process does");

} // namespace nats_mcp::limits
