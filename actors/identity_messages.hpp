// SPDX-License-Identifier: MIT
// Who this process is for other agents, as its parts are told. All stay inside one process.
#pragma once

#include "protocol/time.hpp"

#include <caf/allowed_unsafe_message_type.hpp>

#include <chrono>
#include <string>
#include <vector>

namespace nats_mcp {

/// Who this process is for other agents.
struct agent_identity {
  /// Empty: not registered.
  std::string guid;
  std::string handle;
  /// The process's own, random: tells it from every other that may come to hold the guid.
  std::string session_id;
  /// Where its heartbeats stand.
  std::string presence_key;
  std::chrono::milliseconds heartbeat_interval{0};
  /// What it registered that it can do.
  std::vector<std::string> capabilities{};
  /// Whose scoped work it may see and take.
  std::string project_id{};
  /// GUIDs whose mail is this agent's as well: of processes of its name that are gone.
  std::vector<std::string> former_guids{};

  friend bool operator==(const agent_identity&, const agent_identity&) = default;
};

/// The registry tells session, heartbeat and inbox, when it changes or one may not know it.
struct identity_changed {
  agent_identity now;
  /// Not empty: it was lost to another process; a sentence for the user.
  std::string lost_because{};
  /// Until then nobody can have taken over; later it takes `confirm_identity` to know.
  monotonic_time sure_until{};

  friend bool operator==(const identity_changed&, const identity_changed&) = default;
};

/// Whoever was restarted asks the registry to be told.
struct identity_wanted {};

/// Whether this process still is who it says: looks at NATS when it has not heard for too long that
/// it is. Answered with the identity; `ec::not_found` when not registered, `ec::conflict` when
/// another process has taken over.
struct confirm_identity {
  monotonic_time deadline;
};

} // namespace nats_mcp

// These types never leave the process, so CAF needs no way to serialize them.
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::agent_identity)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::identity_changed)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::identity_wanted)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::confirm_identity)
