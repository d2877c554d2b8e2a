// SPDX-License-Identifier: MIT
// The stream behind a bucket of keys, as every NATS client makes one.
#pragma once

#include "protocol/jetstream/stream_config.hpp"

#include <chrono>
#include <cstdint>
#include <string_view>

namespace nats_mcp::jetstream {

/// A bucket with one revision of each key. @param time_to_live of an entry that is not written
/// again.
[[nodiscard]] stream_config bucket_stream(std::string_view bucket,
                                          std::chrono::nanoseconds time_to_live,
                                          std::uint32_t replicas);

} // namespace nats_mcp::jetstream
