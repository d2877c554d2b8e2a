// SPDX-License-Identifier: MIT
// A client's side of the local engine: where is NATS when no NATS_URL says so? In this order: this
// user's running engine, a server without credentials on the default port, an engine started now.
// One object per process, used by the thread that connects; it may block, with a bound.
#pragma once

#include "transport/engine/engine_endpoint.hpp"
#include "transport/engine/engine_files.hpp"
#include "transport/engine/engine_options.hpp"

namespace nats_mcp::transport {

/// What `engine_client::endpoint` may do and how long.
struct endpoint_request {
  start_policy start = start_policy::start_if_needed;
  patience waiting;
};

/// Finds NATS, and counts as a user of the local engine from the first endpoint that is one until
/// it is destroyed or finds another server. Not thread-safe: one call at a time.
class engine_client {
public:
  explicit engine_client(engine_options options);

  /// Where to connect now. To be asked again after every lost connection: a new engine has a new
  /// port and a new token. Starts the engine when the request allows it and nothing else answers.
  /// @returns `ec::nats_unreachable` with what was tried and what to do; `ec::system_error` when
  /// the directory cannot be used; `ec::cancelled` after the stop.
  [[nodiscard]] result<engine_endpoint> endpoint(const endpoint_request& request);

  /// This user's engine, running or started now, whatever answers on the default port.
  [[nodiscard]] result<engine_endpoint> own_engine(const patience& waiting);

private:
  [[nodiscard]] result<void> join(const patience& waiting);
  [[nodiscard]] result<engine_endpoint> find(const endpoint_request& request);
  [[nodiscard]] error nothing_found(start_policy start) const;

  engine_options options_;
  engine_files files_;
  descriptor users_;
};

} // namespace nats_mcp::transport
