// SPDX-License-Identifier: MIT
// Which process this is, for the registry and whoever starts it.
#pragma once

#include <string>

namespace nats_mcp {

/// What is true of this process whoever it is registered as.
struct process_identity {
  /// Random for each process: tells it from every other that may come to hold its GUID.
  std::string session_id;
  std::string hostname;
  /// Empty: not known.
  std::string username;
  std::string project_id;
};

} // namespace nats_mcp
