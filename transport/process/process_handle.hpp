// SPDX-License-Identifier: MIT
// A handle of a process (pidfd): unlike its number it never comes to mean another process.
#pragma once

#include "transport/process/descriptor.hpp"

#include <sys/types.h>

namespace nats_mcp::transport {

/// Opens a handle of the process that has the number now; it is readable once the process has
/// ended. Without a value (and with errno) when there is no such process. Any thread.
[[nodiscard]] descriptor open_process(pid_t pid) noexcept;

/// Sends `number`. @returns whether the process was there and may be signalled. Any thread.
bool send_signal(const descriptor& process, int number) noexcept;

} // namespace nats_mcp::transport
