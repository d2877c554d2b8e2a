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
/// Longest request id or progress token, in bytes: every answer repeats it, and it is kept meanwhile.
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
/// How often deadlines are looked at.
inline constexpr auto deadline_tick = 50ms;

// -- life cycle --------------------------------------------------------------------------------

/// After the end of input: what is in flight may finish within this.
inline constexpr auto drain_max = 1000ms;
/// After the end of input: the process is gone within this, whatever hangs.
inline constexpr auto shutdown_max = 2000ms;
/// After SIGINT or SIGTERM: time to flush the goodbye.
inline constexpr auto signal_flush_max = 80ms;

static_assert(batch_members_max * (6 * (request_id_bytes_max + quoted_bytes_max) + 1024)
                < line_bytes_max / 4,
              "the answers of a batch that carry no tool's text fit into its line");
static_assert(calls_in_flight_max <= nats_queue_max, "a call must find room in the gateway");
static_assert(drain_max < shutdown_max, "the answers go out before the process does");

} // namespace nats_mcp::limits
