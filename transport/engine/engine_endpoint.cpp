// SPDX-License-Identifier: MIT
#include "transport/engine/engine_endpoint.hpp"

#include <algorithm>
#include <poll.h>

namespace nats_mcp::transport {

namespace {

/// How late a pause may notice the stop.
constexpr std::chrono::milliseconds slice_max{20};

} // namespace

bool patience::pause(std::chrono::milliseconds duration) const {
  const auto until = within(duration);
  while (!stop.stop_requested()) {
    const auto left =
      std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
    if (left.count() <= 0) {
      break;
    }
    ::poll(nullptr, 0, static_cast<int>(std::min(left, slice_max).count()));
  }
  return lasts();
}

bool patience::lasts() const {
  return !stop.stop_requested() && std::chrono::steady_clock::now() < deadline;
}

monotonic_time patience::within(std::chrono::milliseconds limit) const {
  return std::min(deadline, std::chrono::steady_clock::now() + limit);
}

bool may_send_token(const engine_endpoint& endpoint) {
  return endpoint.local_engine && owns_loopback_listener(endpoint.server, endpoint.port);
}

} // namespace nats_mcp::transport
