// SPDX-License-Identifier: MIT
#include "transport/process/process_handle.hpp"

// glibc 2.36 forgot to declare these functions as C.
extern "C" {
#include <sys/pidfd.h>
}

namespace nats_mcp::transport {

descriptor open_process(pid_t pid) noexcept { return descriptor{::pidfd_open(pid, 0)}; }

bool send_signal(const descriptor& process, int number) noexcept {
  return ::pidfd_send_signal(process.number(), number, nullptr, 0) == 0;
}

} // namespace nats_mcp::transport
