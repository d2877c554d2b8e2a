// SPDX-License-Identifier: MIT
// What a human does with the local engine: `nats-mcp-server local start|stop|status`. Functions
// without state; they block, with a bound.
#pragma once

#include "transport/engine/engine_endpoint.hpp"
#include "transport/engine/engine_options.hpp"

#include <string>
#include <vector>

namespace nats_mcp::transport {

/// How the local engine is.
enum class engine_condition {
  not_running,
  /// Its nats-server has the store and nobody has published its port: it starts or ends.
  changing,
  running,
  /// Suspended by a signal.
  stopped,
  /// Its nats-server lives and does not greet.
  not_answering,
};

/// Everything there is to say about it.
struct engine_status {
  engine_condition condition = engine_condition::not_running;
  /// 0 unless it runs, is stopped or does not answer.
  std::uint16_t port = 0;
  pid_t server = 0;
  pid_t parent = 0;
  /// nats-server's version; empty unless it runs.
  std::string version;
  /// The processes that use it.
  std::vector<process_facts> users;
};

/// Looks at the engine; starts and changes nothing.
[[nodiscard]] engine_status engine_state(const engine_options& options);

/// Starts the engine, or finds it running. It ends like any other when nobody uses it.
[[nodiscard]] result<engine_endpoint> start_engine(const engine_options& options,
                                                   const patience& waiting);

/// `if_unused` refuses while a client uses the engine; `in_any_case` ends it, by SIGKILL in the
/// end.
enum class stop_policy { if_unused, in_any_case };

/// Ends the engine and waits until its store is free.
/// @returns what was found before: `not_running` means nothing was done. `ec::conflict` names the
/// users that stand in the way; `ec::timeout` names the process that does not end.
[[nodiscard]] result<engine_status> stop_engine(const engine_options& options, stop_policy policy);

} // namespace nats_mcp::transport
