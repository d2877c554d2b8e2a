// SPDX-License-Identifier: MIT
#include "protocol/messaging/newest_window.hpp"

#include <algorithm>

namespace nats_mcp::messaging {

newest_window::newest_window(stream_extent extent, std::uint64_t wanted) noexcept
  : extent_{extent}
  , wanted_{std::max<std::uint64_t>(wanted, 1)}
  , enough_from_{extent.first_sequence}
  , too_few_from_{extent.last_sequence + 1}
  , start_{extent.first_sequence} {
  if (extent_.messages > wanted_) {
    start_ = extent_.last_sequence - wanted_ + 1; // right unless there are gaps
  }
}

void newest_window::report(std::uint64_t available) noexcept {
  if (done_) {
    return;
  }
  const bool enough = available >= wanted_;
  // Up to as many again may be read and left out: cheaper than asking once more.
  const bool tight = enough && available - wanted_ <= wanted_;
  if (tight || (enough && start_ + 1 >= too_few_from_)
      || (!enough && start_ <= extent_.first_sequence)) {
    done_ = true;
    surplus_ = enough ? available - wanted_ : 0;
    return;
  }
  if (enough) {
    enough_from_ = start_;
    widening_ = false;
  } else {
    too_few_from_ = start_;
  }
  start_ = widening_ ? wider() : enough_from_ + (too_few_from_ - enough_from_) / 2;
}

std::uint64_t newest_window::wider() const noexcept {
  const auto distance = extent_.last_sequence - start_ + 1;
  const auto room = start_ - extent_.first_sequence;
  return distance >= room ? extent_.first_sequence : start_ - distance;
}

} // namespace nats_mcp::messaging
