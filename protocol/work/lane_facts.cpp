// SPDX-License-Identifier: MIT
#include "protocol/work/lane_facts.hpp"

#include "protocol/json/member.hpp"
#include "protocol/json/value.hpp"
#include "protocol/work/streams.hpp"

#include <string>

namespace nats_mcp::work {

jetstream::api_request lane_stream_request(const lane& where, monotonic_time deadline) {
  return {std::string{"STREAM.INFO."}.append(work_stream_name),
          json::write({{"subjects_filter", lane_subject(where)}}), jetstream::repeatable::yes,
          deadline};
}

result<lane_facts> read_stream_facts(const lane& where, std::string_view reply) {
  const auto document = json::parse(reply);
  if (!document) {
    return tl::make_unexpected(document.error());
  }
  const auto* state = json::find(*document, "state");
  const auto first = state == nullptr ? std::nullopt : json::unsigned_member(*state, "first_seq");
  const auto last = state == nullptr ? std::nullopt : json::unsigned_member(*state, "last_seq");
  if (!first || !last) {
    return fail(ec::malformed, "The NATS server's description of the work queue is incomplete.");
  }
  lane_facts out;
  out.first_sequence = *first;
  out.last_sequence = *last;
  if (const auto* subjects = json::find(*state, "subjects")) {
    out.messages = json::unsigned_member(*subjects, lane_subject(where)).value_or(0);
  }
  return out;
}

jetstream::api_request lane_consumer_request(const lane& where, monotonic_time deadline) {
  const auto consumer = lane_consumer(where, {}, {});
  return jetstream::consumer_info_request(consumer.stream, consumer.name, deadline);
}

result<void> add_consumer_facts(lane_facts& facts, const result<jetstream::api_reply>& reply) {
  if (!reply) {
    if (reply.error().jetstream_code == jetstream::no_such_consumer) {
      return {};
    }
    return tl::make_unexpected(reply.error());
  }
  const auto state = jetstream::parse_consumer_state(reply->body);
  if (!state) {
    return tl::make_unexpected(state.error());
  }
  // A consumer that remembers more than the stream has says nothing of these messages.
  const bool outlived = state->delivered_stream_sequence > facts.last_sequence;
  facts.settled_up_to = outlived ? 0 : state->settled_stream_sequence;
  return {};
}

bool is_gone(std::uint64_t queue_sequence, const lane_facts& facts) noexcept {
  return facts.messages == 0 || queue_sequence < facts.first_sequence
         || queue_sequence > facts.last_sequence || queue_sequence <= facts.settled_up_to;
}

} // namespace nats_mcp::work
