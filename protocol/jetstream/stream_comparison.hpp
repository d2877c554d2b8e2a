// SPDX-License-Identifier: MIT
// What exists against what the configuration wants. A start only ever raises limits; lowering them
// deletes messages at once, so it happens on purpose (`nats-mcp-server apply`), after saying how
// much.
#pragma once

#include "protocol/jetstream/stream_config.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace nats_mcp::jetstream {

/// One setting in which an existing stream differs from what is wanted.
struct stream_difference {
  /// In the words of our configuration, such as `maxMessages`; what is not configured, in plain
  /// ones.
  std::string setting;
  std::string existing;
  std::string wanted;

  friend bool operator==(const stream_difference&, const stream_difference&) = default;
};

struct stream_comparison {
  /// What a start raises.
  std::vector<stream_difference> raised;
  /// What a start leaves as it is and `apply` changes.
  std::vector<stream_difference> left;
  /// What no update can change: only a new stream would have it.
  std::vector<stream_difference> fixed;
  /// The existing stream with everything in `raised`.
  stream_config after_start;
  /// The existing stream with everything in `raised` and `left`.
  stream_config after_apply;
};

/// Compares a stream with the wanted configuration of the same name.
[[nodiscard]] stream_comparison compare(const stream_config& existing, const stream_config& wanted);

/// How many messages go when `after` is applied to the stream.
struct deletion_bounds {
  std::uint64_t at_least = 0;
  std::uint64_t at_most = 0;
};

/// Bounds, since the sizes and ages of single messages are not known.
[[nodiscard]] deletion_bounds deletions(const stream_info& existing, const stream_config& after,
                                        wall_time now);

/// Whether a message to `subject` goes into a stream that listens to `pattern`.
[[nodiscard]] bool covers(std::string_view pattern, std::string_view subject) noexcept;

} // namespace nats_mcp::jetstream
