// SPDX-License-Identifier: MIT
// Durable pull consumers: the requests that look at, make and delete one, and what the server says
// of it. Made only after `CONSUMER.INFO` said that there is none: making one that exists rewrites
// it without a word (docs/wire.md, "Every stream and bucket").
#pragma once

#include "protocol/error.hpp"
#include "protocol/jetstream/command.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace nats_mcp::jetstream {

/// JetStream's `err_code` for a consumer that does not exist.
inline constexpr int no_such_consumer = 10014;

struct durable_consumer {
  std::string stream;
  std::string name;
  /// One subject or pattern.
  std::string filter_subject;
  std::chrono::nanoseconds ack_wait{0};
  /// -1 = no bound.
  std::int64_t max_ack_pending = -1;
  std::chrono::nanoseconds inactive_threshold{0};
};

/// What the server says of a consumer.
struct consumer_state {
  /// Still to be delivered for the first time, and delivered but not settled.
  std::uint64_t pending = 0;
  std::uint64_t ack_pending = 0;
  /// The newest delivery's, 0 before the first.
  std::uint64_t delivered_consumer_sequence = 0;
  std::chrono::nanoseconds ack_wait{0};
  /// Up to this place in the stream every message of the consumer is settled for good.
  std::uint64_t settled_stream_sequence = 0;
  /// The newest delivery's place in the stream, 0 before the first.
  std::uint64_t delivered_stream_sequence = 0;
};

[[nodiscard]] api_request consumer_info_request(std::string_view stream, std::string_view consumer,
                                                monotonic_time deadline);
/// Explicit acknowledgement, everything from the beginning, never the server's `max_deliver`.
/// Repeatable: the same settings again change nothing.
[[nodiscard]] api_request create_consumer_request(const durable_consumer& wanted,
                                                  monotonic_time deadline);
[[nodiscard]] api_request delete_consumer_request(std::string_view stream,
                                                  std::string_view consumer,
                                                  monotonic_time deadline);

/// Reads the answer to the first two. @returns `ec::malformed`.
[[nodiscard]] result<consumer_state> parse_consumer_state(std::string_view body);

} // namespace nats_mcp::jetstream
