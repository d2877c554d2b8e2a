// SPDX-License-Identifier: MIT
#include "protocol/backoff.hpp"

#include <algorithm>

namespace nats_mcp {

std::chrono::milliseconds backoff::next(std::uint64_t random) noexcept {
  auto delay = options_.first;
  for (unsigned i = 0; i < failures_ && delay < options_.longest; ++i) {
    delay *= 2;
  }
  delay = std::min(delay, options_.longest);
  ++failures_;
  const auto jitter = delay.count() * std::min(options_.jitter_percent, 100U) / 100;
  if (jitter <= 0) {
    return delay;
  }
  const auto shortened = static_cast<std::int64_t>(random % static_cast<std::uint64_t>(jitter + 1));
  return delay - std::chrono::milliseconds{shortened};
}

} // namespace nats_mcp
