// SPDX-License-Identifier: MIT
// The lanes that exist on a server, as its list of the work queue's consumers tells them, and the
// request that gives one another ack wait. Whoever needs a lane first makes its consumer and
// everybody else uses what is there; only `nats-mcp-server apply` changes it.
#pragma once

#include "protocol/error.hpp"
#include "protocol/jetstream/command.hpp"
#include "protocol/jetstream/durable_consumer.hpp"
#include "protocol/json/value.hpp"
#include "protocol/work/lanes.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nats_mcp::work {

/// A consumer of the work queue.
struct existing_lane {
  std::string consumer;
  /// Nothing: it reads something that is no lane, so it is none of ours.
  std::optional<lane> where;
  std::string filter_subject;
  std::chrono::nanoseconds ack_wait{0};
  std::chrono::nanoseconds inactive_threshold{0};
  /// Its whole configuration: what a change leaves alone is sent back as it was.
  json::value config;
};

struct lanes_page {
  std::vector<existing_lane> lanes;
  /// Of all pages.
  std::uint64_t total = 0;
};

/// Asks for the lanes from number `offset` on; the server decides how many one answer has.
[[nodiscard]] jetstream::api_request existing_lanes_request(std::uint64_t offset,
                                                            monotonic_time deadline);
/// @returns `ec::malformed`.
[[nodiscard]] result<lanes_page> parse_existing_lanes(std::string_view reply);

/// Gives the lane the ack wait of `wanted`, and at least its inactivity threshold. What was
/// delivered stays delivered, and the new wait counts for it, from its delivery on.
[[nodiscard]] jetstream::api_request change_lane_request(const existing_lane& before,
                                                         const jetstream::durable_consumer& wanted,
                                                         monotonic_time deadline);

/// `the lane of typescript, priority 5`.
[[nodiscard]] std::string in_words(const lane& where);

} // namespace nats_mcp::work
