// SPDX-License-Identifier: MIT
// Where this process finds NATS: the configured servers, or the local engine of this user. Asked
// again for every connection, because a local engine that was restarted has another port and token.
#pragma once

#include "protocol/config/configuration.hpp"

#include "transport/engine/engine_options.hpp"
#include "transport/nats/endpoint.hpp"

#include "actors/main/process_environment.hpp"

namespace nats_mcp {

/// Whether looking for NATS may start the local engine: `doctor` only looks.
enum class engine_start { if_needed, never };

/// What is configured: addresses, credentials, files. Without addresses nothing of it is used.
[[nodiscard]] transport::endpoint configured_endpoint(const config::nats_settings& nats,
                                                      const std::string& program);

/// The source the connection asks, on its own thread; it may block for as long as the local engine
/// takes to start. Nothing happens before the first call.
[[nodiscard]] transport::endpoint_source
make_endpoint_source(const config::configuration& configuration,
                     const process_environment& environment, engine_start start);

/// What the engine needs of the environment.
[[nodiscard]] transport::engine_environment engine_part(const process_environment& environment);

} // namespace nats_mcp
