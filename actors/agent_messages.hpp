// SPDX-License-Identifier: MIT
// The messages to and from the registry: who this agent is, who the others are. All stay inside one
// process.
#pragma once

#include "protocol/time.hpp"
#include "protocol/tools/agent_tools.hpp"
#include "protocol/tools/identity_tools.hpp"

#include "actors/identity_messages.hpp"

#include <caf/allowed_unsafe_message_type.hpp>

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace nats_mcp {

// -- registry ----------------------------------------------------------------------------------

struct register_as {
  tools::register_agent_arguments arguments;
  /// The session's handle; empty without one.
  std::string handle;
  monotonic_time deadline;
};
struct discover {
  tools::discover_agents_arguments arguments;
  monotonic_time deadline;
};
struct look_up_agent {
  tools::get_agent_info_arguments arguments;
  monotonic_time deadline;
};
struct change_presence {
  tools::update_presence_arguments arguments;
  monotonic_time deadline;
};
/// While registered: the entry is rewritten.
struct change_handle {
  std::string handle;
  monotonic_time deadline;
};
struct deregister {
  monotonic_time deadline;
};

/// Who a direct message goes to, and from whom. Errors: `not_found` (nobody that may be seen),
/// `invalid_argument` (the handle is not unique; who has it), and those of `confirm_identity`.
struct find_recipient {
  std::string guid;
  /// Used when `guid` is empty.
  std::string handle;
  monotonic_time deadline;
};
struct recipient_found {
  agent_identity sender;
  tools::agent_summary recipient;
  /// Later somebody else may be the sender.
  monotonic_time send_until = monotonic_time::max();
  /// The registry is told `send_over` with it.
  std::uint64_t send = 0;
};
/// What `recipient_found` allowed is over: stored, or never sent again.
struct send_over {
  std::uint64_t send = 0;
};

/// The process ends: says offline without waiting to be heard.
struct say_goodbye {
  monotonic_time deadline;
};
struct goodbye_said {};

/// Heartbeat to registry: the agent's entry is as this process left it, or gone, or somebody
/// else's.
enum class beat_finding : std::uint8_t { confirmed, entry_not_ours };
struct beat_report {
  std::string guid;
  beat_finding found = beat_finding::confirmed;
  /// When the sign of life was sent.
  monotonic_time sent_at;
};

/// INTERNAL
enum class registry_moment : std::uint8_t { view_idle, view_missing, rewrite, silence };
struct registry_timer {
  registry_moment due = registry_moment::view_idle;
  std::uint64_t generation = 0;
};
/// INTERNAL
struct heartbeat_due {
  std::uint64_t generation = 0;
};

} // namespace nats_mcp

// These types never leave the process, so CAF needs no way to serialize them.
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::register_as)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::discover)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::look_up_agent)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::change_presence)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::change_handle)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::deregister)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::find_recipient)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::recipient_found)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::send_over)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::say_goodbye)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::goodbye_said)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::beat_report)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::registry_timer)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::heartbeat_due)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::tools::register_agent_result)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::tools::discover_agents_result)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::tools::get_agent_info_result)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::tools::update_presence_result)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::tools::deregister_agent_result)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::tools::set_handle_result)
