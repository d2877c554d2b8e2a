// SPDX-License-Identifier: MIT
// Bounds: requests to NATS, reads, watches. Include protocol/limits.hpp.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace nats_mcp::limits {

using namespace std::chrono_literals;

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
/// How long after its silent end what a pull still brings is handed back, and for how many pulls.
inline constexpr std::chrono::milliseconds late_delivery_max = 5000ms;
inline constexpr std::size_t lingering_lanes_max = 64;
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
/// Own messages to observed channels that are remembered, so as to know them again when they come
/// back as news.
inline constexpr std::size_t own_messages_remembered_max = 4096;
/// How long subscribing to an observed channel, or looking at it, may take; then the next
/// connection tries again. How long the gateway has for saying how the connection is.
inline constexpr auto observation_patience = 5000ms;
/// How often deadlines are looked at.
inline constexpr auto deadline_tick = 50ms;

} // namespace nats_mcp::limits
