// SPDX-License-Identifier: MIT
// Takes standard input and output away from everybody but the client link, before anything else
// runs. Afterwards whatever a library prints to standard output ends on standard error, and what a
// child process inherits as standard input is empty, so that nothing but MCP is ever seen by the
// client and nobody eats its lines.
#pragma once

#include "protocol/error.hpp"

#include "transport/process/descriptor.hpp"

namespace nats_mcp::transport {

/// The client's pipes. Child processes do not inherit them.
struct protocol_streams {
  descriptor input;
  descriptor output;
};

/// Moves descriptors 0 and 1 away; 0 becomes /dev/null and 1 the same as 2. A closed standard error
/// becomes /dev/null first. The first thing `main` does, while it is the only thread.
/// @returns `ec::system_error` when standard input or output is not open at all.
[[nodiscard]] result<protocol_streams> take_protocol_streams();

} // namespace nats_mcp::transport
