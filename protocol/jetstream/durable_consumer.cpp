// SPDX-License-Identifier: MIT
#include "protocol/jetstream/durable_consumer.hpp"

#include "protocol/json/member.hpp"
#include "protocol/json/value.hpp"

#include <algorithm>

namespace nats_mcp::jetstream {

namespace {

std::string verb(std::string_view what, std::string_view stream, std::string_view consumer) {
  std::string out{what};
  return out.append(stream).append(1, '.').append(consumer);
}

} // namespace

api_request consumer_info_request(std::string_view stream, std::string_view consumer,
                                  monotonic_time deadline) {
  return {verb("CONSUMER.INFO.", stream, consumer), {}, repeatable::yes, deadline};
}

api_request create_consumer_request(const durable_consumer& wanted, monotonic_time deadline) {
  const json::value body{
    {"stream_name", wanted.stream},
    {"config",
     {{"name", wanted.name},
      {"durable_name", wanted.name},
      {"deliver_policy", "all"},
      {"ack_policy", "explicit"},
      {"ack_wait", wanted.ack_wait.count()},
      {"max_deliver", -1},
      {"filter_subject", wanted.filter_subject},
      {"replay_policy", "instant"},
      {"max_ack_pending", wanted.max_ack_pending},
      {"inactive_threshold", wanted.inactive_threshold.count()}}},
  };
  return {verb("CONSUMER.CREATE.", wanted.stream, wanted.name) + "." + wanted.filter_subject,
          json::write(body), repeatable::yes, deadline};
}

api_request delete_consumer_request(std::string_view stream, std::string_view consumer,
                                    monotonic_time deadline) {
  return {verb("CONSUMER.DELETE.", stream, consumer), {}, repeatable::yes, deadline};
}

result<consumer_state> parse_consumer_state(std::string_view body) {
  const auto info = json::parse(body);
  if (!info) {
    return tl::make_unexpected(info.error());
  }
  const auto pending = json::unsigned_member(*info, "num_pending");
  const auto unsettled = json::unsigned_member(*info, "num_ack_pending");
  const auto* delivered = json::find(*info, "delivered");
  const auto* config = json::find(*info, "config");
  if (!pending || !unsettled || delivered == nullptr || config == nullptr) {
    return fail(ec::malformed,
                "The NATS server described a consumer in a way that could not be read.");
  }
  const auto* floor = json::find(*info, "ack_floor");
  consumer_state out;
  out.pending = *pending;
  out.ack_pending = *unsettled;
  out.delivered_consumer_sequence = json::unsigned_member(*delivered, "consumer_seq").value_or(0);
  out.delivered_stream_sequence = json::unsigned_member(*delivered, "stream_seq").value_or(0);
  out.settled_stream_sequence =
    floor == nullptr ? 0 : json::unsigned_member(*floor, "stream_seq").value_or(0);
  out.ack_wait = std::chrono::nanoseconds{
    std::max<std::int64_t>(json::signed_member(*config, "ack_wait").value_or(0), 0)};
  return out;
}

} // namespace nats_mcp::jetstream
