// SPDX-License-Identifier: MIT
// The engine's parent: the body of `nats-mcp-server local run`, a process of its own that no client
// owns. It takes the store's lock, starts nats-server, publishes the record once the port answers,
// counts users and ends nats-server when the last one has been gone for a while.
//
// nats-server asks the kernel for SIGTERM at its parent's death, so a parent killed with -9 leaves
// no server without anybody who would ever end it; the next client starts both again on the same
// store.
#pragma once

#include "transport/engine/engine_options.hpp"

#include <functional>

namespace nats_mcp::transport {

/// Why an engine ended in order.
enum class engine_end {
  /// Nobody has used it for `idle_end`.
  idle,
  /// SIGTERM, SIGINT or SIGHUP.
  asked,
  /// Another nats-server has the store; none was started.
  already_running,
};

/// Runs this user's engine until it ends; `ready` is called once, with the port, when it answers.
/// Changes process-wide state (signal mask, umask, SIGPIPE): for a process that does nothing else,
/// and only from its main thread, whose end is what nats-server would notice.
/// @returns `ec::nats_unreachable` when nats-server does not start or ends by itself,
/// `ec::system_error` when the directory cannot be used.
[[nodiscard]] result<engine_end> run_engine(const engine_options& options,
                                            const std::function<void(std::uint16_t)>& ready);

} // namespace nats_mcp::transport
