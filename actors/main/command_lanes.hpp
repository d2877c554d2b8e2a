// SPDX-License-Identifier: MIT
// The lanes of the work queue as the commands a human runs see them: what the server has, and which
// of them keep an unacknowledged item for another time than this configuration says.
#pragma once

#include "protocol/config/configuration.hpp"
#include "protocol/error.hpp"
#include "protocol/jetstream/durable_consumer.hpp"
#include "protocol/work/existing_lanes.hpp"

#include "actors/main/command_gateway.hpp"

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

namespace nats_mcp {

/// So many are shown one by one; of more only how many.
inline constexpr std::size_t lanes_shown_max = 20;

struct lane_findings {
  /// Those whose ack wait is another.
  std::vector<work::existing_lane> different;
  /// Consumers that take work and are none of ours.
  std::vector<work::existing_lane> strange;
  std::size_t lanes = 0;
};

/// Looks at all of them; none where there is no work queue.
[[nodiscard]] result<lane_findings> look_at_lanes(command_gateway& nats,
                                                  std::chrono::milliseconds ack_timeout);

/// The consumer this configuration would make for an existing lane. @pre it is a lane
[[nodiscard]] jetstream::durable_consumer wanted_lane(const work::existing_lane& existing,
                                                      const config::loaded_configuration& loaded);

/// As a time in the configuration: `5m`.
[[nodiscard]] std::string ack_timeout_text(const work::existing_lane& existing);

} // namespace nats_mcp
