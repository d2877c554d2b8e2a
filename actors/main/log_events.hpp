// SPDX-License-Identifier: MIT
// What the MCP server writes into its log, as events with stable names.
#pragma once

#include "protocol/config/configuration.hpp"
#include "protocol/logging/event.hpp"

#include "transport/log/logger.hpp"

#include "actors/runtime.hpp"
#include "actors/supervision/supervisor.hpp"

#include <functional>
#include <memory>
#include <string_view>

namespace nats_mcp {

/// The log of this process: standard error, as configured.
[[nodiscard]] std::shared_ptr<transport::logger> make_logger(const config::configuration& settings,
                                                             const runtime& world);

/// That the process started, with what; and every problem of its configuration.
void log_start(transport::logger& log, const config::loaded_configuration& loaded);

/// For `runtime::unreadable`: once per entry (protocol/logging/stranger_journal.hpp).
[[nodiscard]] std::function<void(std::string_view bucket, const jetstream::kv_entry& entry)>
tell_of_strangers(std::shared_ptr<transport::logger> log);

/// What happened to a part.
[[nodiscard]] logging::event log_event_of(const supervision_event& happened);

} // namespace nats_mcp
