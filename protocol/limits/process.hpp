// SPDX-License-Identifier: MIT
// Bounds: the process itself: supervision, log, life and end, the local engine. Include
// protocol/limits.hpp.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace nats_mcp::limits {

using namespace std::chrono_literals;

// -- supervision ----------------------------------------------------------------------------------

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

// -- the log --------------------------------------------------------------------------------------

/// Longest text of one member of a log event, in bytes; the rest is cut off.
inline constexpr std::size_t log_text_bytes_max = 4096;
/// Entries of our buckets that nobody of us wrote, of which a process tells; the others it passes
/// over in silence.
inline constexpr std::size_t unreadable_told_max = 100;
/// How long one line may wait for whoever reads standard error; then it is dropped and counted.
inline constexpr auto log_wait_max = 20ms;

// -- life cycle -----------------------------------------------------------------------------------

/// After the client has gone: the session may take its last lines within this.
inline constexpr auto end_of_input_patience = 300ms;
/// After the end of input: what is in flight may finish within this.
inline constexpr auto drain_max = 1000ms;
/// Of that, for saying that the agent is offline.
inline constexpr auto goodbye_reserve = 200ms;
/// After the end of input: the process is gone within this, whatever hangs.
inline constexpr auto shutdown_max = 2000ms;
/// After SIGINT or SIGTERM: time to flush the goodbye.
inline constexpr auto signal_flush_max = 80ms;
/// After SIGINT or SIGTERM: the process is gone within this; clients kill it soon after.
inline constexpr auto signal_exit_max = 200ms;

// -- the local engine -----------------------------------------------------------------------------

/// The local engine's log, in bytes; when it is full, one older log of this size is kept.
inline constexpr std::size_t engine_log_bytes_max = 1024 * 1024;

} // namespace nats_mcp::limits
