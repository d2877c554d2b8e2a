// SPDX-License-Identifier: MIT
// What the MCP server writes into its log, as events with stable names.
#pragma once

#include "protocol/config/configuration.hpp"
#include "protocol/logging/event.hpp"

#include "transport/log/logger.hpp"

#include "actors/runtime.hpp"
#include "actors/supervision/supervisor.hpp"

#include <memory>

namespace nats_mcp {

/// The log of this process: standard error, as configured.
[[nodiscard]] std::shared_ptr<transport::logger> make_logger(const config::configuration& settings,
                                                             const runtime& world);

/// That the process started, with what; and every problem of its configuration.
void log_start(transport::logger& log, const config::loaded_configuration& loaded);

/// What happened to a part.
[[nodiscard]] logging::event log_event_of(const supervision_event& happened);

} // namespace nats_mcp
