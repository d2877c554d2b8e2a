// SPDX-License-Identifier: MIT
// The work of `nats-mcp-coordinator`: one coordinator, until a signal comes.
#pragma once

#include "protocol/http/address.hpp"

#include "actors/main/process_environment.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace nats_mcp {

struct coordinate_options {
  /// How long a worker has to claim what it was given.
  std::chrono::milliseconds assign_timeout{0};
  /// Where page, health and numbers are served; absent: nowhere.
  std::optional<http::address> http;
  /// See `http::access_terms`.
  std::vector<std::string> http_host_names;
};

/// Leads or waits until SIGTERM, SIGINT or SIGHUP; then hands over and ends. Without NATS it tries
/// for ever.
/// @returns the process's exit code: 0 after an orderly end, 1 when the address for HTTP cannot be
/// served, 2 when the configuration is unusable.
[[nodiscard]] int coordinate(const process_environment& environment,
                             const coordinate_options& choice);

} // namespace nats_mcp
