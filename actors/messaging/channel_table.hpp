// SPDX-License-Identifier: MIT
// The channels of this project as the channels actor keeps them: configuration, names in NATS, and
// what is under way.
#pragma once

#include "protocol/config/configuration.hpp"
#include "protocol/jetstream/stream_config.hpp"
#include "protocol/messaging/newest_window.hpp"

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>

namespace nats_mcp {

struct channel_entry {
  config::channel settings;
  /// What the configuration asks of its stream; name and subject included.
  jetstream::stream_config stream;
  std::string subject;
  /// Own sends on their way: a hint that arrives meanwhile may be about our own message.
  std::uint32_t sends_under_way = 0;
  /// Such a hint came: look at the stream when they have ended.
  bool hint_held_back = false;
};

/// By channel name.
using channel_table = std::map<std::string, channel_entry>;

/// How many messages of a stream lie after `position`. Where the stream was deleted and begun again
/// since, all of it.
[[nodiscard]] inline std::uint64_t unread_after(const messaging::stream_extent& extent,
                                                std::uint64_t position) noexcept {
  return extent.last_sequence < position
           ? extent.messages
           : std::min(extent.last_sequence - position, extent.messages);
}

} // namespace nats_mcp
