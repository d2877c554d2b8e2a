// SPDX-License-Identifier: MIT
// The answers to requests whose session is gone, so that no request of a client stays without one.
#pragma once

#include "transport/stdio/client_lines.hpp"

namespace nats_mcp::transport {

/// Answers what a session that is gone owed and what it had in hand, but for the listen streams,
/// with which the next one goes on. @pre it is gone
void answer_for_dead_session(client_lines& client);

/// Ends the listen streams that a session that is gone left open. @pre no session comes any more
void end_open_streams(client_lines& client);

/// Answers every line that was read and that no session took. @pre no session comes any more
void answer_untaken(client_lines& client);

} // namespace nats_mcp::transport
