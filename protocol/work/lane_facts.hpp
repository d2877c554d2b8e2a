// SPDX-License-Identifier: MIT
// Whether the queue message of an item is still to be delivered. Told from what the stream and the
// lane's consumer say of themselves, because reading a message by its number needs a right that
// walks around all walls (docs/wire.md, "Every stream and bucket").
#pragma once

#include "protocol/error.hpp"
#include "protocol/jetstream/command.hpp"
#include "protocol/time.hpp"
#include "protocol/work/lanes.hpp"

#include <cstdint>
#include <string_view>

namespace nats_mcp::work {

/// What was to be seen of a lane at one moment.
struct lane_facts {
  /// In the lane, those in workers' hands included.
  std::uint64_t messages = 0;
  /// Of the whole stream.
  std::uint64_t first_sequence = 0;
  std::uint64_t last_sequence = 0;
  /// The lane's consumer has settled everything up to here; 0: there is no consumer.
  std::uint64_t settled_up_to = 0;
};

/// Asks the stream; `read_stream_facts` reads the answer.
[[nodiscard]] jetstream::api_request lane_stream_request(const lane& where,
                                                         monotonic_time deadline);
/// @returns `ec::malformed`.
[[nodiscard]] result<lane_facts> read_stream_facts(const lane& where, std::string_view reply);
/// Asks the lane's consumer; `add_consumer_facts` reads the answer. One that does not exist has
/// settled nothing.
[[nodiscard]] jetstream::api_request lane_consumer_request(const lane& where,
                                                           monotonic_time deadline);
/// @param reply of `lane_consumer_request`, which may be that there is none.
/// @returns the errors of the reply, and `ec::malformed`.
[[nodiscard]] result<void> add_consumer_facts(lane_facts& facts,
                                              const result<jetstream::api_reply>& reply);

/// Nobody will ever be handed the message: it was deleted, purged, lost with the server's disk, or
/// settled. @param facts seen after the record that names the message was read: a message is stored
/// before its record.
[[nodiscard]] bool is_gone(std::uint64_t queue_sequence, const lane_facts& facts) noexcept;

} // namespace nats_mcp::work
