// SPDX-License-Identifier: MIT
#include "protocol/jetstream/bucket.hpp"

#include "protocol/jetstream/stored_message_codec.hpp"
#include "protocol/limits.hpp"

#include <algorithm>

namespace nats_mcp::jetstream {

stream_config bucket_stream(std::string_view bucket, std::chrono::nanoseconds time_to_live,
                            std::uint32_t replicas) {
  stream_config out;
  out.name = stream_of_bucket(bucket);
  out.subjects = {subject_of_key(bucket, ">")};
  out.max_messages_per_subject = 1;
  out.max_age = time_to_live;
  out.discard = discard_policy::new_messages;
  out.replicas = replicas;
  out.duplicate_window = std::min<std::chrono::nanoseconds>(limits::duplicate_window, time_to_live);
  // No rollups: with them, whoever may write one key empties the bucket with one message.
  out.other = {{"deny_delete", true}};
  return out;
}

} // namespace nats_mcp::jetstream
