// SPDX-License-Identifier: MIT
// Bounds: what users write: names, calls, settings. Include protocol/limits.hpp.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace nats_mcp::limits {

using namespace std::chrono_literals;

/// Longest name of a namespace, a channel or a handle, in characters: they become NATS subjects.
inline constexpr std::size_t name_characters_max = 64;
/// Most messages one `read_messages` brings.
inline constexpr std::int64_t messages_read_max = 1000;
/// Longest type of an agent, in characters.
inline constexpr std::size_t agent_type_characters_max = 64;
/// Longest capability, in bytes: it becomes a token of a subject.
inline constexpr std::size_t capability_bytes_max = 64;
/// Most capabilities of one agent: everybody who looks for agents receives them.
inline constexpr std::size_t capabilities_max = 64;
/// Most tasks an agent may say it has.
inline constexpr std::int64_t tasks_max = 1'000'000;
/// Most agents one `discover_agents` lists: a full page of the longest entries is still one line.
inline constexpr std::int64_t agents_listed_max = 500;
/// Longest text to look for and longest cursor, in characters.
inline constexpr std::size_t filter_characters_max = 255;
/// Most messages one `read_direct_messages` brings.
inline constexpr std::int64_t direct_messages_read_max = 100;
/// Longest wait of `read_direct_messages`.
inline constexpr std::chrono::milliseconds direct_message_wait_max = 60'000ms;
/// Longest id of a work item that a direct message names, in characters.
inline constexpr std::size_t work_item_id_characters_max = 64;
/// Largest metadata of a direct message, written as JSON, in bytes.
inline constexpr std::size_t metadata_bytes_max = 64 * 1024;
/// Longest wait of `wait_for_messages`.
inline constexpr std::chrono::milliseconds wait_max = 600'000ms;
/// Messages shown by the resources of the inbox and of a channel.
inline constexpr std::int64_t inbox_shown_max = 100;
inline constexpr std::int64_t channel_messages_shown = 20;
/// Most channels of one configuration; each is a stream.
inline constexpr std::size_t channels_max = 256;
/// Largest configuration file, in bytes.
inline constexpr std::size_t configuration_bytes_max = 1024 * 1024;
/// Longest duration anybody may configure: ten thousand years of nanoseconds would not fit 64 bits.
inline constexpr std::chrono::milliseconds duration_max = std::chrono::days{36'500};
/// How much of a wrong value an error sentence repeats, in characters.
inline constexpr std::size_t quoted_characters_max = 60;
/// Bytes of a payload that is no channel message of ours that are shown instead.
inline constexpr std::size_t foreign_payload_shown_max = 2000;

} // namespace nats_mcp::limits
