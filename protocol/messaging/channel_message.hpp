// SPDX-License-Identifier: MIT
// A channel message between value and bytes (docs/wire.md, "Channels"). Anybody may write to the
// stream, so reading never fails: what is not ours is shown as it is, under an unknown sender.
#pragma once

#include "protocol/error.hpp"
#include "protocol/jetstream/command.hpp"
#include "protocol/time.hpp"
#include "protocol/tools/channel_tools.hpp"

#include <string>
#include <string_view>

namespace nats_mcp::messaging {

/// What a sender writes.
struct channel_payload {
  std::string handle;
  /// Empty while the sender is not registered.
  std::string guid;
  std::string message;
  wall_time timestamp{};

  friend bool operator==(const channel_payload&, const channel_payload&) = default;
};

/// `{"v":1,"handle":…,"message":…,"timestamp":…,"guid"?:…}`.
[[nodiscard]] std::string write_channel_message(const channel_payload& message);

/// Reads what `write_channel_message` wrote; members it does not know are ignored.
/// @returns `ec::malformed` for anything else.
[[nodiscard]] result<channel_payload> parse_channel_message(std::string_view payload);

/// A stored message as it is shown. A missing or illegible time stamp is replaced by the server's,
/// a missing sender by "unknown", a foreign payload stands in place of the message. Never
/// fails.
[[nodiscard]] tools::channel_message read_channel_message(const jetstream::delivery& delivery);

} // namespace nats_mcp::messaging
