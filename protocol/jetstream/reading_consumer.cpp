// SPDX-License-Identifier: MIT
#include "protocol/jetstream/reading_consumer.hpp"

#include "protocol/json/member.hpp"
#include "protocol/json/value.hpp"

#include <algorithm>
#include <chrono>

namespace nats_mcp::jetstream {

namespace {

/// A reader that died mid-way leaves its consumer behind for this long.
constexpr std::chrono::nanoseconds abandoned_after = std::chrono::seconds{5};

} // namespace

api_request create_request(const reading_consumer& consumer, monotonic_time deadline) {
  const json::value body{
    {"stream_name", consumer.stream},
    {"config",
     {{"name", consumer.name},
      {"deliver_policy", "by_start_sequence"},
      {"opt_start_seq", std::max<std::uint64_t>(consumer.start_sequence, 1)},
      {"ack_policy", "none"},
      {"filter_subject", consumer.filter_subject},
      {"replay_policy", "instant"},
      {"inactive_threshold", abandoned_after.count()},
      {"num_replicas", 1},
      {"mem_storage", true}}},
  };
  return {"CONSUMER.CREATE." + consumer.stream + "." + consumer.name + "."
            + consumer.filter_subject,
          json::write(body), repeatable::no, deadline};
}

api_request delete_request(const reading_consumer& consumer, monotonic_time deadline) {
  return {
    "CONSUMER.DELETE." + consumer.stream + "." + consumer.name, {}, repeatable::yes, deadline};
}

result<std::uint64_t> available_messages(std::string_view reply) {
  const auto info = json::parse(reply);
  if (!info) {
    return tl::make_unexpected(info.error());
  }
  const auto pending = json::unsigned_member(*info, "num_pending");
  if (!pending) {
    return fail(ec::malformed, "The NATS server's answer about a new consumer lacks num_pending.");
  }
  return *pending;
}

std::optional<wall_time> creation_time(std::string_view reply) {
  const auto info = json::parse(reply);
  const auto created = info ? parse_rfc3339(json::text_member(*info, "created"))
                            : result<wall_time>{fail(ec::malformed, {})};
  return created ? std::optional{*created} : std::nullopt;
}

} // namespace nats_mcp::jetstream
