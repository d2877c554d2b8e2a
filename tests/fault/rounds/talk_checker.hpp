// SPDX-License-Identifier: MIT
// Judges a history of talk together with what NATS holds in the end (docs/delivery-semantics.md):
// every call is answered once unless its process was killed; what was reported as sent is stored
// and shown, what was reported as not sent is neither; a reader of a channel is shown everything in
// its order, once. Pure.
#pragma once

#include "tests/fault/rounds/talk_history.hpp"

#include <map>
#include <string>
#include <vector>

namespace nats_mcp::testing {

/// What NATS holds in the end.
struct talk_content {
  /// By channel, the marks of its messages in the order of the stream.
  std::map<std::string, std::vector<std::string>> channels;
  /// Marks of direct messages nobody has read yet.
  std::set<std::string> unread;
};

/// By member, the life that heard what there was in the end; it is not over.
using last_lives = std::map<std::string, std::string>;

/// What is wrong, a sentence each. Empty: nothing is.
[[nodiscard]] std::vector<std::string>
check_talk(const talk_record& record, const talk_content& content, const last_lives& living);

/// Direct messages that were reported as sent and not shown, by whom they are for.
[[nodiscard]] std::map<std::string, std::set<std::string>> missing_mail(const talk_record& record);

/// How often a direct message was shown again: permitted, after a fault.
[[nodiscard]] std::size_t shown_again(const talk_record& record);

} // namespace nats_mcp::testing
