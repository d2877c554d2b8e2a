// SPDX-License-Identifier: MIT
// Several coordinators as processes of the shipped binary, of which one leads.
#pragma once

#include "tests/support/server_process.hpp"
#include "tests/support/temporary_directory.hpp"

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace nats_mcp::testing {

/// What runs as a coordinator on this NATS. @param folder where it looks for its configuration.
[[nodiscard]] inline server_options coordinator_process(const std::string& nats_url,
                                                        const temporary_directory& folder) {
  server_options out;
  out.binary = NATS_MCP_COORDINATOR_BINARY;
  out.arguments = {"--assign-timeout", "5"};
  out.environment = {{"NATS_URL", nats_url}, {"LOG_FORMAT", "json"}};
  out.working_directory = folder.path();
  return out;
}

/// How often a coordinator said that it leads, and that it does no longer.
[[nodiscard]] std::size_t times_said(const server_process& coordinator, const std::string& event);
[[nodiscard]] bool is_leading(const server_process& coordinator);

class coordinators_at_work {
public:
  coordinators_at_work(const std::string& nats_url, std::size_t count);

  /// Kills the one that leads, with SIGKILL. @returns how long it took until another one led;
  /// nothing when none did within that time.
  std::optional<std::chrono::milliseconds> kill_leader(std::chrono::milliseconds within);
  /// Waits until one leads; null if none does.
  [[nodiscard]] server_process* leader(std::chrono::milliseconds within);

private:
  temporary_directory folder_;
  std::vector<std::unique_ptr<server_process>> running_;
};

} // namespace nats_mcp::testing
