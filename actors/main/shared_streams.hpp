// SPDX-License-Identifier: MIT
// The streams that all projects of a server share, as this configuration would make them: what
// `doctor` compares and `apply` changes besides the channels.
#pragma once

#include "protocol/agents/buckets.hpp"
#include "protocol/config/configuration.hpp"
#include "protocol/coordination/streams.hpp"
#include "protocol/jetstream/stream_config.hpp"
#include "protocol/messaging/direct_message_codec.hpp"
#include "protocol/work/streams.hpp"

#include <array>

namespace nats_mcp {

/// Registry, signs of life, anchors and inboxes.
[[nodiscard]] inline std::array<jetstream::stream_config, 4>
agent_streams(const config::configuration& configuration) {
  return {agents::agents_stream(configuration.replicas),
          agents::presence_stream(configuration.replicas),
          agents::sessions_stream(configuration.replicas),
          messaging::inbox_stream(configuration.replicas)};
}

/// The queue, its dead letters, the records of items, and which items a task has.
[[nodiscard]] inline std::array<jetstream::stream_config, 4>
work_streams(const config::configuration& configuration) {
  const work::retention how{configuration.work_queue.dead_letter_ttl, configuration.replicas};
  return {work::work_stream(how), work::dead_letter_stream(how), work::items_stream(how),
          work::tasks_stream(how)};
}

/// What coordinators keep: the requests, and which of them leads.
[[nodiscard]] inline std::array<jetstream::stream_config, 2>
coordination_streams(const config::configuration& configuration) {
  return {coordination::requests_stream(configuration.replicas),
          coordination::coordinator_stream(configuration.replicas)};
}

} // namespace nats_mcp
