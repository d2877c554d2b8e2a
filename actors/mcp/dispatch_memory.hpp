// SPDX-License-Identifier: MIT
// What of the tools' state outlives a crash of the session: a part of its checkpoint.
#pragma once

#include "protocol/tools/channel_tools.hpp"

#include "actors/interfaces.hpp"

#include <string>

namespace nats_mcp {

struct dispatch_memory {
  speaker who;
  /// Where the answers with the client end that showed unread messages.
  channel_positions shown;
  /// The user deregistered: no registration by itself any more.
  bool registration_declined = false;
  /// For the next answer: that the agent was taken over; empty: nothing.
  std::string lost_notice{};
  /// Which agent that was, until this session registers again.
  std::string lost_guid{};
};

} // namespace nats_mcp
