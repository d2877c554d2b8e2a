// SPDX-License-Identifier: MIT
// Finds this user's running engine, or starts one. Many clients may do so at the same moment: each
// starts a parent, the parents race for `engine.lock`, one wins, and everybody waits for its
// record.
#pragma once

#include "transport/engine/engine_endpoint.hpp"
#include "transport/engine/engine_files.hpp"
#include "transport/engine/engine_options.hpp"
#include "transport/engine/engine_record.hpp"

#include <optional>

namespace nats_mcp::transport {

/// The record of an engine whose nats-server and parent both live. Looks only; contacts nobody.
/// Absent: none runs, or it is about to end.
[[nodiscard]] std::optional<engine_record> living_engine(const engine_files& files);

/// Turns a record into an endpoint after making sure that the port belongs to its nats-server and
/// that it answers. The caller holds the users' lock, or the engine might end in between.
/// @returns `ec::not_found` when the port is not its nats-server's (any more): whether another
/// engine can be started is for `engine.lock` to say; `ec::nats_unreachable` with a sentence that
/// tells a stopped engine from one that does not answer.
[[nodiscard]] result<engine_endpoint> confirm_engine(const engine_record& record,
                                                     const patience& waiting);

/// Starts this user's engine, or joins in somebody else's start of it. The caller holds the users'
/// lock. Blocks until the engine answers or the patience ends; the start itself goes on then.
/// @returns `ec::nats_unreachable` or `ec::system_error` with a sentence and a remedy,
/// `ec::cancelled` when the wait was stopped.
[[nodiscard]] result<engine_endpoint> launch_engine(const engine_options& options,
                                                    const patience& waiting);

/// Why the engine cannot be had although its locks are taken: somebody is stopped, starting,
/// ending, or cannot be seen from here.
[[nodiscard]] error diagnose_engine(const engine_files& files);

} // namespace nats_mcp::transport
