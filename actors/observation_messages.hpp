// SPDX-License-Identifier: MIT
// The messages by which the session is told that something a client watches has changed. All of
// them stay inside one process.
#pragma once

#include <caf/allowed_unsafe_message_type.hpp>

#include <cstdint>
#include <set>
#include <string>

namespace nats_mcp {

/// The session wants to be told of changes, replacing what it said before. Never connects and
/// writes nothing: begins to have an effect with the connection.
struct observe_channels {
  /// By name.
  std::set<std::string> channels;
};
struct observe_agents {
  bool wanted = false;
};

/// Whoever was restarted, or may have missed it, asks the session to say again what it wants to be
/// told of.
struct observation_wanted {};

/// Who wrote what changed a channel; `unknown` may also mean that nothing did.
enum class channel_author : std::uint8_t { this_agent, somebody_else, unknown };

/// The answers to these: something is different there; may come for nothing, and more than once.
struct channel_changed {
  std::string channel;
  channel_author author = channel_author::unknown;
};
struct agents_changed {};

} // namespace nats_mcp

// These types never leave the process, so CAF needs no way to serialize them.
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::observe_channels)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::observe_agents)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::observation_wanted)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::channel_changed)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::agents_changed)
