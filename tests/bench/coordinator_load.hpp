// SPDX-License-Identifier: MIT
// What a coordinator uses of the processor while nobody looks at it, and while its page is open.
#pragma once

#include "tests/bench/report.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace nats_mcp::bench {

struct coordinator_load_options {
  /// The shipped binary.
  std::string coordinator;
  std::string nats_url;
  std::string directory;
  /// How long each is watched.
  std::chrono::seconds watched{60};
};

/// Starts a coordinator and waits until it leads and its page shows something. Throws
/// std::runtime_error when it does not within half a minute.
[[nodiscard]] std::vector<row> measure_coordinator_load(const coordinator_load_options& options);

} // namespace nats_mcp::bench
