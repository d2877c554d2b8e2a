// SPDX-License-Identifier: MIT
// The messages between the session and the channels actor. All of them stay inside one process.
#pragma once

#include "protocol/identifiers.hpp"
#include "protocol/time.hpp"
#include "protocol/tools/channel_tools.hpp"

#include <caf/allowed_unsafe_message_type.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace nats_mcp {

/// Who is speaking, from the session's own state, never from tool arguments.
struct speaker {
  std::string handle;
  /// Empty while not registered.
  std::string guid;
};

struct send_to_channel {
  speaker who;
  tools::send_message_arguments arguments;
  monotonic_time deadline;
};

/// Read positions by channel: the newest sequence this agent was shown with `unread`.
using channel_positions = std::map<std::string, std::uint64_t>;

struct read_channel {
  tools::read_messages_arguments arguments;
  monotonic_time deadline;
  /// What `messages_shown` said last of this channel, lest it was lost.
  std::optional<std::uint64_t> shown{};
};

struct messages_shown {
  std::string channel;
  std::uint64_t position = 0;
};

struct wait_for_channels {
  call_id call{};
  tools::wait_for_messages_arguments arguments;
  /// For the requests the wait needs; the wait itself lasts as long as its arguments say.
  monotonic_time deadline;
  /// What `messages_shown` said last, lest it was lost.
  channel_positions shown{};
};

struct cancel_wait {
  call_id call{};
};

/// How much is unread in the channels this agent has a read position for.
struct unread_query {
  monotonic_time deadline;
};
struct unread_channels {
  /// In the order of their names, channels with nothing unread included.
  std::vector<tools::channel_news> channels;
};

/// What a timer was set for: the end of a wait, a look after a hint that own sends held back, or
/// that the gateway should have said how the connection is (of no call).
enum class wait_moment : std::uint8_t { over, hint_held_back, connection_unheard };

struct wait_timer {
  call_id call{};
  wait_moment due{};
};

} // namespace nats_mcp

// These types never leave the process, so CAF needs no way to serialize them.
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::send_to_channel)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::read_channel)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::messages_shown)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::wait_for_channels)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::cancel_wait)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::unread_query)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::unread_channels)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::wait_timer)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::tools::send_message_result)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::tools::read_messages_result)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::tools::wait_for_messages_result)
