// SPDX-License-Identifier: MIT
#include "transport/stdio/protocol_streams.hpp"

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <unistd.h>

namespace nats_mcp::transport {

namespace {

/// A private copy of a standard descriptor, above the standard ones.
descriptor copy_of(int standard) {
  return descriptor{::fcntl(standard, F_DUPFD_CLOEXEC, STDERR_FILENO + 1)};
}

} // namespace

result<protocol_streams> take_protocol_streams() {
  // The lowest free number: 0, 1 or 2 if one of these is closed.
  const int opened = ::open("/dev/null", O_RDWR);
  if (opened < 0) {
    return tl::make_unexpected(system_failure("Cannot open /dev/null", errno));
  }
  descriptor nothing;
  if (opened != STDERR_FILENO) { // else it stays there, as standard error
    nothing = descriptor{opened};
  }
  if (opened < STDERR_FILENO) {
    return fail(ec::system_error,
                "Standard input and standard output have to be open: an MCP client "
                "speaks over them. Start this server from a client, or see --help.");
  }
  protocol_streams taken{copy_of(STDIN_FILENO), copy_of(STDOUT_FILENO)};
  if (!taken.input || !taken.output) {
    return tl::make_unexpected(system_failure(
      "Cannot take over standard input and standard output for the MCP client", errno));
  }
  std::fflush(stdout); // nothing buffered may follow to the wrong place
  if (::dup2(opened, STDIN_FILENO) < 0 || ::dup2(STDERR_FILENO, STDOUT_FILENO) < 0) {
    return tl::make_unexpected(
      system_failure("Cannot redirect standard input and standard output", errno));
  }
  return taken;
}

} // namespace nats_mcp::transport
