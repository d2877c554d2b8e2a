// SPDX-License-Identifier: MIT
#include "protocol/messaging/inbox_refusals.hpp"

#include "protocol/jetstream/reply_codec.hpp"
#include "protocol/limits.hpp"

#include <string>

namespace nats_mcp::messaging {

error why_not_stored(const error& why, addressee to, std::string_view id) {
  const auto whose = std::string{to.handle} + " (" + std::string{to.guid} + ")";
  if (jetstream::is_subject_full(why)) {
    return {ec::limit_exceeded,
            "The inbox of " + whose
              + " is full for you: it holds as many unread messages of yours as it takes from one"
                " sender ("
              + std::to_string(limits::inbox_messages_per_sender_max)
              + "). Nothing was stored. Wait until they are read, or reach this agent in a channel"
                " (send_message).",
            why.jetstream_code};
  }
  if (why.code == ec::limit_exceeded && why.jetstream_code != 0) {
    return {ec::limit_exceeded,
            "The message to " + whose
              + " was not stored: there is no room left where all agents' inboxes are kept. Read"
                " your own messages (read_direct_messages) to make room, or ask whoever runs the"
                " NATS server for more. ("
              + why.message + ")",
            why.jetstream_code};
  }
  if (why.code == ec::unknown_outcome) {
    return {ec::unknown_outcome,
            "Whether the message to " + whose
              + " was stored is not known: it was sent, but no acknowledgement came in time. Its"
                " message ID is "
              + std::string{id}
              + ". Ask the recipient before you send it again: a second one would be another"
                " message.",
            why.jetstream_code};
  }
  return why;
}

} // namespace nats_mcp::messaging
