// SPDX-License-Identifier: MIT
#include "protocol/coordination/streams.hpp"

#include "protocol/jetstream/bucket.hpp"
#include "protocol/limits/coordination.hpp"
#include "protocol/work/lanes.hpp"

namespace nats_mcp::coordination {

namespace {

constexpr std::string_view subject_prefix = "coord.submit.";

} // namespace

jetstream::stream_config coordinator_stream(std::uint32_t replicas) {
  return jetstream::bucket_stream(coordinator_bucket, limits::leader_entry_kept_for, replicas);
}

jetstream::stream_config requests_stream(std::uint32_t replicas) {
  jetstream::stream_config out;
  out.name = requests_stream_name;
  out.subjects = {request_subject("*")};
  out.retention = jetstream::retention_policy::work_queue;
  out.max_bytes = limits::coordination_stream_bytes_max;
  out.discard = jetstream::discard_policy::new_messages;
  out.duplicate_window = limits::requests_duplicates_remembered;
  out.replicas = replicas;
  return out;
}

jetstream::durable_consumer requests_consumer() {
  jetstream::durable_consumer out;
  out.stream = requests_stream_name;
  out.name = "coordinator";
  out.filter_subject = request_subject("*");
  out.ack_wait = limits::request_ack_wait;
  out.max_ack_pending = -1;
  out.inactive_threshold = limits::request_consumer_idle_max;
  return out;
}

std::string request_subject(std::string_view scope) {
  return std::string{subject_prefix}.append(scope);
}

std::optional<std::string> parse_request_subject(std::string_view subject) {
  if (!subject.starts_with(subject_prefix)) {
    return std::nullopt;
  }
  const auto scope = subject.substr(subject_prefix.size());
  return work::is_scope(scope) ? std::optional{std::string{scope}} : std::nullopt;
}

} // namespace nats_mcp::coordination
