// SPDX-License-Identifier: MIT
#include "protocol/work/streams.hpp"

#include "protocol/agents/visibility.hpp"
#include "protocol/hash.hpp"
#include "protocol/jetstream/bucket.hpp"
#include "protocol/json/value.hpp"
#include "protocol/limits.hpp"

#include <algorithm>
#include <charconv>

namespace nats_mcp::work {

namespace {

constexpr std::string_view unreadable_prefix = "seq-";

std::chrono::milliseconds records_kept_for(const retention& how) {
  return std::max<std::chrono::milliseconds>(
    limits::work_records_kept_for, how.dead_letter_ttl + limits::work_records_outlive_letters);
}

jetstream::stream_config records_bucket(std::string_view name, const retention& how) {
  auto out = jetstream::bucket_stream(name, records_kept_for(how), how.replicas);
  out.age_by = jetstream::age_decision::maker;
  return out;
}

} // namespace

jetstream::stream_config work_stream(const retention& how) {
  jetstream::stream_config out;
  out.name = work_stream_name;
  out.subjects = {"work.*.*.*"};
  out.retention = jetstream::retention_policy::work_queue;
  out.max_bytes = limits::work_stream_bytes_max;
  out.discard = jetstream::discard_policy::new_messages;
  out.duplicate_window = limits::work_duplicates_remembered;
  out.replicas = how.replicas;
  return out;
}

jetstream::stream_config dead_letter_stream(const retention& how) {
  jetstream::stream_config out;
  out.name = dead_letter_stream_name;
  out.subjects = {dead_letter_subject("*", "*", "*")};
  out.max_bytes = limits::dead_letter_stream_bytes_max;
  out.max_age = how.dead_letter_ttl;
  out.age_by = jetstream::age_decision::maker;
  out.max_messages_per_subject = 1;
  out.duplicate_window = std::min(limits::work_duplicates_remembered, how.dead_letter_ttl);
  out.replicas = how.replicas;
  return out;
}

jetstream::stream_config items_stream(const retention& how) {
  return records_bucket(items_bucket, how);
}

jetstream::stream_config tasks_stream(const retention& how) {
  return records_bucket(tasks_bucket, how);
}

std::string dead_letter_subject(std::string_view scope, std::string_view token,
                                std::string_view item_id) {
  std::string out{"dead."};
  out.append(scope).append(1, '.').append(token).append(1, '.');
  return out.append(item_id);
}

std::string dead_letters_pattern(std::string_view scope, std::string_view token) {
  return dead_letter_subject(scope, token.empty() ? "*" : token, "*");
}

result<std::string> task_key(std::string_view task_id, std::string_view item_id) {
  return sha256(task_id).map(
    [item_id](std::string digits) { return std::move(digits).append(1, '.').append(item_id); });
}

result<std::string> task_keys_pattern(std::string_view task_id) { return task_key(task_id, "*"); }

std::string unreadable_item_id(std::uint64_t queue_sequence) {
  return std::string{unreadable_prefix} + std::to_string(queue_sequence);
}

bool is_unreadable_item_id(std::string_view text) noexcept {
  if (!text.starts_with(unreadable_prefix)) {
    return false;
  }
  const auto digits = text.substr(unreadable_prefix.size());
  std::uint64_t sequence = 0;
  const auto* const end = digits.data() + digits.size();
  const auto [rest, status] = std::from_chars(digits.data(), end, sequence);
  return status == std::errc{} && rest == end && !digits.starts_with('0');
}

bool is_item_id(std::string_view text) noexcept {
  return agents::is_guid(text) || is_unreadable_item_id(text);
}

jetstream::api_request delete_message_request(std::string_view stream, std::uint64_t sequence,
                                              monotonic_time deadline) {
  // Without writing noise over it: what is taken out of a queue is no secret.
  return {std::string{"STREAM.MSG.DELETE."}.append(stream),
          json::write({{"seq", sequence}, {"no_erase", true}}), jetstream::repeatable::yes,
          deadline};
}

} // namespace nats_mcp::work
