// SPDX-License-Identifier: MIT
#include "protocol/messaging/mail_filter.hpp"

namespace nats_mcp::messaging {

bool mail_filter::admits(const tools::direct_message& message) const {
  return (!type || message.type == tools::to_text(*type))
         && (!sender_guid || message.sender_guid == *sender_guid);
}

} // namespace nats_mcp::messaging
