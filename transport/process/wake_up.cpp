// SPDX-License-Identifier: MIT
#include "transport/process/wake_up.hpp"

#include <cerrno>
#include <cstdint>
#include <sys/eventfd.h>
#include <system_error>
#include <unistd.h>

namespace nats_mcp::transport {

wake_up::wake_up()
  : event_{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)} {
  if (!event_) {
    throw std::system_error{errno, std::generic_category(), "eventfd"};
  }
}

void wake_up::ring() const noexcept {
  const std::uint64_t one = 1;
  // Fails only when it rings already.
  [[maybe_unused]] const auto written = ::write(event_.number(), &one, sizeof one);
}

} // namespace nats_mcp::transport
