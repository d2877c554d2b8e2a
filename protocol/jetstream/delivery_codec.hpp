// SPDX-License-Identifier: MIT
// What a JetStream consumer delivers: the position of a delivery stands in its acknowledgement
// subject, and what is sent there settles it (ADR-13 and ADR-15 of NATS).
#pragma once

#include "protocol/error.hpp"
#include "protocol/jetstream/command.hpp"
#include "protocol/jetstream/wire_message.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace nats_mcp::jetstream {

/// What an acknowledgement subject says about its delivery.
struct delivery_position {
  std::string_view stream;
  std::string_view consumer;
  std::uint64_t delivery_count = 0;
  std::uint64_t stream_sequence = 0;
  std::uint64_t consumer_sequence = 0;
  wall_time stored_at{};
  std::uint64_t pending = 0;
};

/// Reads `$JS.ACK.<stream>.<consumer>.<count>.<stream seq>.<consumer seq>.<time>.<pending>` and the
/// form with domain and account hash before and a token behind. Nothing if it is neither.
/// The views point into `subject`.
[[nodiscard]] std::optional<delivery_position> parse_ack_subject(std::string_view subject);

/// A message of a pull consumer; nothing if its reply subject is no acknowledgement subject.
[[nodiscard]] std::optional<delivery> decode_delivery(incoming&& message);

/// The payload that settles a delivery: `+ACK`, `-NAK {"delay": …}` in nanoseconds, `+WPI`,
/// `+TERM`.
[[nodiscard]] std::string encode_settlement(const settle& command);

/// The body of a pull request. @param expires never beyond the deadline of whoever waits.
[[nodiscard]] std::string encode_pull(const pull& command, std::chrono::nanoseconds expires);

} // namespace nats_mcp::jetstream
