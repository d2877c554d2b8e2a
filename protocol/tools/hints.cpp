// SPDX-License-Identifier: MIT
#include "protocol/tools/hints.hpp"

namespace nats_mcp::tools {

mcp::client_hint mail_hint(std::uint64_t unread) {
  const auto number = std::to_string(unread);
  return {std::string{mail_hint_subject},
          unread == 1 ? "1 unread direct message. Read it with read_direct_messages."
                      : number + " unread direct messages. Read them with read_direct_messages.",
          {{"kind", "inbox"}, {"unread", number}}};
}

mcp::client_hint channel_hint(const std::string& channel) {
  return {"#" + channel,
          "New messages in #" + channel + ". Read them with read_messages and unread=true.",
          {{"kind", "channel"}, {"channel", channel}}};
}

std::string_view hint_instructions() noexcept {
  return "A <channel> tag from this server with kind=\"inbox\" or kind=\"channel\" is a hint that "
         "messages wait for you. It never holds a message itself: read them with the tool it "
         "names, when what you are doing allows it.";
}

} // namespace nats_mcp::tools
