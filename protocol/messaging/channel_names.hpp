// SPDX-License-Identifier: MIT
// The names of channels in NATS (docs/wire.md, "Channels"). The only place that builds them.
#pragma once

#include "protocol/config/configuration.hpp"
#include "protocol/error.hpp"
#include "protocol/jetstream/stream_config.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nats_mcp::messaging {

/// `<namespace>.<channel>`.
[[nodiscard]] std::string channel_subject(std::string_view channel_namespace,
                                          std::string_view channel);

/// `<namespace>_<CHANNEL>`: the channel in upper case, `-` as `_`. No two pairs of legal names
/// share one, since a namespace has no `_`.
[[nodiscard]] std::string channel_stream_name(std::string_view channel_namespace,
                                              std::string_view channel);

/// What the channel's stream is to be.
[[nodiscard]] jetstream::stream_config channel_stream(std::string_view channel_namespace,
                                                      const config::channel& settings,
                                                      std::uint32_t replicas);

/// The namespace and the channel of a subject or a stream name.
struct channel_name_pair {
  std::string channel_namespace;
  std::string channel;

  friend bool operator==(const channel_name_pair&, const channel_name_pair&) = default;
};

/// The inverses; nothing for names that no channel has.
[[nodiscard]] std::optional<channel_name_pair> parse_channel_subject(std::string_view subject);
[[nodiscard]] std::optional<channel_name_pair> parse_channel_stream_name(std::string_view stream);

/// @returns `ec::invalid_argument`, the seed's sentence first, for a name no channel can have.
[[nodiscard]] result<void> check_channel_name(std::string_view channel);

/// @returns `ec::configuration_invalid` for a namespace that is not legal or is reserved.
[[nodiscard]] result<void> check_namespace(std::string_view channel_namespace);

/// The answer to a legal name that is not configured: `ec::not_found`, with the names that are.
[[nodiscard]] error unknown_channel(std::string_view channel,
                                    const std::vector<config::channel>& configured);

} // namespace nats_mcp::messaging
