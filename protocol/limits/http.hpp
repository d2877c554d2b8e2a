// SPDX-License-Identifier: MIT
// Bounds: what a coordinator says over HTTP. Not part of protocol/limits.hpp, since only that
// concerns it.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace nats_mcp::limits {

using namespace std::chrono_literals;

// -- connections ----------------------------------------------------------------------------------

/// Pages that are open at once; each has a thread, which sleeps. The next one is told so.
inline constexpr std::size_t http_pages_max = 24;
/// Connections whose request has not come yet; of more the one that waits for longest is closed.
inline constexpr std::size_t http_heads_awaited_max = 256;
/// Threads that answer requests and wait for their answers, besides those of open pages.
inline constexpr std::size_t http_request_threads = 8;
inline constexpr std::size_t http_threads_max = http_pages_max + http_request_threads;
/// Requests that wait for a thread; the next one is answered "busy" and closed.
inline constexpr std::size_t http_connections_waiting_max = 64;
/// Connections the system accepts for us before we do.
inline constexpr int http_backlog = 64;
/// Wait before the next connection is accepted after the system had no descriptor for one.
inline constexpr std::chrono::milliseconds http_accept_pause = 100ms;

// -- one request ----------------------------------------------------------------------------------

/// From the connection to the end of the request's head: longer is a client that says nothing.
inline constexpr std::chrono::milliseconds http_read_max = 5'000ms;
/// To write a response, or the events a page has not read yet.
inline constexpr std::chrono::milliseconds http_write_max = 10'000ms;
/// How long the rest of what a client sends is read, so that it can read its answer.
inline constexpr std::chrono::milliseconds http_linger_max = 250ms;
/// The whole head of a request, in bytes. Requests have no body.
inline constexpr std::size_t http_head_bytes_max = 16 * 1024;
/// The path and what stands behind it, in bytes: the longest of ours has an item's id in it.
inline constexpr std::size_t http_target_bytes_max = 256;

// -- what the actor is asked ----------------------------------------------------------------------

/// Questions of clients that wait for the actor; the next one is answered "busy".
inline constexpr std::size_t http_questions_max = 32;
/// How long a client waits for numbers, or for whether this process is ready.
inline constexpr std::chrono::milliseconds http_question_max = 5'000ms;
/// How long a retry or discard may take.
inline constexpr std::chrono::milliseconds http_change_max = 10'000ms;
/// How much longer than that its client waits for the actor's word about it.
inline constexpr std::chrono::milliseconds http_change_slack = 1'000ms;

// -- open pages -----------------------------------------------------------------------------------

/// How often it is looked for what is different while a page is open.
inline constexpr std::chrono::milliseconds page_look_interval = 1'000ms;
/// Looks in a row that were not answered; then pages are told that what they show may be old.
inline constexpr unsigned page_looks_missed_max = 5;
/// Of a reason why what is shown may be old, in characters.
inline constexpr std::size_t page_reason_characters_max = 300;
/// How often a page without news is told the time, which shows it that it is connected.
inline constexpr std::chrono::milliseconds page_beat_interval = 10'000ms;
/// How long a page that lost its connection waits before it tries again.
inline constexpr std::chrono::milliseconds page_retry_delay = 2'000ms;

// -- who may --------------------------------------------------------------------------------------

/// A token is to be found by nobody who tries.
inline constexpr std::size_t http_token_characters_min = 16;
inline constexpr std::size_t http_token_characters_max = 1024;
/// Wrong tokens one address may send at once, and how soon it may send another one.
inline constexpr std::uint32_t http_wrong_tokens_max = 5;
inline constexpr std::chrono::milliseconds http_wrong_token_pause = 3'000ms;
/// Addresses remembered for wrong tokens; those beyond share one account.
inline constexpr std::size_t http_wrong_addresses_max = 256;
/// Browsers that are logged in; of more the one that was away longest is logged out.
inline constexpr std::size_t page_sessions_max = 64;
/// How long a browser stays logged in that does not come back.
inline constexpr std::chrono::milliseconds page_session_idle_max = 12h;
/// Names under which browsers may ask for the page, besides its address.
inline constexpr std::size_t http_host_names_max = 16;

static_assert(http_request_threads >= 2, "one slow client does not keep everybody else waiting");
static_assert(http_questions_max >= http_request_threads, "whoever has a thread may ask");
static_assert(3 * page_beat_interval < 35s,
              "a page takes three beats that did not come for a loss");

} // namespace nats_mcp::limits
