// SPDX-License-Identifier: MIT
// The three buckets of the registry and the keys in `agent_sessions` (docs/wire.md, "Agents"). The
// only place that names them; keys in the other two are visibility.hpp's.
#pragma once

#include "protocol/error.hpp"
#include "protocol/jetstream/stream_config.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace nats_mcp::agents {

/// Every agent's record, under a key that says who may see it.
inline constexpr std::string_view agents_bucket = "agents";
/// Signs of life, under the same keys.
inline constexpr std::string_view presence_bucket = "presence";
/// Who may speak as which agent.
inline constexpr std::string_view sessions_bucket = "agent_sessions";

/// The streams behind them, as any NATS client makes a bucket of one revision per key.
[[nodiscard]] jetstream::stream_config agents_stream(std::uint32_t replicas);
[[nodiscard]] jetstream::stream_config presence_stream(std::uint32_t replicas);
[[nodiscard]] jetstream::stream_config sessions_stream(std::uint32_t replicas);

/// What makes an agent that was away the same agent.
struct returning_agent {
  std::string username;
  std::string hostname;
  std::string project_id;
  std::string handle;
};

/// `key.<hash>`: where such an agent finds its GUID. @returns as `sha256`.
[[nodiscard]] result<std::string> returning_key(const returning_agent& who);

} // namespace nats_mcp::agents
