// SPDX-License-Identifier: MIT
// Bounds: what the client's side may send and be sent. Include protocol/limits.hpp.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace nats_mcp::limits {

using namespace std::chrono_literals;

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
/// Resources all subscriptions of one client name together; each is kept for the next session.
inline constexpr std::size_t resource_subscriptions_max = 4096;
/// Shortest time between two notifications about one resource, and between two hints about one
/// thing; what comes meanwhile is told once, when it is over.
inline constexpr auto update_interval_min = 1000ms;
/// Longest value of one argument of a prompt, in bytes: sixty-four capabilities.
inline constexpr std::size_t prompt_argument_bytes_max = 8192;
/// Answers waiting for a client that does not read, in bytes; then no further line is taken.
inline constexpr std::size_t output_bytes_queued_max = 64 * 1024 * 1024;
/// From here on no further line is taken, so that the answers of the calls in flight still find
/// room …
inline constexpr std::size_t output_congested_bytes = output_bytes_queued_max / 2;
/// … and from here on lines are taken again.
inline constexpr std::size_t output_drained_bytes = output_bytes_queued_max / 8;
/// Bytes read from the client at once.
inline constexpr std::size_t read_chunk_bytes = 64 * 1024;

} // namespace nats_mcp::limits
