// SPDX-License-Identifier: MIT
#include "protocol/messaging/inbox_count.hpp"

#include "protocol/json/member.hpp"
#include "protocol/json/value.hpp"
#include "protocol/messaging/direct_message_codec.hpp"

#include <string>

namespace nats_mcp::messaging {

jetstream::api_request inbox_count_request(std::string_view guid, monotonic_time deadline) {
  return {std::string{"STREAM.INFO."}.append(inbox_stream_name),
          json::write({{"subjects_filter", inbox_pattern(guid)}}), jetstream::repeatable::yes,
          deadline};
}

result<std::uint64_t> read_inbox_count(const result<jetstream::api_reply>& reply) {
  if (!reply) {
    return reply.error().code == ec::not_found ? result<std::uint64_t>{0}
                                               : tl::make_unexpected(reply.error());
  }
  const auto document = json::parse(reply->body);
  if (!document) {
    return tl::make_unexpected(document.error());
  }
  const auto* state = json::find(*document, "state");
  if (state == nullptr) {
    return fail(ec::malformed, "The NATS server's description of the inboxes is incomplete.");
  }
  std::uint64_t out = 0;
  if (const auto* subjects = json::find(*state, "subjects");
      subjects != nullptr && subjects->is_object()) {
    for (const auto& [subject, count] : subjects->items()) {
      out += json::unsigned_member(*subjects, subject).value_or(0);
    }
  }
  return out;
}

} // namespace nats_mcp::messaging
