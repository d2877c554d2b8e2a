// SPDX-License-Identifier: MIT
// Arguments and results of the channel tools, as values, and the texts made of them. Their
// declarations stand in channel_tools.cpp and channel_fields.cpp; the actors see only these
// structs.
#pragma once

#include "protocol/error.hpp"
#include "protocol/time.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace nats_mcp::tools {

struct tool_declaration;

struct list_channels_arguments {};

struct channel_summary {
  std::string name;
  std::string description;
};

struct list_channels_result {
  std::vector<channel_summary> channels;
};

struct send_message_arguments {
  std::string channel;
  std::string message;
};

/// Only ever made after JetStream's acknowledgement.
struct send_message_result {
  std::string channel;
  std::string handle;
  /// Position in the channel's stream.
  std::uint64_t sequence = 0;
};

struct read_messages_arguments {
  std::string channel;
  std::int64_t limit = 50;
  /// Only messages after this position.
  std::optional<std::uint64_t> after;
  /// Only messages this session has not been shown; moves the read position.
  bool unread = false;
};

/// One message as shown: who said what when. `timestamp` is as the sender wrote it.
struct channel_message {
  std::uint64_t sequence = 0;
  std::string timestamp;
  std::string handle;
  std::string message;
  /// Empty when the sender was not registered.
  std::string guid;
};

struct read_messages_result {
  std::string channel;
  /// Oldest first.
  std::vector<channel_message> messages;
  /// The last position seen: what to pass as `after` next time.
  std::uint64_t next_after = 0;
};

struct wait_for_messages_arguments {
  /// Empty = every configured channel.
  std::vector<std::string> channels;
  /// The inbox as well, while registered.
  bool direct_messages = true;
  std::chrono::milliseconds timeout{30'000};
  /// Claude Code asks before it works on a prompt: an answer at once, in the hook's own JSON, and
  /// none of the failures that would stand between the user and the prompt.
  bool hook = false;
};

struct channel_news {
  std::string channel;
  /// Messages not shown yet.
  std::uint64_t unread = 0;
};

/// Nothing in either: the time passed and nothing came.
struct wait_for_messages_result {
  std::vector<channel_news> channels;
  /// The whole timeout when nothing came.
  std::chrono::milliseconds waited{0};
  /// Direct messages not shown yet.
  std::uint64_t direct_messages = 0;
  /// They were asked for, and not waited for: the agent is not registered and has no inbox.
  bool no_inbox = false;
  /// It is the hook that asked.
  bool hook = false;
};

[[nodiscard]] std::string render(const list_channels_result& outcome);
[[nodiscard]] std::string render(const send_message_result& outcome);
[[nodiscard]] std::string render(const read_messages_result& outcome);
[[nodiscard]] std::string render(const wait_for_messages_result& outcome);

/// The declarations, in the order of the listing.
[[nodiscard]] std::vector<tool_declaration> channel_tools();

} // namespace nats_mcp::tools
